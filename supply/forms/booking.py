"""The form of the office: one line at one of our places, from a waybill or a list."""

import uuid
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from supply import selectors
from supply.enums import LOSS_REASONS, RECEIPT_REASONS, Booking, Reason, Unit
from supply.forms.amounts import AmountForm
from supply.forms.doubts import Address, AskedOnce, doubts_of
from supply.models import Item, Lot, Movement, Place

# What each kind asks beside item, amount, day and document.
OWN_FIELDS = {
    Booking.RECEIVED: ("receipt_reason", "giver", "lot_code", "expires_on"),
    Booking.HANDED_OUT: ("recipient",),
    Booking.MOVED: ("destination",),
    Booking.USED: (),
    Booking.LOST: ("loss_reason",),
}
_OF_THE_LIST = gettext_lazy("Choose one of the list.")


def _reasons(label: Any, reasons: tuple[Reason, ...]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=[(reason.value, reason.label) for reason in reasons],
        initial=reasons[0],
        error_messages=dict.fromkeys(("required", "invalid_choice"), _OF_THE_LIST),
    )


def _record(label: Any, *, required: bool = True, **options: Any) -> forms.ModelChoiceField:
    messages = dict.fromkeys(("required", "invalid_choice"), _OF_THE_LIST)
    return forms.ModelChoiceField(
        label=label, queryset=Place.objects.none(), to_field_name="uuid", required=required,
        error_messages=messages, **options,
    )  # fmt: skip


def _day(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": gettext_lazy("Write the day as 2026-02-09."),
            "required": gettext_lazy("Choose the day."),
        },
        **options,
    )


class BookingForm(AskedOnce, AmountForm):
    """Cleans into `entry`, the arguments of `services.book_entry`."""

    line = forms.ChoiceField(
        label=gettext_lazy("Item"),
        widget=forms.Select(attrs={"data-unit-owner": True}),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose an item of the list.")
        ),
    )
    receipt_reason = _reasons(gettext_lazy("Where from"), RECEIPT_REASONS)
    giver = _record(gettext_lazy("Giver or seller"), required=False, empty_label=gettext_lazy("not named"))
    lot_code = forms.CharField(
        label=gettext_lazy("Lot"), required=False, max_length=40, help_text=gettext_lazy("As on the label.")
    )
    expires_on = _day(gettext_lazy("Expires"), required=False)
    recipient = _record(gettext_lazy("Recipient"))
    destination = _record(pgettext_lazy("place", "To"))
    loss_reason = _reasons(gettext_lazy("How"), LOSS_REASONS)
    occurred_on = _day(gettext_lazy("Day"))
    document = forms.CharField(
        label=gettext_lazy("Document"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Number of a waybill or a slip. No names of people, no addresses."),
    )

    def __init__(
        self,
        *args: Any,
        kind: Booking,
        place: Place,
        by: User,
        first_day: date,
        today: date,
        after: Movement | None = None,
        **kwargs: Any,
    ) -> None:
        self.kind, self.place, self.today = kind, place, today
        kwargs["initial"] = {"key": uuid.uuid4(), "occurred_on": today} | _as_before(after)
        super().__init__(*args, **kwargs)
        for name in {name for names in OWN_FIELDS.values() for name in names} - {*OWN_FIELDS[kind]}:
            del self.fields[name]
        self._set_records(by)
        self.items = list(selectors.items())
        self.lots = [] if kind == Booking.RECEIVED else list(selectors.lots_at(place))
        held = selectors.totals([place.pk], [item.pk for item in self.items])
        self.held = {item: quantity for (_place, item), quantity in held.items()}
        self.fields["line"].choices = [("", "—"), *self._lines()]
        self.set_units(self.items)
        limits = {"min": first_day.isoformat(), "max": today.isoformat()}
        self.fields["occurred_on"].widget.attrs |= limits

    def _set_records(self, by: User) -> None:
        if "giver" in self.fields:
            self.fields["giver"].queryset = selectors.givers()
            self.fields["giver"].label_from_instance = _by_code_and_name
        if "recipient" in self.fields:
            self.fields["recipient"].queryset = selectors.recipients().select_related("place")
        if "destination" in self.fields:
            field = self.fields["destination"]
            field.queryset = places = selectors.own_places(by).exclude(pk=self.place.pk)
            # A form that names one that is shut is an answer still: it may be sent a second time.
            shut = selectors.shut_stores(places)
            open_ = [(str(one.uuid), _by_code_and_name(one)) for one in places if one.pk not in shut]
            field.choices = [("", field.empty_label), *open_]

    def _lines(self) -> Iterable[tuple[str, str]]:
        """What came in may be any item; what leaves is there, first to expire first. One that was used up
        stays a valid answer: the same form may be sent a second time."""
        comes_in = self.kind == Booking.RECEIVED
        for item in self.items:
            held, amount = self.held.get(item.pk, Decimal(0)), Unit(item.base_unit).amount
            lots = [lot for lot in self.lots if lot.item_id == item.pk and (lot.held or self.is_bound)]
            loose = held - sum(lot.held for lot in lots)
            for lot in lots:
                yield f"{item.uuid}.{lot.uuid}", _of_lot(item, lot, amount(lot.held))
            if comes_in or loose or self.is_bound:
                name = _("%(item)s, no lot") % {"item": item} if lots else item
                yield str(item.uuid), f"{name} · {amount(loose)}"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        item_uuid, _dot, lot_uuid = cleaned["line"].partition(".")
        item = next(item for item in self.items if str(item.uuid) == item_uuid)
        quantity, typed = self.amount_of(item)
        own = {name: cleaned[name] for name in OWN_FIELDS[self.kind] if not name.endswith("_reason")}
        reason = cleaned.get("receipt_reason") or cleaned.get("loss_reason") or ""
        lot = next((lot for lot in self.lots if str(lot.uuid) == lot_uuid), None)
        self.entry = {
            "kind": self.kind, "reason": reason, "item": item, "quantity": quantity, "typed": typed,
            "occurred_on": cleaned["occurred_on"], "today": self.today, "key": cleaned["key"],
            "document": cleaned["document"], **({"lot": lot} if lot else {}), **own,
        }  # fmt: skip
        return cleaned

    def has_doubts(self, address: Address) -> bool:
        """Of a valid entry: whether something is asked first. `address`: where an arrival is told."""
        doubts = doubts_of(self.place, self.entry, comes_in=self.kind == Booking.RECEIVED, address=address)
        return self.asks(doubts, lambda _doubt: selectors.is_key_known(self.entry["key"]))


def _of_lot(item: Item, lot: Lot, amount: str) -> str:
    expiry = _("expires %(day)s") % {"day": date_format(lot.expires_on)} if lot.expires_on else ""
    return " · ".join(part for part in (f"{item} {lot}", amount, expiry) if part)


def _by_code_and_name(place: Place) -> str:
    if place.name == place.code:
        return place.code
    is_ours = place.code == place.kind.upper()  # made at first need: its name is in the language of that day
    return f"{place.code} · {place.get_kind_display() if is_ours else place.name}"


def _as_before(movement: Movement | None) -> dict[str, Any]:
    """The next line of the same waybill: day, document and counterpart stay."""
    if movement is None:
        return {}
    recipient = getattr(movement.destination, "recipient", None)
    return {
        "occurred_on": movement.occurred_on, "document": movement.document, "receipt_reason": movement.reason,
        "loss_reason": movement.reason, "giver": movement.source.uuid,
        "destination": movement.destination.uuid, "recipient": recipient and recipient.uuid,
    }  # fmt: skip
