"""The form of the field: one entry at a store, on a phone, in a hurry."""

import unicodedata
import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.quantities import plain
from shelters.enums import Entry
from supply import selectors as supply
from supply import services
from supply.enums import LOSS_REASONS, RECEIPT_REASONS, WHOLE_UNITS, PlaceKind, Unit

if TYPE_CHECKING:
    from supply.models import Item, Lot, Movement, Pack, Place


MOST = 1_000_000  # one entry; more is a slip of the thumb


class AmountField(forms.DecimalField):
    """Digits as any keyboard gives them: full-width ones of a Japanese keyboard too."""

    default_error_messages = {
        "required": _("Say how much."),
        "invalid": _("Write a number such as 3 or 2.5."),
        "min_value": _("Write a number above zero."),
        "max_value": _("That is very much. Write a number up to %(limit_value)s."),
        "max_digits": _("That is very much. Write a number up to 1000000."),
        "max_whole_digits": _("That is very much. Write a number up to 1000000."),
        "max_decimal_places": _("Write at most three digits after the point."),
    }

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value[:50]).replace(" ", "")
        return super().to_python(value)


class UnitSelect(forms.Select):
    """Each unit says to which item it belongs; `unit-of-item.js` shows those of the chosen item alone."""

    owners: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-item"] = self.owners.get(str(value), "")
        return option


class LogForm(forms.Form):
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
    number = AmountField(
        label=_("How much"),
        min_value=0,
        max_value=MOST,
        decimal_places=3,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 12}),
    )
    unit = forms.ChoiceField(
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
    key = forms.UUIDField(widget=forms.HiddenInput)

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
        self._set_units()
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

    def _set_units(self) -> None:
        """The base unit goes by the item's UUID, a pack by its own; grouped by item where no script runs."""
        field = self.fields["unit"]
        field.choices = [
            (str(item), [(str(item.uuid), item.get_base_unit_display()), *_packs(item)])
            for item in self.items
        ]
        field.widget.owners = {
            value: str(item.uuid) for item in self.items for value in (str(item.uuid), *dict(_packs(item)))
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        kind, number = Entry(cleaned["kind"]), cleaned["number"]
        item, lot = self._chosen(cleaned["line"])
        pack = self._pack(item, cleaned["unit"])
        quantity = number * (pack.quantity if pack else 1)
        typed = f"{plain(number)} × {pack.name}" if pack else Unit(item.base_unit).amount(number)
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
        self._check(item, kind, quantity)
        return cleaned

    def _chosen(self, line: str) -> "tuple[Item, Lot | None]":
        item_uuid, _dot, lot_uuid = line.partition(".")
        item = next(item for item in self.items if str(item.uuid) == item_uuid)
        return item, next((lot for lot in self.lots if str(lot.uuid) == lot_uuid), None)

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
    services.MonthClosed: "occurred_on",
    services.LotOfAnotherItem: "line",
}


def _packs(item: "Item") -> list[tuple[str, str]]:
    return [(str(pack.uuid), pack.name) for pack in item.packs.all()]


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
