"""A sheet of paper typed in: a row an item or lot, a column for each thing that happens to it."""

import uuid
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from shelters.enums import Entry
from shelters.forms.shelves import Line, Shelves
from supply import services
from supply.enums import WHOLE_UNITS, Unit
from supply.forms.amounts import AmountField

if TYPE_CHECKING:
    from supply.models import Item, Lot

COLUMNS = (Entry.RECEIVED, Entry.USED, Entry.LOST, Entry.COUNTED)
MOST_ITEMS = 100  # moved last; a request has a thousand fields at most
MOST_ROWS = 200


class Written(NamedTuple):
    """One cell with something in it; `quantity` in the base unit."""

    name: str
    kind: Entry
    item: "Item"
    lot: "Lot | None"
    quantity: Decimal
    typed: str


def items_of(shelves: Shelves) -> "list[Item]":
    """Those that were moved there last, in the order of the catalogue: on paper as on the screen."""
    return sorted(shelves.newest_items[:MOST_ITEMS], key=lambda item: (item.kind, item.code))


def rows_of(shelves: Shelves) -> list[Line]:
    """Each line of the store that holds something, and each item that ran out there."""
    rows: list[Line] = []
    for item in items_of(shelves):
        lines = [line for line in shelves.lines_of(item) if line.held]
        rows += lines or [Line(item, None, Decimal(0))]
    return rows[:MOST_ROWS]


def left_out(shelves: Shelves) -> list[str]:
    """The items that do not fit on it, whole or in part."""
    shown = rows_of(shelves)
    kept = {line.value for line in shown}
    missing = [
        item
        for item in shelves.newest_items
        if any(line.held and line.value not in kept for line in shelves.lines_of(item))
    ]
    return sorted(str(item) for item in missing)


def names_of_cells(shelves: Shelves) -> list[str]:
    """Of every cell that a sheet of this store may have or may have had."""
    known = (line for item in shelves.newest_items for line in shelves.lines_of(item, used_up=True))
    return [f"{kind}.{line.value}" for line in known for kind in COLUMNS]


class DaySheetForm(forms.Form):
    """Cleans into `written`. A field is called used.<item> or used.<item>.<lot>, by UUID."""

    occurred_on = forms.DateField(
        label=_("Day of the sheet"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-02-09."), "required": _("Choose the day.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, shelves: Shelves, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"occurred_on": today, "key": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        limits = {"min": services.first_open_day(today).isoformat(), "max": today.isoformat()}
        self.fields["occurred_on"].widget.attrs |= limits
        self.lines = self._sent(shelves) if self.is_bound else rows_of(shelves)
        for line in self.lines:
            for kind in COLUMNS:
                self.fields[f"{kind}.{line.value}"] = _cell(line, kind)

    def _sent(self, shelves: Shelves) -> list[Line]:
        """The rows that the page had when it was made, lots used up since included."""
        lines = [
            line for item in shelves.newest_items for line in shelves.lines_of(item, used_up=True)
        ]  # fmt: skip
        sent = [line for line in lines if any(f"{kind}.{line.value}" in self.data for kind in COLUMNS)]
        return sent[:MOST_ROWS]

    @property
    def rows(self) -> "Iterator[tuple[Line, list[forms.BoundField]]]":
        for line in self.lines:
            yield line, [self[f"{kind}.{line.value}"] for kind in COLUMNS]

    @property
    def bad_rows(self) -> list[str]:
        """The items in whose rows something is wrong."""
        return [str(line.item) for line, cells in self.rows if any(cell.errors for cell in cells)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.written = [
            Written(name, kind, line.item, line.lot, cleaned[name], _typed(line, cleaned[name]))
            for line in self.lines
            for kind in COLUMNS
            for name in [f"{kind}.{line.value}"]
            if _says_something(kind, cleaned.get(name))
        ]
        if not self.errors and not self.written:
            self.add_error(None, _("Nothing is written on this sheet. Fill in what happened."))
        return cleaned

    def refuse(self, refusals: dict[str, services.Refusal]) -> None:
        """The ledger's sentences, each at its cell; what is wrong with the day once, at the day."""
        for name, refusal in refusals.items():
            if isinstance(refusal, services.DayNotAllowed | services.MonthClosed):
                if "occurred_on" not in self.errors:
                    self.add_error("occurred_on", str(refusal))
            else:
                self.add_error(name, str(refusal))


def _says_something(kind: Entry, number: Decimal | None) -> bool:
    """Nothing used is nothing to book; nothing counted is a finding."""
    return number is not None and (number > 0 or kind == Entry.COUNTED)


def _typed(line: Line, number: Decimal) -> str:
    return Unit(line.item.base_unit).amount(number)


def _cell(line: Line, kind: Entry) -> AmountField:
    label = f"{line.item} {line.lot}" if line.lot else str(line.item)
    field = AmountField(
        label=f"{label}: {kind.label}",
        required=False,
        zero=True,
    )
    field.widget.attrs |= {"aria-label": f"{label}: {kind.label}", "class": "form-control"}
    field.in_whole_units = line.item.base_unit in WHOLE_UNITS
    return field
