"""What happened, in a hurry and on a phone: days and numbers are typed as exactly as they are known."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.dates import parse_precise
from core.enums import Qualifier
from core.money import CURRENCIES
from core.quantities import Quantity
from donations import selectors as donations
from shelters.enums import IncidentKind, IncidentStep, PeopleKind
from shelters.forms.fields import Keyed, RecordChoice, choice_field, day_field, sealed_words
from shelters.models import Shelter
from supply.forms.money import OfMoney

_NUMBER = r"\d{1,12}(?:\.\d{1,2})?"
_ABOUT = re.compile(rf"(?:[~〜]|about |約)\s*({_NUMBER})")
# As keyboards of phones write it too, and as it is written in East Asia: 2–4, 2~4.
_RANGE = re.compile(rf"({_NUMBER})\s*[-–—−~〜]\s*({_NUMBER})")
_EXACT = re.compile(_NUMBER)
# 1,500 is fifteen hundred; 1,5 is one and a half, as in every form of the field. 0,500 is no thousands.
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])")


class HowManyField(forms.CharField):
    """A number as exact as it is known: 3, ~3 (about three), 2-4. Empty: None."""

    default_error_messages = {
        "number": _("Write 3, ~3 for about three, or 2-4."),
        "whole": _("People are whole. Write 3, ~3 or 2-4."),
        "upside_down": _("Write the lower number first: 2-4."),
        "required": _("Say how much: 300, ~300 or 200-400."),
    }

    def __init__(self, *, whole: bool = False, **options: Any) -> None:
        attributes = {"inputmode": "text", "autocomplete": "off", "maxlength": 40}
        super().__init__(max_length=40, widget=forms.TextInput(attrs=attributes), **options)
        self.whole = whole

    def clean(self, value: Any) -> Quantity | None:
        text = unicodedata.normalize("NFKC", super().clean(value)).lower().strip()
        grouped = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), text)
        return self._quantity(grouped.replace(",", ".")) if text else None

    def _quantity(self, text: str) -> Quantity:
        if found := _RANGE.fullmatch(text):
            low, high = (self._number(part) for part in found.groups())
            if high <= low:
                self._refuse("upside_down")
            return Quantity(low, Qualifier.RANGE, high)
        if found := _ABOUT.fullmatch(text):
            return Quantity(self._number(found[1]), Qualifier.ABOUT)
        if _EXACT.fullmatch(text):
            return Quantity(self._number(text))
        return self._refuse("number")

    def _number(self, text: str) -> Decimal:
        number = Decimal(text)
        if self.whole and number != number.to_integral_value():
            self._refuse("whole")
        return number

    def _refuse(self, code: str) -> Any:
        raise ValidationError(self.error_messages[code], code=code)


class PreciseDayField(forms.CharField):
    """2012-02-09, 2012-02 or 2012 → (first day, precision). Empty: None."""

    def __init__(self, **options: Any) -> None:
        attributes = {"autocomplete": "off", "placeholder": "2026-02-09", "maxlength": 10}
        super().__init__(max_length=10, widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: Any) -> tuple[date, str] | None:
        text = unicodedata.normalize("NFKC", super().clean(value))
        if not text:
            return None
        try:
            return parse_precise(text)
        except ValueError as trouble:
            raise ValidationError(str(trouble)) from None


class IncidentForm(Keyed):
    """Cleans into the arguments of `services.record_incident`. `routes`: None for who sees none."""

    kind = forms.ChoiceField(
        label=_("What happened"),
        choices=IncidentKind,
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose what happened.")),
    )
    route = RecordChoice(label=_("Route"), empty_label=_("choose"))
    shelter = RecordChoice(label=_("Shelter"), empty_label=_("choose"))
    starts = PreciseDayField(
        label=_("When"),
        help_text=_("A day, a month or a year: 2026-02-09, 2026-02 or 2026."),
        error_messages={"required": _("Say when: 2026-02-09, 2026-02 or 2026.")},
    )
    ends = PreciseDayField(label=_("Until, if it lasted"), required=False)
    note = sealed_words(_("What happened to whom"))

    def __init__(
        self, *args: Any, shelters: QuerySet[Shelter], routes: QuerySet | None, today: date, **kwargs: Any
    ) -> None:
        chosen = {"starts": today.isoformat()} | kwargs.pop("initial", {})
        super().__init__(*args, initial=chosen, **kwargs)
        self.fields["shelter"].queryset = shelters
        if routes is None:
            del self.fields["route"]
            nearby = [] if self.initial.get("shelter") else list(shelters[:2])
            if len(nearby) == 1:
                self.initial["shelter"] = nearby[0].uuid
        else:
            self.fields["route"].queryset = routes
            self.fields["shelter"].required = False
            self.fields["shelter"].empty_label = _("no shelter")
        for kind in PeopleKind:
            self.fields[f"people_{kind}"] = HowManyField(
                label=capfirst(kind.label), required=False, whole=True
            )
        self.order_fields([name for name in self.fields if name != "note"])

    @property
    def people_fields(self) -> list[forms.BoundField]:
        return [self[f"people_{kind}"] for kind in PeopleKind]

    @property
    def incident(self) -> dict[str, Any]:
        struck = {kind.value: self.cleaned_data[f"people_{kind}"] for kind in PeopleKind}
        own = {name: value for name, value in self.cleaned_data.items() if not name.startswith("people_")}
        return own | {"people": {kind: number for kind, number in struck.items() if number is not None}}


def _why(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=_("Why it was wrong"), max_length=200, required=required,
        help_text=_("No names of people, no addresses."),
        error_messages={
            "required": _("Say why it was wrong, in a few words."),
            "max_length": _("Write at most 200 characters."),
        },
    )  # fmt: skip


class IncidentNoteForm(Keyed):
    """Cleans into the arguments of `services.add_incident_note`."""

    happened_on = day_field(_("Day"))
    step = choice_field(
        _("What"), [choice for choice in IncidentStep.choices if choice[0] != IncidentStep.RECORDED]
    )
    note = sealed_words(_("About persons"))


class IncidentPaymentForm(OfMoney, Keyed):
    """Cleans into the arguments of `services.add_incident_payment`."""

    amount = HowManyField(label=_("Amount"), help_text=_("300, ~300 for about 300, or 200-400."))
    currency = choice_field(_("Currency"), [(code, code) for code in CURRENCIES])
    payer = forms.CharField(
        label=_("Who paid"),
        required=False,
        max_length=100,
        help_text=_("By code or role, never a name."),
        error_messages={"max_length": _("Write at most 100 characters.")},
    )
    paid_from = RecordChoice(
        label=_("From which fund"), required=False, empty_label=_("none of our funds"),
        help_text=_(
            "Without a fund it is no expense of ours. If we paid and you do not know from which, choose the "
            "likeliest: the finance officer puts it right."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paid_from"].queryset = donations.funds()

    def clean_amount(self) -> Quantity:
        amount: Quantity = self.cleaned_data["amount"]
        if not amount.value:
            raise ValidationError(_("Write an amount above zero."))
        return amount


class PaymentMistakeForm(Keyed):
    """Cleans into the arguments of `services.take_back_incident_payment`."""

    reason = _why(required=True)


class NumberOfPeopleForm(forms.Form):
    """Arguments of `services.correct_incident_people`. `told`: kind → the number that holds now."""

    kind = choice_field(_("Who"), PeopleKind.choices)
    number = HowManyField(
        label=_("How many people"), whole=True, help_text=_("3, ~3 for about three, or 2-4; 0: nobody."),
        error_messages={"required": _("Say how many.")},
    )  # fmt: skip
    reason = _why(required=False)

    def __init__(self, *args: Any, told: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            (kind, f"{label}: {told[kind]}" if kind in told else label)
            for kind, label in self.fields["kind"].choices
        ]
        self.initial["kind"] = next(iter(told), None) if len(told) == 1 else None


class IncidentEffectForm(forms.Form):
    """Which change of state came of it. `states`: those that may be linked."""

    status = forms.ChoiceField(
        label=_("Change of state"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose one of the list.")),
    )

    def __init__(self, *args: Any, states: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.states = {str(state.uuid): state for state in states}
        self.fields["status"].choices = [
            (uuid, f"{state} · {date_format(state.since)}") for uuid, state in self.states.items()
        ]

    def clean_status(self) -> Any:
        return self.states[self.cleaned_data["status"]]
