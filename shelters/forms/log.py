"""The form of the field: one entry at a store, on a phone, in a hurry."""

import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from shelters.enums import Entry
from supply import selectors as supply
from supply import services
from supply.enums import LOSS_REASONS, RECEIPT_REASONS, PlaceKind, Unit
from supply.forms import AmountForm

if TYPE_CHECKING:
    from supply.models import Item, Lot, Movement, Place


class LogForm(AmountForm):
    """Cleans into the arguments of `services.log_supplies`."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=Entry,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose what happened.")),
    )
    line = forms.ChoiceField(
        label=_("Item"),
        widget=forms.Select(attrs={"data-unit-owner": True}),
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
    loss_reason = forms.ChoiceField(
        label=_("How"),
        error_messages={"invalid_choice": _("Choose one of the list.")},
        required=False,
        widget=forms.RadioSelect,
        choices=[(reason.value, reason.label) for reason in LOSS_REASONS],
        initial=LOSS_REASONS[0],
    )
    occurred_on = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-02-09."), "required": _("Choose the day.")},
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        help_text=_("No names of people, no addresses."),
        error_messages={"max_length": _("Write at most 200 characters.")},
    )

    def __init__(self, *args: Any, place: "Place", by: User, today: date, **kwargs: Any) -> None:
        self.items = list(supply.items())
        self.lots = list(supply.lots_at(place))
        self.today = today
        last = supply.last_entry(place, by)
        kwargs.setdefault("initial", _defaults(last, self.items, today))
        super().__init__(*args, **kwargs)
        order = supply.last_used(place)
        self.items.sort(key=lambda item: order.get(item.pk, len(order)))
        held = supply.totals([place.pk], [item.pk for item in self.items])
        self.held = {item.pk: held.get((place.pk, item.pk), Decimal(0)) for item in self.items}
        self.fields["line"].choices = self._lines()
        self.set_units(self.items)
        limits = {"min": services.first_open_day(today).isoformat(), "max": today.isoformat()}
        self.fields["occurred_on"].widget.attrs |= limits

    def _lines(self) -> Iterable[tuple[str, str]]:
        """Each item, and each of its lots that is there. One that was used up stays a valid answer:
        the same form may be sent a second time."""
        for item in self.items:
            amount = Unit(item.base_unit).amount
            lots = [lot for lot in self.lots if lot.item_id == item.pk and (lot.held or self.is_bound)]
            loose = self.held[item.pk] - sum(lot.held for lot in lots)
            name = _("%(item)s, no lot") % {"item": item} if lots else item
            yield str(item.uuid), f"{name} · {amount(loose)}"
            for lot in lots:
                expiry = f" ({date_format(lot.expires_on)})" if lot.expires_on else ""
                yield f"{item.uuid}.{lot.uuid}", f"{item} {lot} · {amount(lot.held)}{expiry}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        kind = Entry(cleaned["kind"])
        item, lot = self._chosen(cleaned["line"])
        quantity, typed = self.amount_of(item, zero=kind == Entry.COUNTED)
        self.entry = {
            "kind": kind,
            "reason": self._reason(kind, cleaned),
            "item": item,
            "lot": lot,
            "quantity": quantity,
            "occurred_on": cleaned["occurred_on"],
            "today": self.today,
            "key": cleaned["key"],
            "typed": typed,
            "document": cleaned["note"],
        }
        return cleaned

    def _chosen(self, line: str) -> "tuple[Item, Lot | None]":
        item_uuid, _dot, lot_uuid = line.partition(".")
        item = next(item for item in self.items if str(item.uuid) == item_uuid)
        return item, next((lot for lot in self.lots if str(lot.uuid) == lot_uuid), None)

    def _reason(self, kind: Entry, cleaned: dict[str, Any]) -> str:
        if kind == Entry.RECEIVED:
            return cleaned["receipt_reason"] or RECEIPT_REASONS[0]
        return cleaned["loss_reason"] or LOSS_REASONS[0]


def _defaults(last: "Movement | None", items: "list[Item]", today: date) -> dict[str, Any]:
    """As this person logged here the last time, or a use of the item that stands first."""
    chosen = {"kind": Entry.USED, "occurred_on": today, "key": uuid.uuid4()}
    if last is None:
        return chosen
    item = next(item for item in items if item.pk == last.item_id)
    pack = next((pack for pack in item.packs.all() if last.typed.endswith(f"× {pack.name}")), None)
    line = f"{item.uuid}.{last.lot.uuid}" if last.lot else str(item.uuid)
    return chosen | {"kind": _kind_of(last), "line": line, "unit": str((pack or item).uuid)}


def _kind_of(movement: "Movement") -> Entry:
    kinds = {PlaceKind.CONSUMED: Entry.USED, PlaceKind.LOST: Entry.LOST, PlaceKind.COUNTED: Entry.COUNTED}
    if movement.source.kind == PlaceKind.COUNTED:
        return Entry.COUNTED
    return kinds.get(PlaceKind(movement.destination.kind), Entry.RECEIVED)
