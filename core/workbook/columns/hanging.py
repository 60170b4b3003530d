from typing import TYPE_CHECKING, Any

from django.db import models

from core.workbook.columns.base import Column, Values
from core.workbook.columns.usual import column_of

if TYPE_CHECKING:
    from core.workbook.lookups import Lookups
    from core.workbook.rows import Row


class Of(Column):
    """A column of the record that `field` points at; the sheet puts it there (`plan.from_month`).

    `needed`: whether a row must fill it; None: as that record's own field says.
    """

    def __init__(self, field: str, column: str | Column, *, needed: bool | None = None) -> None:
        super().__init__(field, required=needed)
        self.given = column
        self.name = f"{field}.{column if isinstance(column, str) else column.name}"

    def bind(self, model: type[models.Model]) -> "Column":
        super().bind(model)
        target = self.model_field.related_model
        given = self.given
        if isinstance(given, str):
            given = column_of(target._meta.get_field(given), is_key=False)
        self.inner = given.bind(target)
        self.heading = self.inner.heading
        self.number_format, self.width = self.inner.number_format, self.inner.width
        return self

    @property
    def required(self) -> bool:
        return self.inner.required if self._required is None else self._required

    @property
    def help(self) -> str:
        return self.inner.help

    @property
    def stored_names(self) -> tuple[str, ...]:
        return tuple(f"{self.field}__{name}" for name in self.inner.stored_names)

    def when_empty(self) -> Any:
        return super().when_empty() if self.required else None

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        return self.inner.value_of(value, cell, row)

    def show(self, stored: Values) -> Any:
        return self.inner.show(self._of_inner(stored))

    def export(self, stored: Values, lookups: "Lookups") -> Any:
        return self.inner.export(self._of_inner(stored), lookups)

    def put(self, draft: Values, value: Any, lookups: "Lookups") -> None:
        there: Values = {}
        self.inner.put(there, value, lookups)
        draft |= {f"{self.field}.{name}": put for name, put in there.items()}

    def _of_inner(self, stored: Values) -> Values:
        return {name: stored[f"{self.field}__{name}"] for name in self.inner.stored_names}
