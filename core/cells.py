"""The rows of a register's page as HTML.

django-tables2 looks up the field, the arguments of `render` and the attributes of the column anew for every
cell. They are the same in each row: here they are worked out once a column, and the cells say the same.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.template.defaultfilters import capfirst
from django.utils.formats import localize
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.timezone import is_aware, localtime
from django_tables2.columns import BoundColumn, ManyToManyColumn
from django_tables2.columns.linkcolumn import BaseLinkColumn
from django_tables2.rows import BoundRow
from django_tables2.utils import signature

from core.markup import escaped, joined

# These look at more than the value.
_OF_THEIR_OWN = (BaseLinkColumn, ManyToManyColumn)
# What a walk along an accessor meets where the library has further ways to go.
_NOT_PLAIN = (AttributeError, LookupError, TypeError, ValueError)


def rows_of(columns: Iterable[BoundColumn], rows: Iterable[BoundRow]) -> str:
    """A `<tr>` for each row, a `<td>` for each column."""
    cells = [_Cells(column) for column in columns]
    lines = ("".join(one.html(row) for one in cells) for row in rows)
    return joined((f'<tr role="row">{line}</tr>' for line in lines), "\n")


class _Cells:
    """The cells of one column."""

    def __init__(self, column: BoundColumn) -> None:
        self.column = column
        self.name = column.name
        self.default = column.default
        self.empty_values = column.column.empty_values
        self.is_plain = not isinstance(column.column, _OF_THEIR_OWN)
        self.bits = column.accessor.bits
        self.localized = column.localize
        self.displayed: dict[Any, Any] = {}
        self.is_choice: bool | None = None  # known with the first record
        attributes, heading = column.attrs["td"].as_html(), capfirst(str(column.header))
        self.opening = format_html('<td role="cell" {} data-label="{}"', attributes, heading)

    def html(self, row: BoundRow) -> str:
        """Markup."""
        cell = self._cell(row)
        is_blank = isinstance(cell, str) and not cell.strip()  # also of a template that wrote nothing
        empty = " data-empty" if is_blank or cell == self.default else ""
        if not isinstance(cell, str):
            here = localtime(cell) if isinstance(cell, datetime) and is_aware(cell) else cell
            cell = localize(here, use_l10n=self.localized)
        return f"{self.opening}{empty}>{escaped(cell)}</td>"

    def _cell(self, row: BoundRow) -> Any:
        if not (self.is_plain and isinstance(row.record, Model)):
            return row.get_cell(self.name)
        try:
            value = self._value(row.record)
        except _NOT_PLAIN:
            return row.get_cell(self.name)
        return self.default if value in self.empty_values else self._rendered(row, value)

    def _value(self, record: Model) -> Any:
        """Along the accessor; a choice by its words, which Django puts together anew for each record."""
        holder: Any = record
        for bit in self.bits[:-1]:
            holder = _called(getattr(holder, bit))
            if holder is None:
                return None
        value = _called(getattr(holder, self.bits[-1]))
        if not (isinstance(holder, Model) and self._says_a_choice(record)):
            return value
        if value not in self.displayed:
            self.displayed[value] = getattr(holder, f"get_{self.bits[-1]}_display")()
        return self.displayed[value]

    def _says_a_choice(self, record: Model) -> bool:
        if self.is_choice is None:
            field = self.column.accessor.get_field(record)
            self.is_choice = bool(getattr(field, "choices", None)) and field.name == self.bits[-1]
        return self.is_choice

    def _rendered(self, row: BoundRow, value: Any) -> Any:
        arguments = {
            "value": value,
            "record": row.record,
            "column": self.column.column,
            "bound_column": self.column,
            "bound_row": row,
            "table": row.table,
        }
        wanted, takes_all = self._wanted
        given = arguments if takes_all else {name: arguments[name] for name in wanted}
        content = self.column.render(**given)
        return self.column.link(content, **arguments) if self.column.link else content

    @cached_property
    def _wanted(self) -> tuple[tuple[str, ...], str | None]:
        return signature(self.column.render)


def _called(value: Any) -> Any:
    """As a template does it."""
    return value() if callable(value) and not getattr(value, "do_not_call_in_templates", False) else value
