"""The form of the field: one entry at a store, on a phone, in a hurry."""

import uuid
from collections.abc import Container, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import KnownChoiceField
from core.texts import listed, refuse_turning_marks
from core.widgets import LongSelect
from shelters.enums import Entry
from shelters.forms.fields import day_field, printed_lot_field
from shelters.forms.shelves import Line, Shelves, line_named
from supply import selectors as supply
from supply import services
from supply.enums import LOSS_REASONS, RECEIPT_REASONS, WHOLE_UNITS, PlaceKind, Reason, Unit
from supply.forms import AmountForm, AskedOnce, Doubt, doubts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from shelters.models import Shelter
    from supply.models import Consignment, Movement, Place

PRINTED = ("lot_code", "expires_on")  # asked of what was received
# One button for both, by their names: who has mouldy rice looks for "spoiled".
KINDS = [(kind.value, PlaceKind.LOST.label if kind == Entry.LOST else kind.label) for kind in Entry]
OUTGOING = (Entry.USED, Entry.HANDED_OUT, Entry.MOVED)


class LogForm(AskedOnce, AmountForm):
    """Cleans into the arguments of `services.log_supplies`.

    `ration`: the line at which a day's ration was offered; unless another one is chosen, it is taken of the
    lots that expire first.
    """

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose what happened.")),
    )
    line = KnownChoiceField(
        label=_("Item"),
        widget=LongSelect(attrs={"data-unit-owner": True}),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose an item of the list.")),
    )
    receipt_reason = forms.ChoiceField(
        label=_("Where from"),
        error_messages={"invalid_choice": _("Choose one of the list.")},
        required=False,
        widget=forms.RadioSelect,
        choices=[(reason.value, reason.label) for reason in RECEIPT_REASONS],
        initial=RECEIPT_REASONS[0],
    )
    lot_code = printed_lot_field(_("As printed on the pack. Empty: as chosen above."))
    expires_on = day_field(_("Use by"), required=False)
    loss_reason = forms.ChoiceField(
        label=_("How"),
        error_messages={"invalid_choice": _("Choose one of the list.")},
        required=False,
        widget=forms.RadioSelect,
        choices=[(reason.value, reason.label) for reason in LOSS_REASONS],
        initial=LOSS_REASONS[0],
    )
    destination = KnownChoiceField(
        label=_("Where to"),
        error_messages={"invalid_choice": _("Choose one of the list.")},
        required=False,
        widget=forms.RadioSelect,
    )
    occurred_on = day_field(_("Day"))
    ration = forms.Field(required=False, widget=forms.HiddenInput(attrs={"maxlength": 80}))
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        help_text=_("No names of people, no addresses."),
        validators=[refuse_turning_marks],
        error_messages={"max_length": _("Write at most 200 characters.")},
    )

    def __init__(
        self,
        *args: Any,
        place: "Place",
        by: User,
        today: date,
        others: "Sequence[Shelter]" = (),
        shut: Container[int] = (),
        **kwargs: Any,
    ) -> None:
        """`others`: the person's other shelters, to which goods may be moved.

        Those whose stores are in `shut`, by their keys, are not offered; a form that names one is an answer
        still: it may be sent a second time, and else the service says why not.
        """
        self.place, self.today = place, today
        self.others = {str(other.uuid): other for other in others}
        self.offered = {key: one for key, one in self.others.items() if one.store_id not in shut}
        super().__init__(*args, **kwargs)
        # What was sent names one line; all of them are looked up when they are shown.
        self.all_shelves = cache(lambda: Shelves(place, today))
        self.sent = line_named(place, str(self.data.get("line", ""))) if self.is_bound else None
        self.last = None if self.is_bound else supply.last_entry(place, by)
        self.initial = self._defaults(place) | self.initial
        self.fields["line"].choices = lambda: self.all_shelves().choices(used_up=self.is_bound)
        self.fields["line"].known = lambda _value: self.sent is not None
        self._set_destinations()
        self.set_units([self.sent.item] if self.sent else [], shown=lambda: self.all_shelves().items)
        # 1,500 pieces are fifteen hundred.
        self.fields["number"].in_whole_units = bool(self.sent) and self.sent.item.base_unit in WHOLE_UNITS
        if self.data.get("kind") == Entry.COUNTED:
            self.fields["number"].take_zero()
        limits = {"min": services.first_open_day(today).isoformat(), "max": today.isoformat()}
        self.fields["occurred_on"].widget.attrs |= limits

    def _set_destinations(self) -> None:
        self.fields["destination"].choices = [(key, other.code) for key, other in self.offered.items()]
        self.fields["destination"].known = self.others.__contains__
        if not (self.others if self.data.get("kind") == Entry.MOVED else self.offered):
            self.fields["kind"].choices = [choice for choice in KINDS if choice[0] != Entry.MOVED]

    def _defaults(self, place: "Place") -> dict[str, Any]:
        """As this person logged here the last time, or a use of the item that stands first."""
        chosen = {"kind": Entry.USED, "occurred_on": self.today, "key": uuid.uuid4()}
        last = self.last
        if last is None:
            return chosen
        shelves = self.all_shelves()
        item = next(item for item in shelves.items if item.pk == last.item_id)
        kind = _kind_of(last, place)
        # What goes out goes first to expire first; what comes in comes as the last time.
        first = shelves.first_out(item) if kind in OUTGOING else None
        line = first or Line(item, last.lot, Decimal(0))
        said = (
            one for one in item.packs.all() if any(last.typed.endswith(f"× {name}") for name in one.names)
        )
        pack = next(said, None)
        return chosen | {"kind": kind, "line": line.value, "unit": str((pack or item).uuid)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") != Entry.RECEIVED:
            # Typed before another kind was chosen: it does not show, so nobody could put it right.
            for name in PRINTED:
                self.errors.pop(name, None)
                cleaned.pop(name, None)
        if self.errors:
            return cleaned
        kind = Entry(cleaned["kind"])
        item, lot = self.sent
        quantity, typed = self.amount_of(item, zero=kind == Entry.COUNTED)
        self.entry = {
            "kind": kind,
            "reason": self._reason(kind, cleaned),
            "destination": self.others.get(cleaned["destination"]) if kind == Entry.MOVED else None,
            "item": item,
            "lot": lot,
            "quantity": quantity,
            "occurred_on": cleaned["occurred_on"],
            "today": self.today,
            "key": cleaned["key"],
            "typed": typed,
            "document": cleaned["note"],
            "first_out": kind == Entry.USED and cleaned.get("ration") == cleaned["line"],
            **{name: cleaned[name] for name in PRINTED if cleaned.get(name)},
        }
        if kind == Entry.MOVED and not cleaned["destination"]:
            self.add_error("destination", _("Choose the shelter to which it was moved."))
        return cleaned

    def has_doubts(self, address: "Callable[[Consignment], str]") -> bool:
        """Of a valid entry: whether something is asked first. `address`: where an arrival is told."""
        kind = self.entry["kind"]
        if kind == Entry.COUNTED:
            doubts = counted_among_lots(self.place, self.entry)
        else:
            doubts = doubts_of(self.place, self.entry, comes_in=kind == Entry.RECEIVED, address=address)
        if self.entry["first_out"]:
            doubts += used_already(self.place, self.entry)
        return self.asks(doubts, lambda _doubt: supply.is_key_known(self.entry["key"]))

    def _reason(self, kind: Entry, cleaned: dict[str, Any]) -> str:
        if kind == Entry.RECEIVED:
            return cleaned["receipt_reason"] or RECEIPT_REASONS[0]
        return cleaned["loss_reason"] or LOSS_REASONS[0]


def used_already(place: "Place", entry: dict[str, Any]) -> list[Doubt]:
    """Two who share a kitchen each tap the ration of one meal."""
    item, day = entry["item"], entry["occurred_on"]
    last, used = supply.last_use(place, item, day)
    if last is None or used < entry["quantity"]:
        return []
    sentence = now(
        "%(amount)s %(item)s were logged as used on %(day)s already, the last by %(who)s. If more was used, "
        "save again."
    ) % {
        "amount": Unit(item.base_unit).amount(used),
        "item": item,
        "day": date_format(day),
        "who": last.by.name,
    }
    return [Doubt("number", f"ration {item.pk} {day}", sentence)]


def counted_among_lots(place: "Place", entry: dict[str, Any]) -> list[Doubt]:
    """Who counts an item as a whole means its lots too."""
    item = entry["item"]
    if entry["lot"] is not None:
        return []
    amount = Unit(item.base_unit).amount
    lots = [f"{line.lot} {amount(line.quantity)}" for line in supply.lots_lying(place, item)]
    sentence = now(
        "%(item)s lies there in lots as well: %(lots)s. Count here only what has no lot, and each lot at its "
        "own line. If this is what has no lot, save again."
    ) % {"item": item, "lots": listed(lots)}
    return [Doubt("number", f"lots {item.pk}", sentence)] if lots else []


def _kind_of(movement: "Movement", place: "Place") -> Entry:
    if movement.destination_id == place.pk:
        return Entry.COUNTED if movement.source.kind == PlaceKind.COUNTED else Entry.RECEIVED
    if movement.reason == Reason.HANDED_OUT:
        return Entry.HANDED_OUT
    kinds = {PlaceKind.CONSUMED: Entry.USED, PlaceKind.LOST: Entry.LOST, PlaceKind.COUNTED: Entry.COUNTED}
    return kinds.get(PlaceKind(movement.destination.kind), Entry.MOVED)
