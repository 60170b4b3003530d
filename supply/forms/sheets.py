"""A place counted on a phone, and the differences looked at by somebody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supply.forms.amounts import AmountField, units_of
from supply.models import CountLine, Item, Lot


@dataclass(frozen=True)
class Row:
    """A line with its fields, as a template shows them."""

    line: CountLine
    number: forms.BoundField
    unit: forms.BoundField


class BeginCountForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput)


class CountForm(forms.Form):
    """A number and a unit a line; cleans into `found`: key of a line → quantity, as typed. Empty: not yet."""

    def __init__(self, *args: Any, lines: Iterable[CountLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        in_lots = {line.item_id for line in self.lines if line.lot_id}
        for line in self.lines:
            line.among_lots = line.lot_id is None and line.item_id in in_lots  # type: ignore[attr-defined]
            units = [*units_of(line.item).items()]
            number = self.fields[f"number_{line.uuid}"] = AmountField(
                label=str(line), required=False, zero=True
            )
            unit = self.fields[f"unit_{line.uuid}"] = forms.ChoiceField(
                label=_("Unit of %(line)s") % {"line": line}, choices=units, required=False
            )
            unit.error_messages["invalid_choice"] = _("Choose a unit of this item.")
            number.widget.attrs["class"] = "form-control"
            unit.widget.attrs["class"] = "form-select"

    def rows(self) -> Iterable[Row]:
        for line in self.lines:
            yield Row(line, self[f"number_{line.uuid}"], self[f"unit_{line.uuid}"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.found: dict[int, tuple[Decimal, str]] = {}
        for line in self.lines:
            name = f"number_{line.uuid}"
            if cleaned.get(name) is None:
                continue
            try:
                self.found[line.pk] = self._amount(line, cleaned[name], cleaned.get(f"unit_{line.uuid}"))
            except forms.ValidationError as error:
                self.add_error(name, error)
        return cleaned

    def _amount(self, line: CountLine, number: Decimal, unit: str | None) -> tuple[Decimal, str]:
        pack = next((pack for pack in line.item.packs.all() if str(pack.uuid) == unit), None)
        return self.fields[f"number_{line.uuid}"].as_typed(number, line.item, pack)


class CountLineForm(forms.Form):
    """Cleans into `item` and `lot`. It stands in the form of the numbers, which are saved without it too."""

    line = forms.ChoiceField(
        label=_("Something else is there"),
        required=False,
        error_messages={"invalid_choice": _("Choose an item of the list.")},
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[Item, Lot | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of = {f"{item.uuid}.{lot.uuid}" if lot else str(item.uuid): (item, lot) for item, lot in choices}
        names = [(key, f"{item} {lot}" if lot else str(item)) for key, (item, lot) in self.of.items()]
        self.fields["line"].choices = [("", "—"), *names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        item, lot = self.of.get(cleaned.get("line", ""), (None, None))
        if item is None and not self.errors:
            self.add_error("line", self.fields["line"].error_messages["invalid_choice"])
        return {"item": item, "lot": lot}


class FinishForm(forms.Form):
    """A reason for each line that differs; cleans into `reasons`: key of a line → why."""

    def __init__(self, *args: Any, lines: Iterable[CountLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            if line.is_different:
                self.fields[f"reason_{line.uuid}"] = forms.CharField(
                    label=_("Reason for %(line)s") % {"line": line},
                    max_length=200,
                    required=False,
                    widget=forms.TextInput(attrs={"class": "form-control", "form": "finish"}),
                )

    def refuse(self, sentence: str, line: CountLine | None) -> None:
        """At the reason of the line that it is about, where one is asked."""
        name = f"reason_{line.uuid}" if line is not None else ""
        self.add_error(name if name in self.fields else None, sentence)

    def rows(self) -> Iterable[tuple[CountLine, forms.BoundField | None]]:
        for line in self.lines:
            yield line, self[f"reason_{line.uuid}"] if line.is_different else None

    @property
    def reasons(self) -> dict[int, str]:
        named = {line.pk: self.cleaned_data.get(f"reason_{line.uuid}", "") for line in self.lines}
        return {key: reason for key, reason in named.items() if reason}
