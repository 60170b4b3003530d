"""The form of the field: one entry at a store, on a phone, in a hurry."""

import uuid
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.quantities import plain
from core.texts import refuse_turning_marks
from core.widgets import LongSelect
from shelters.enums import Entry
from shelters.forms.amounts import MOST, AmountField
from shelters.forms.shelves import Line, Shelves
from supply import selectors as supply
from supply import services
from supply.enums import LOSS_REASONS, RECEIPT_REASONS, WHOLE_UNITS, PlaceKind, Reason, Unit

if TYPE_CHECKING:
    from shelters.models import Shelter
    from supply.models import Item, Movement, Pack, Place

OUTGOING = (Entry.USED, Entry.HANDED_OUT, Entry.MOVED)


class UnitSelect(LongSelect):
    """Each unit says to which item it belongs; `unit-of-item.js` shows those of the chosen item alone."""

    owners: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-item"] = self.owners.get(str(value), "")
        return option


class KnownChoiceField(forms.ChoiceField):
    """Hundreds of choices, put into words when they are shown. `known`: whether a value is one of them."""

    known: Callable[[str], bool]

    def valid_value(self, value: str) -> bool:
        return self.known(value)


class LogForm(forms.Form):
    """Cleans into the arguments of `services.log_supplies`."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=Entry,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose what happened.")),
    )
    line = KnownChoiceField(
        label=_("Item"),
        widget=LongSelect(attrs={"data-unit-owner": True}),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose an item of the list.")),
    )
    number = AmountField(
        label=_("How much"),
        min_value=0,
        max_value=MOST,
        decimal_places=3,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 12}),
    )
    unit = KnownChoiceField(
        label=_("Unit"),
        widget=UnitSelect(attrs={"data-units": True}),
        error_messages={"invalid_choice": _("Choose a unit of this item."), "required": _("Choose a unit.")},
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
    destination = forms.ChoiceField(
        label=_("Where to"),
        error_messages={"invalid_choice": _("Choose one of the list.")},
        required=False,
        widget=forms.RadioSelect,
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
        validators=[refuse_turning_marks],
        error_messages={"max_length": _("Write at most 200 characters.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        place: "Place",
        by: User,
        today: date,
        others: "Sequence[Shelter]" = (),
        **kwargs: Any,
    ) -> None:
        """`others`: the person's other shelters, to which goods may be moved."""
        self.shelves, self.today = Shelves(place, today), today
        self.others = {str(other.uuid): other for other in others}
        self.last = supply.last_entry(place, by)
        kwargs.setdefault("initial", self._defaults(place))
        super().__init__(*args, **kwargs)
        self.fields["line"].choices = partial(self.shelves.choices, used_up=self.is_bound)
        self.fields["line"].known = lambda value: self.shelves.chosen(value) is not None
        self._set_destinations()
        self._set_units()
        self._set_reading()
        limits = {"min": services.first_open_day(today).isoformat(), "max": today.isoformat()}
        self.fields["occurred_on"].widget.attrs |= limits

    def _set_destinations(self) -> None:
        self.fields["destination"].choices = [(key, other.code) for key, other in self.others.items()]
        if not self.others:
            self.fields["kind"].choices = [choice for choice in Entry.choices if choice[0] != Entry.MOVED]

    def _set_units(self) -> None:
        """The base unit goes by the item's UUID, a pack by its own; grouped by item where no script runs."""
        field = self.fields["unit"]
        field.choices = self._units
        field.widget.owners = {
            value: str(item.uuid)
            for item in self.shelves.items
            for value in (str(item.uuid), *dict(_packs(item)))
        }
        field.known = field.widget.owners.__contains__

    def _units(self) -> list[tuple[str, list[tuple[str, str]]]]:
        return [
            (str(item), [(str(item.uuid), item.get_base_unit_display()), *_packs(item)])
            for item in self.shelves.items
        ]

    def _set_reading(self) -> None:
        """1,500 pieces are fifteen hundred."""
        line = self.shelves.chosen(self.data.get("line", "")) if self.is_bound else None
        self.fields["number"].in_whole_units = line is not None and line.item.base_unit in WHOLE_UNITS

    def _defaults(self, place: "Place") -> dict[str, Any]:
        """As this person logged here the last time, or a use of the item that stands first."""
        chosen = {"kind": Entry.USED, "occurred_on": self.today, "key": uuid.uuid4()}
        last = self.last
        if last is None:
            return chosen
        item = next(item for item in self.shelves.items if item.pk == last.item_id)
        kind = _kind_of(last, place)
        # What goes out goes first to expire first; what comes in comes as the last time.
        first = self.shelves.first_out(item) if kind in OUTGOING else None
        line = first or Line(item, last.lot, Decimal(0))
        pack = next((pack for pack in item.packs.all() if last.typed.endswith(f"× {pack.name}")), None)
        return chosen | {"kind": kind, "line": line.value, "unit": str((pack or item).uuid)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        kind, number = Entry(cleaned["kind"]), cleaned["number"]
        line = self.shelves.chosen(cleaned["line"])
        item = line.item
        pack = self._pack(item, cleaned["unit"])
        quantity = number * (pack.quantity if pack else 1)
        typed = f"{plain(number)} × {pack.name}" if pack else Unit(item.base_unit).amount(number)
        self.entry = {
            "kind": kind,
            "reason": self._reason(kind, cleaned),
            "destination": self.others.get(cleaned["destination"]) if kind == Entry.MOVED else None,
            "item": item,
            "lot": line.lot,
            "quantity": quantity,
            "occurred_on": cleaned["occurred_on"],
            "today": self.today,
            "key": cleaned["key"],
            "typed": typed,
            "document": cleaned["note"],
        }
        self._check(item, kind, quantity)
        if kind == Entry.MOVED and not cleaned["destination"]:
            self.add_error("destination", _("Choose the shelter to which it was moved."))
        return cleaned

    def _pack(self, item: "Item", unit: str) -> "Pack | None":
        if unit == str(item.uuid):
            return None
        pack = next((pack for pack in item.packs.all() if str(pack.uuid) == unit), None)
        if pack is None:
            self.add_error("unit", self.fields["unit"].error_messages["invalid_choice"])
        return pack

    def _check(self, item: "Item", kind: Entry, quantity: Decimal) -> None:
        messages = self.fields["number"].error_messages
        if quantity == 0 and kind != Entry.COUNTED:
            self.add_error("number", messages["min_value"])
        if quantity != quantity.quantize(Decimal("0.001")):
            self.add_error("number", messages["max_decimal_places"])
        elif item.base_unit in WHOLE_UNITS and quantity != quantity.to_integral_value():
            self.add_error("number", str(services.WholeUnitsOnly(item)))

    def _reason(self, kind: Entry, cleaned: dict[str, Any]) -> str:
        if kind == Entry.RECEIVED:
            return cleaned["receipt_reason"] or RECEIPT_REASONS[0]
        return cleaned["loss_reason"] or LOSS_REASONS[0]

    def refuse(self, refusal: services.Refusal) -> None:
        """The ledger's sentence, at the field that can put it right."""
        self.add_error(_FIELD_OF.get(type(refusal)), str(refusal))
        if isinstance(refusal, services.KeyAlreadyUsed):
            self.renew_key()

    def renew_key(self) -> None:
        """From here on it is another form: sent again, it books."""
        self.data = self.data.copy()
        self.data["key"] = str(uuid.uuid4())


_FIELD_OF: dict[type[services.Refusal], str] = {
    services.NotEnoughStock: "number",
    services.NotAnAmount: "number",
    services.WholeUnitsOnly: "number",
    services.NotCoveredOnDay: "occurred_on",
    services.DayNotAllowed: "occurred_on",
    services.LotOfAnotherItem: "line",
    services.LotExpired: "line",
}


def _packs(item: "Item") -> list[tuple[str, str]]:
    return [(str(pack.uuid), pack.name) for pack in item.packs.all()]


def _kind_of(movement: "Movement", place: "Place") -> Entry:
    if movement.destination_id == place.pk:
        return Entry.COUNTED if movement.source.kind == PlaceKind.COUNTED else Entry.RECEIVED
    if movement.reason == Reason.HANDED_OUT:
        return Entry.HANDED_OUT
    kinds = {PlaceKind.CONSUMED: Entry.USED, PlaceKind.LOST: Entry.LOST, PlaceKind.COUNTED: Entry.COUNTED}
    return kinds.get(PlaceKind(movement.destination.kind), Entry.MOVED)
