from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shelters.forms.fields import RecordChoice, day_field
from shelters.models import Shelter
from shelters.models.rations import MOST_GRAMS
from supply import selectors as supply
from supply.enums import Unit
from supply.forms.amounts import AmountField

if TYPE_CHECKING:
    from supply.models import Item

WEIGHED = (Unit.KILOGRAM, Unit.GRAM)


def weighed_items() -> "QuerySet[Item]":
    return supply.items().filter(base_unit__in=WEIGHED)


class RationForm(forms.Form):
    """Cleans into the arguments of `services.set_ration`."""

    item = RecordChoice(label=_("Item"), empty_label=None)
    shelter = RecordChoice(
        label=_("Shelter"), required=False, empty_label=_("every shelter without a ration of its own")
    )
    grams = AmountField(
        label=_("Grams a person and day"), max_value=MOST_GRAMS, max_digits=8, zero=True,
        help_text=_("0 ends the ration from that day on. One set for the same day is replaced."),
    )  # fmt: skip
    valid_from = day_field(_("From this day on"))

    def __init__(self, *args: Any, shelters: QuerySet[Shelter], today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"valid_from": today}, **kwargs)
        self.fields["item"].queryset = weighed_items()
        self.fields["shelter"].queryset = shelters
        self.fields["valid_from"].widget.attrs["min"] = today.isoformat()


class MonthForm(forms.Form):
    """Which month a page speaks of."""

    month = forms.DateField(
        label=_("Month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
        error_messages={"invalid": _("Write the month as 2026-02."), "required": _("Choose a month.")},
    )
