"""A sheet of paper typed in: a row an item or lot, a column for each thing that happens to it.

At its end stand rows without an item: for a lot that came in, or an item that was never there.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.forms import KnownChoiceField
from core.texts import listed
from core.widgets import LongSelect
from shelters.enums import Entry
from shelters.forms.fields import day_field, printed_lot_field
from shelters.forms.shelves import Line, Shelves
from supply import selectors as supply
from supply import services
from supply.enums import WHOLE_UNITS, Unit
from supply.forms import AskedOnce, Doubt, counted_since, on_its_way, without_a_day
from supply.forms.amounts import AmountField

if TYPE_CHECKING:
    from supply.models import Consignment, Item, Lot, Place

COLUMNS = (Entry.RECEIVED, Entry.USED, Entry.LOST, Entry.COUNTED)
MOST_ITEMS = 100  # moved last; a request has a thousand fields at most
MOST_ROWS = 200
NEW_ROWS = ("new1", "new2", "new3")
NOT_CHOSEN = ("", "—")


class Written(NamedTuple):
    """One cell with something in it; `quantity` in the base unit."""

    name: str
    kind: Entry
    item: "Item"
    lot: "Lot | None"
    quantity: Decimal
    typed: str
    lot_code: str = ""
    expires_on: date | None = None


class NewRow(NamedTuple):
    item: forms.BoundField
    lot_code: forms.BoundField
    expires_on: forms.BoundField
    cells: list[forms.BoundField]


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
    rows = [*(line.value for line in known), *NEW_ROWS]
    return [f"{kind}.{row}" for row in rows for kind in COLUMNS]


class DaySheetForm(AskedOnce):
    """Cleans into `written`. A field is called used.<item>, used.<item>.<lot> (by UUID) or used.<new row>."""

    occurred_on = day_field(_("Day of the sheet"))
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, shelves: Shelves, today: date, **kwargs: Any) -> None:
        self.today = today
        kwargs.setdefault("initial", {"occurred_on": today, "key": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        limits = {"min": services.first_open_day(today).isoformat(), "max": today.isoformat()}
        self.fields["occurred_on"].widget.attrs |= limits
        self.lines = self._sent(shelves) if self.is_bound else rows_of(shelves)
        for line in self.lines:
            for kind in COLUMNS:
                self.fields[f"{kind}.{line.value}"] = _cell(line.item, kind, _words(line.item, line.lot))
        self.items = {str(item.uuid): item for item in shelves.items}
        for row in NEW_ROWS:
            self._add_new(row)

    def _add_new(self, row: str) -> None:
        chosen = self.items.get(self.data.get(f"item.{row}", ""))
        self.fields[f"item.{row}"] = item = KnownChoiceField(
            label=_("Item"),
            required=False,
            widget=LongSelect,
            error_messages={"invalid_choice": _("Choose an item of the list.")},
        )
        item.choices = lambda: [NOT_CHOSEN, *((key, _with_unit(one)) for key, one in self.items.items())]
        item.known = self.items.__contains__
        self.fields[f"lot_code.{row}"] = printed_lot_field()
        self.fields[f"expires_on.{row}"] = day_field(_("Use by"), required=False)
        for kind in COLUMNS:
            self.fields[f"{kind}.{row}"] = _cell(chosen, kind, "")

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
    def new_rows(self) -> list[NewRow]:
        return [
            NewRow(
                self[f"item.{row}"],
                self[f"lot_code.{row}"],
                self[f"expires_on.{row}"],
                [self[f"{kind}.{row}"] for kind in COLUMNS],
            )
            for row in NEW_ROWS
        ]

    @property
    def has_new(self) -> bool:
        """Whether something was typed in a row without an item."""
        return any(self.data.get(name) for name in self.fields if name.endswith(NEW_ROWS))

    @property
    def bad_rows(self) -> str:
        """The items in whose rows something is wrong."""
        bad: list[Any] = [line.item for line, cells in self.rows if any(cell.errors for cell in cells)]
        for row in self.new_rows:
            if any(field.errors for field in (row.item, row.lot_code, row.expires_on, *row.cells)):
                bad.append(self.items.get(row.item.value()) or _("a new lot"))
        return listed(bad)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.written = [
            Written(name, kind, line.item, line.lot, cleaned[name], _typed(line.item, cleaned[name]))
            for line in self.lines
            for kind in COLUMNS
            for name in [f"{kind}.{line.value}"]
            if _says_something(kind, cleaned.get(name))
        ]
        for row in NEW_ROWS:
            self.written += self._written_new(row, cleaned)
        if not self.errors and not self.written:
            self.add_error(None, _("Nothing is written on this sheet. Fill in what happened."))
        return cleaned

    def has_doubts(
        self, place: "Place", address: "Callable[[Consignment], str]", is_booked: "Callable[[str], bool]"
    ) -> bool:
        """Of a valid sheet: whether something is asked first. `is_booked`: of a cell, by its name."""
        # A last day is asked for at its own field; what it is the day of came in.
        cell = {f"expires_on.{row}": f"{Entry.RECEIVED}.{row}" for row in NEW_ROWS}
        return self.asks(
            self._doubts(place, address), lambda doubt: is_booked(cell.get(doubt.field, doubt.field))
        )

    def _doubts(self, place: "Place", address: "Callable[[Consignment], str]") -> "Iterator[Doubt]":
        came = [one for one in self.written if one.kind == Entry.RECEIVED]
        coming = supply.under_way_to(place, *(one.item for one in came)) if came else {}
        for one in came:
            if one.item.pk in coming:
                yield on_its_way(one.name, one.item, coming[one.item.pk], address)
            row = one.name.partition(".")[2]
            if row in NEW_ROWS:
                yield from without_a_day(f"expires_on.{row}", one.item, None, one.lot_code, one.expires_on)
        day = self.cleaned_data["occurred_on"]
        counts = supply.counted_after(place, day) if day < self.today else {}
        for one in self.written:
            count = counts.get((one.item.pk, one.lot and one.lot.pk))
            if count and one.kind != Entry.COUNTED and not (one.lot_code or one.expires_on):
                yield counted_since(one.name, one.item, count)

    def _written_new(self, row: str, cleaned: dict[str, Any]) -> list[Written]:
        item = self.items.get(cleaned.get(f"item.{row}", ""))
        printed = {name: cleaned.get(f"{name}.{row}") for name in ("lot_code", "expires_on")}
        names = {kind: f"{kind}.{row}" for kind in COLUMNS}
        said = {kind: name for kind, name in names.items() if _says_something(kind, cleaned.get(name))}
        if any(name.endswith(row) for name in self.errors):
            return []
        if item is None:
            if said or any(printed.values()):
                self.add_error(f"item.{row}", _("Choose an item of the list."))
            return []
        if not said:
            self.add_error(names[Entry.RECEIVED], _("Say how much."))
        return [
            Written(name, kind, item, None, cleaned[name], _typed(item, cleaned[name]), **printed)
            for kind, name in said.items()
        ]

    def refuse(self, refusals: dict[str, services.Refusal]) -> None:
        """The ledger's sentences, each at its cell; what is wrong with the day or a new lot once, there."""
        for name, refusal in refusals.items():
            if isinstance(refusal, services.DayNotAllowed | services.MonthClosed):
                name = "occurred_on"
            elif isinstance(refusal, services.LotHasOtherExpiry | services.LotExpired):
                at = _at_the_print("expires_on", name)
                if at != name and at in self.errors:  # what came in and what was used of it have one day
                    continue
                name = at
            elif isinstance(refusal, services.LotReadsAsDay):
                name = _at_the_print("lot_code", name)
            if str(refusal) not in self.errors.get(name, ()):
                self.add_error(name, str(refusal))


def _at_the_print(field: str, cell: str) -> str:
    """What is printed on the pack is typed in the rows for new lots alone."""
    row = cell.partition(".")[2]
    return f"{field}.{row}" if row in NEW_ROWS else cell


def _says_something(kind: Entry, number: Decimal | None) -> bool:
    """Nothing used is nothing to book; nothing counted is a finding."""
    return number is not None and (number > 0 or kind == Entry.COUNTED)


def _typed(item: "Item", number: Decimal) -> str:
    return Unit(item.base_unit).amount(number)


def _words(item: "Item", lot: "Lot | None") -> str:
    return f"{item} {lot}" if lot else str(item)


def _with_unit(item: "Item") -> str:
    return f"{item} · {item.get_base_unit_display()}"


def _cell(item: "Item | None", kind: Entry, row: str) -> AmountField:
    """`row`: what it is called; none for one whose item is chosen on the page."""
    label = f"{row}: {kind.label}" if row else capfirst(kind.label)
    field = AmountField(label=label, required=False, zero=True)
    field.widget.attrs |= {"class": "form-control"} | ({"aria-label": label} if row else {})
    field.in_whole_units = item is not None and item.base_unit in WHOLE_UNITS
    return field
