from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _


class MonthToClose(forms.TypedChoiceField):
    """Of the list, or closed already: a form that was sent twice gets the first answer again."""

    closed: Collection[date] = ()

    def valid_value(self, value: str) -> bool:
        return super().valid_value(value) or value in {month.isoformat() for month in self.closed}


class CloseMonthForm(forms.Form):
    """Cleans into `month` (its first day) and `reason`."""

    month = MonthToClose(
        label=_("Month"),
        coerce=date.fromisoformat,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose a month of the list: one that is over and open.")
        ),
    )
    reason = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, months: Iterable[date], closed: Collection[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].closed = closed
        self.fields["month"].choices = [
            (month.isoformat(), date_format(month, "YEAR_MONTH_FORMAT")) for month in months
        ]


class ReopenMonthForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("No names of people, no addresses."),
        error_messages={"required": _("Say why the month is opened again.")},
    )
