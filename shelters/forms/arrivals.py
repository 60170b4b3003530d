"""What arrived of a consignment, confirmed at the shelter on a phone."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from core.forms import Keyed
from core.quantities import plain
from supply import services
from supply.forms.amounts import AmountField

if TYPE_CHECKING:
    from supply.models import ConsignmentLine


class ArrivalForm(Keyed):
    """An amount and a unit for each line, what is still under way as a start. Cleans into `amounts`."""

    on = forms.DateField(
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

    def __init__(self, *args: Any, lines: "Iterable[ConsignmentLine]", today: date, **kwargs: Any) -> None:
        super().__init__(*args, initial={"on": today}, **kwargs)
        self.lines = list(lines)
        limits = {"min": services.first_open_day(today).isoformat(), "max": today.isoformat()}
        self.fields["on"].widget.attrs |= limits
        for line in self.lines:
            self.fields[f"amount-{line.uuid}"] = AmountField(
                label=now("How much arrived"),
                required=False,
                zero=True,
                initial=plain(line.outstanding).replace(",", ""),
            )
            units = [(str(pack.uuid), str(pack)) for pack in line.item.packs.all()]
            self.fields[f"unit-{line.uuid}"] = forms.ChoiceField(
                label=now("Unit"),
                required=False,
                choices=[("", line.item.get_base_unit_display()), *units],
                error_messages={"invalid_choice": _("Choose a unit of this item.")},
            )

    def rows(self) -> Iterable[tuple["ConsignmentLine", Any, Any]]:
        for line in self.lines:
            yield line, self[f"amount-{line.uuid}"], self[f"unit-{line.uuid}"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.amounts = {}
        for line in self.lines:
            name, unit = f"amount-{line.uuid}", cleaned.get(f"unit-{line.uuid}")
            pack = next((pack for pack in line.item.packs.all() if str(pack.uuid) == unit), None)
            number = cleaned.get(name) or Decimal(0)
            try:
                self.amounts[line], _typed = self.fields[name].as_typed(number, line.item, pack)
            except forms.ValidationError as error:
                self.add_error(name, error)
        return cleaned

    def refuse(self, refusal: services.Refusal) -> None:
        """The sentence, at the line or the day that can put it right."""
        name = None
        if isinstance(refusal, services.MoreThanUnderWay):
            name = f"amount-{refusal.line.uuid}"
        elif refusal.about == "occurred_on":
            name = "on"
        self.add_error(name, str(refusal))
        if isinstance(refusal, services.KeyAlreadyUsed):
            self.renew_key()
