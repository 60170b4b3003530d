"""Pages of registers: the first thousand rows, however many there are."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django_tables2.rows import BoundRows

ByKeys = Callable[[list], list]
ROWS_A_PAGE = 25
MOST_COUNTED = 1_000  # beyond, a page says "more than": counting a million rows costs more than showing them


class BoundedPaginator(Paginator):
    """Counts and shows the first rows alone, however many there are: every page costs the same."""

    def __init__(self, rows: Any, _per_page: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(rows, ROWS_A_PAGE, *args, **kwargs)
        self.data = rows.data

    def page(self, number: int | str) -> Page:
        """With `by_keys`, keys are found by their own table's index; rows are told only of a page's."""
        number, by_keys = self.validate_number(number), self.data.table.by_keys
        if by_keys is None:
            return super().page(number)
        first = (number - 1) * ROWS_A_PAGE
        keys = self._keys[first : min(first + ROWS_A_PAGE, self.count)]
        told = {row.pk: row for row in by_keys(keys)}  # without what ended since the keys were read
        return Page(BoundRows([told[key] for key in keys if key in told], self.data.table), number, self)

    @cached_property
    def _keys(self) -> list:
        """Of the first rows: they answer too how many there are."""
        rows, parts = self.data.data, self.data.table.parts
        if parts and _is_in_usual_order(rows):
            return _first_keys_of(parts, MOST_COUNTED + 1)
        return list(rows.values_list("pk", flat=True)[: MOST_COUNTED + 1])

    @cached_property
    def counted(self) -> int:
        """One more than MOST_COUNTED where there are more."""
        found = self.data.data
        if isinstance(found, list):  # worked out already
            return len(found)
        by_keys = self.data.table.by_keys
        counted = len(self._keys) if by_keys else counted_up_to(found.order_by(), MOST_COUNTED)
        self.data._length = min(counted, MOST_COUNTED)  # or the table would count all of them itself
        return counted

    @property
    def count(self) -> int:
        return min(self.counted, MOST_COUNTED)

    @property
    def has_more(self) -> bool:
        return self.counted > MOST_COUNTED


def _is_in_usual_order(rows: QuerySet) -> bool:
    return tuple(rows.query.order_by) in ((), tuple(rows.model._meta.ordering or ()))


def _first_keys_of(parts: Sequence[QuerySet], most: int) -> list:
    """Of the first rows of all parts together, in the order of their model."""
    order = parts[0].model._meta.ordering
    names = [name.lstrip("-") for name in order]
    firsts = [part.order_by(*order).values_list("pk", *names)[:most] for part in parts]
    return [key for key, *_order in firsts[0].union(*firsts[1:], all=True).order_by(*order)[:most]]


def counted_up_to(queryset: QuerySet, most: int) -> int:
    """The number of rows; most + 1 where there are more."""
    return queryset.values("pk")[: most + 1].count()
