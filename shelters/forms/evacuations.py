"""A shelter that has to be left: why, and what becomes of those who are there and of its store."""

import uuid
from collections.abc import Container, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from core.forms import Keyed, KnownChoiceField
from core.quantities import plain
from shelters.forms.people import GoingForm, LeaveForm, people_field
from supply.enums import Reason, Unit
from supply.forms.amounts import AmountField
from supply.services import LotExpired, NotEnoughStock, PlaceIsShut, Refusal

if TYPE_CHECKING:
    from shelters.models import Evacuation, Stay
    from supply.models import Balance, Place

REST = "rest"
LOSSES = (Reason.TAKEN, Reason.LOST, Reason.SPOILED)


def _why(help_text: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Why"), max_length=200, help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Say why."), "max_length": _("Write at most 200 characters.")},
        **options,
    )  # fmt: skip


class EvacuationForm(forms.Form):
    """Everybody has to go, and nobody has to write first."""

    reason = _why(_("It may wait until all are out. No names of people, no addresses."), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class FinishForm(forms.Form):
    """Why, where nobody has said it yet."""

    reason = _why(_("No names of people, no addresses."))

    def __init__(self, *args: Any, evacuation: "Evacuation", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if evacuation.reason:
            del self.fields["reason"]


class StoreForm(forms.Form):
    """A choice and an amount for each line that lies there, and a choice for all lines left open; what is not
    chosen yet stays.

    The amount starts with what the page shows, and is what is booked: what came meanwhile stays too.

    `places`: where it may be moved. Those of `shut`, by their keys, are not offered; a form that names one is
    an answer still: it may be sent a second time, and else the service says why not.
    """

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        lines: Iterable["Balance"],
        places: Iterable["Place"],
        shut: Container[int] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, initial={"key": uuid.uuid4()}, **kwargs)
        self.lines = {f"line-{line.pk}": line for line in lines}
        self.places = {str(place.uuid): place for place in places}
        choices = [
            ("", _("still there")),
            *((reason.value, reason.label) for reason in LOSSES),
            *(
                (key, _("moved to %(place)s") % {"place": place.code})
                for key, place in self.places.items()
                if place.pk not in shut
            ),
        ]
        known = {*self.places, *(reason.value for reason in LOSSES)}
        labels: dict[str, Any] = {name: _label(line) for name, line in self.lines.items()}
        if len(labels) > 1:
            labels = {REST: _("All lines left open below")} | labels
        for name, label in labels.items():
            self.fields[name] = field = KnownChoiceField(
                label=label, choices=choices, required=False,
                error_messages={"invalid_choice": _("Choose one of the list.")},
            )  # fmt: skip
            field.known = known.__contains__
        for name, line in self.lines.items():
            unit = Unit(line.item.base_unit).label
            self.fields[_amount_of(name)] = AmountField(
                label=now("How much of it (%(unit)s)") % {"unit": unit}, required=False,
                initial=plain(line.quantity).replace(",", ""),
            )  # fmt: skip

    def rows(self) -> Iterable[tuple[forms.BoundField, forms.BoundField]]:
        """The choice and the amount of each line."""
        for name in self.lines:
            yield self[name], self[_amount_of(name)]

    def _chosen(self, name: str) -> str:
        """What becomes of the line; a line that came in since was on no page of this form."""
        rest = self.cleaned_data.get(REST) if name in self.data else ""
        return self.cleaned_data.get(name) or rest or ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, line in self.lines.items():
            amount = _amount_of(name)
            if not self._chosen(name) or amount in self.errors:
                continue
            field, number = self.fields[amount], cleaned[amount]
            if not number:
                self.add_error(amount, field.error_messages["required" if number is None else "min_value"])
                continue
            try:
                field.as_typed(number, line.item, None)
            except forms.ValidationError as error:
                self.add_error(amount, error)
        return cleaned

    def refuse(self, refusal: Refusal) -> None:
        """At the lines that go to the place or have the amount that it is about, else over the form."""
        if isinstance(refusal, NotEnoughStock):
            about = (refusal.item, refusal.lot)
            names = [name for name, line in self.lines.items() if (line.item, line.lot) == about]
            self.add_error(_amount_of(names[0]) if names else None, str(refusal))
            return
        if isinstance(refusal, LotExpired):
            self._refuse_expired(refusal)
            return
        place = getattr(refusal, "place", None)
        names = [
            name
            for name in (REST, *self.lines)
            if name in self.fields and self.cleaned_data.get(name) == str(place and place.uuid)
        ]
        for name in names if isinstance(refusal, PlaceIsShut) else [None]:
            self.add_error(name, str(refusal))

    def _refuse_expired(self, refusal: LotExpired) -> None:
        """At every line of a lot that ended by then: nobody asks for them one by one."""
        for name, line in self.lines.items():
            is_over = line.lot and line.lot.expires_on and line.lot.expires_on <= refusal.day
            if is_over and self._chosen(name) in self.places:
                self.add_error(name, str(refusal))

    @property
    def settled(self) -> list[tuple[Any, Any, Decimal, str, Any]]:
        """Item, lot, quantity, reason and place of each chosen line."""
        found = []
        for name, line in self.lines.items():
            if chosen := self._chosen(name):
                to = self.places.get(chosen)
                amount = self.cleaned_data[_amount_of(name)]
                found.append((line.item, line.lot, amount, "" if to else chosen, to))
        return found


class GoForm(GoingForm, Keyed):
    """As LeaveForm, for whom no stay ends: a shelter is named by its code alone."""

    to_code = forms.RegexField(
        r"^\s*[A-Za-z0-9-]{1,20}\s*$", label=_("Code of the shelter"), required=False, max_length=20,
        help_text=_("A code alone: no names of people, no addresses."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"invalid": _("Write a code: letters, digits and hyphens alone.")},
    )  # fmt: skip

    def clean_to_code(self) -> str:
        return self.cleaned_data["to_code"].strip().upper()

    @property
    def way(self) -> dict[str, Any]:
        """What happened, and the code of the shelter for who moves to one."""
        to = self.moves_to
        return {"outcome": self.cleaned_data["outcome"], "to_code": getattr(to, "code", to) or ""}


class CountedGoForm(GoForm):
    """So many of those who are not registered. `left`: how many there are still."""

    people = people_field(_("How many people"))
    field_order = ["people", "outcome", "to", "to_code"]

    def __init__(self, *args: Any, left: int, **kwargs: Any) -> None:
        super().__init__(*args, initial={"people": left}, **kwargs)

    def clean_people(self) -> int:
        if self.cleaned_data["people"] == 0:
            raise forms.ValidationError(_("Write a number above zero."))
        return self.cleaned_data["people"]

    @property
    def group(self) -> dict[str, Any]:
        """Arguments of `services.send_counted`."""
        return self.way | {name: self.cleaned_data[name] for name in ("people", "key")}


class SeveralForm(LeaveForm):
    """Those who go the same way. `stays`: of whom nobody has said yet where they go."""

    people = forms.MultipleChoiceField(
        label=_("Who"), widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose who goes."),
            "invalid_choice": _("One of them is not there any more. Choose again."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, stays: "Iterable[Stay]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stays = {str(stay.uuid): stay for stay in stays}
        self.fields["people"].choices = [(key, _who(stay)) for key, stay in self.stays.items()]
        del self.fields["note"]

    @property
    def departure(self) -> dict[str, Any]:
        """Arguments of `services.send_several_on`, without the evacuation and the moment."""
        cleaned = self.cleaned_data
        values = {name: cleaned[name] for name in ("outcome", "day", "key")}
        stays = [self.stays[key] for key in cleaned["people"]]
        return values | {"to": self.moves_to, "today": self.today, "note": "", "stays": stays}


def _who(stay: "Stay") -> str:
    """With what the people there must know: who is a child of whom, who cannot walk."""
    return " · ".join(filter(None, (stay.resident.code, stay.resident.needs)))


def _amount_of(name: str) -> str:
    return f"amount-{name}"


def _label(line: "Balance") -> str:
    item = f"{line.item} {line.lot}" if line.lot else str(line.item)
    return f"{item} · {Unit(line.item.base_unit).amount(line.quantity)}"
