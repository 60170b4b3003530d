"""Forms about the sick and about what is handed out to them, for a phone."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.forms import WholeNumberField
from core.meanwhile import ChangeForm
from core.money import CURRENCIES, MOST
from shelters.enums import AllowanceMistake, AllowanceReason, MedicalKind, MedicalOutcome, Season
from shelters.forms.fields import NOT_CHOSEN, Keyed, RecordChoice, choice_field, day_field, sealed_words
from shelters.models import Resident, Shelter
from supply import selectors as supply
from supply.enums import ItemKind, Unit
from supply.forms.amounts import AmountField
from supply.forms.money import MoneyField, OfMoney

if TYPE_CHECKING:
    from supply.models import Balance


def _month(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        error_messages={"invalid": _("Write the month as 2026-02."), "required": _("Choose a month.")},
    )


def _whole(label: Any, most: int) -> WholeNumberField:
    return WholeNumberField(
        label=label,
        min_value=1,
        max_value=most,
        error_messages={
            "required": _("Say how many."),
            "invalid": _("Write a whole number."),
            "min_value": _("Write a number above zero."),
            "max_value": _("That is very much. Write a number up to %(limit_value)s."),
        },
    )


def _not_zero(amount: Decimal, sentence: Any) -> Decimal:
    if amount == 0:
        raise forms.ValidationError(sentence)
    return amount


class OfResident(Keyed):
    resident = RecordChoice(label=_("Resident"), empty_label=_("choose"))

    def __init__(self, *args: Any, residents: QuerySet[Resident], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resident"].queryset = residents


class MedicalCaseForm(OfResident):
    """Cleans into the arguments of `services.open_medical_case`."""

    kind = choice_field(_("Kind"), MedicalKind.choices)
    opened_on = day_field(_("Since"))
    condition = sealed_words(_("Condition"), required=True)
    treatment = sealed_words(_("Treatment"))


class TreatmentForm(ChangeForm):
    compared = ("treatment",)
    treatment = sealed_words(_("Treatment"), required=True)


class CloseCaseForm(forms.Form):
    closed_on = day_field(_("Day"))
    outcome = choice_field(_("Outcome"), MedicalOutcome.choices)


class MedicalCostForm(OfMoney, Keyed):
    """Cleans into the arguments of `services.add_medical_cost`."""

    month = _month(_("Month"))
    amount = MoneyField(
        label=_("Amount"), min_value=-MOST, help_text=_("With a minus it takes back a mistake.")
    )
    currency = choice_field(_("Currency"), [(code, code) for code in CURRENCIES])

    def clean_amount(self) -> Decimal:
        return _not_zero(self.cleaned_data["amount"], _("Write another amount than zero."))


class AllowanceForm(OfMoney, OfResident):
    """Cleans into the arguments of `services.grant_allowance`."""

    amount = MoneyField(label=_("Amount a month"))
    currency = choice_field(_("Currency"), [(code, code) for code in CURRENCIES])
    months = _whole(_("For how many months"), 60)
    from_month = _month(_("From month"))
    reason = choice_field(_("Reason"), AllowanceReason.choices)

    def clean_amount(self) -> Decimal:
        return _not_zero(self.cleaned_data["amount"], _("Write an amount above zero."))


class AllowanceMistakeForm(Keyed):
    """Why an allowance or a medical cost is taken back."""

    reason = choice_field(_("Why it is taken back"), AllowanceMistake.choices)


class HandOutForm(Keyed):
    """What is handed out of a store. `entry`: arguments of the ledger."""

    kinds: tuple[ItemKind, ...] = (ItemKind.MEDICINE, ItemKind.KIT, ItemKind.HYGIENE)
    line = choice_field(_("Item"), [])
    number = AmountField(label=_("How much"), help_text=_("In the unit that stands beside the item."))
    occurred_on = day_field(_("Day"))

    def __init__(self, *args: Any, shelter: Shelter, today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"occurred_on": today}, **kwargs)
        self.today = today
        # Sent a second time, the last of a line is gone from the store: it stays a valid answer.
        held = supply.lines_at(shelter.store) if self.is_bound else supply.stock_of(shelter.store)
        lines = held.filter(item__kind__in=self.kinds)
        self.lines = {f"{line.item.uuid}.{line.lot.uuid if line.lot else ''}": line for line in lines}
        self.fields["line"].choices = [
            NOT_CHOSEN,
            *((value, _said(line)) for value, line in self.lines.items()),
        ]

    @property
    def entry(self) -> dict[str, Any]:
        line, cleaned = self.lines[self.cleaned_data["line"]], self.cleaned_data
        quantity = cleaned["number"]
        return {
            "item": line.item,
            "lot": line.lot,
            "quantity": quantity,
            "occurred_on": cleaned["occurred_on"],
            "today": self.today,
            "key": cleaned["key"],
            "typed": Unit(line.item.base_unit).amount(quantity),
        }


class ClothingForm(HandOutForm):
    """Cleans into the arguments of `services.give_clothing`."""

    kinds = (ItemKind.CLOTHING,)
    number = AmountField(
        label=_("Sets"),
        decimal_places=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 9}),
    )
    field_order = ("line", "number", "people", "season", "occurred_on")

    people = _whole(_("For how many people"), 10_000)
    season = choice_field(_("Season"), Season.choices)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, today=today, **kwargs)
        self.initial["season"] = Season.of(today)


def _said(line: "Balance") -> str:
    """What there is of it stands early: a phone cuts the end off."""
    said = [str(line.item), Unit(line.item.base_unit).amount(line.quantity)]
    if line.lot:
        expires = line.lot.expires_on
        said.append(f"{line.lot} ({date_format(expires, 'SHORT_DATE_FORMAT')})" if expires else str(line.lot))
    return " · ".join(said)
