import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import Keyed, NumberField, WholeNumberField
from core.meanwhile import ChangeForm
from supply import selectors
from supply.enums import RouteState
from supply.forms.consignments import PlaceChoice, day_field
from supply.models import Place


class MonthField(forms.CharField):
    """A month as "2026-02"; cleans into its first day."""

    default_error_messages = {
        "required": _("Choose the month."),
        "invalid": _("Write the month as 2026-02."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"type": "month"}), max_length=7, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m}" if isinstance(value, date) else value

    def to_python(self, value: Any) -> date | None:
        text = super().to_python(value)
        if not text:
            return None
        if not re.fullmatch(r"\d{4}-\d{2}", text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return date.fromisoformat(f"{text}-01")
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error

    def run_validators(self, value: Any) -> None:
        """A day has no length to be checked."""


class StatusForm(forms.Form):
    state = forms.ChoiceField(label=_("The route is now"), choices=RouteState, widget=forms.RadioSelect)
    since = day_field(_("Since"))
    cause = forms.CharField(
        label=_("What happened"),
        max_length=200,
        help_text=_("No names of people, no addresses."),
        error_messages={"required": _("Say what happened, in a few words without names or places.")},
    )


class TargetForm(ChangeForm):
    """Of a month that has one already, it changes that one."""

    compared = ("kilograms_a_month",)
    from_month = MonthField(label=_("From month"))
    kilograms_a_month = NumberField(
        label=_("kg a month"),
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=3,
        help_text=_("Rice or the equivalent; 0: nothing is planned from then on."),
        error_messages={"min_value": _("Write a number of zero or more.")},
    )

    def held(self, cleaned: dict[str, Any]) -> Any:
        record: Any = self.record
        return selectors.target_held(record.route, cleaned["from_month"])


class StandingPlanForm(Keyed):
    source = PlaceChoice(Place.objects.none(), label=pgettext_lazy("place", "From"), empty_label=None)
    day = WholeNumberField(
        label=_("Day of the month"), min_value=1, max_value=28,
        error_messages=dict.fromkeys(
            ("min_value", "max_value", "invalid"), _("Choose a day from 1 to 28: every month has those.")
        ),
    )  # fmt: skip
    from_month = MonthField(label=_("From month"))
    until_month = MonthField(label=_("Until month"), required=False)

    def __init__(self, *args: Any, sources: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("from_month"), cleaned.get("until_month")
        if first and last and last < first:
            self.add_error("until_month", _("The last month lies before the first."))
        return cleaned


class PlanEndForm(ChangeForm):
    compared = ("until_month",)
    until_month = MonthField(label=_("Last month"))
