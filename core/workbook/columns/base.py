"""What every column can do."""

from typing import TYPE_CHECKING, Any, cast

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.workbook import cells
from core.workbook.cells import CellRefused

if TYPE_CHECKING:
    from core.workbook.lookups import Lookups
    from core.workbook.rows import Row

Words = str | Promise
Values = dict[str, Any]


class _Keep:
    """An empty cell that leaves things as they are."""

    def __repr__(self) -> str:
        return "KEEP"


KEEP: Any = _Keep()


class Column:
    """A column of one model field, text unless a subclass says otherwise.

    `keeps`: an empty cell leaves a record as it is; otherwise it empties the field or gives its default.
    """

    secret = False
    number_format = "@"
    width = 16

    def __init__(
        self, field: str, heading: Words = "", help: Words = "", *, required: bool | None = None,
        keeps: bool = False,
    ) -> None:  # fmt: skip
        self.field = self.name = field
        self._heading = heading
        self._help = help
        self._required = required
        self.keeps = keeps

    def bind(self, model: type[models.Model]) -> "Column":
        self.model_field = cast(Any, model._meta.get_field(self.field))
        self.heading: Words = self._heading or self.model_field.verbose_name
        return self

    @property
    def printed_heading(self) -> str:
        """In the language in force, with a capital."""
        heading = str(self.heading)
        return heading[:1].upper() + heading[1:]

    @property
    def required(self) -> bool:
        if self._required is not None:
            return self._required
        field = self.model_field
        return not (field.null or field.blank or field.has_default() or self.keeps)

    @property
    def help(self) -> str:
        """What stands in a cell, for the documentation."""
        if self._help:
            return str(self._help)
        more = str(self.model_field.help_text)
        return f"{self.usual_help()}. {more}" if more else self.usual_help()

    def usual_help(self) -> str:
        return _("text, at most %(n)s characters") % {"n": self.model_field.max_length}

    @property
    def stored_names(self) -> tuple[str, ...]:
        """What a query must fetch for `show`."""
        return (self.model_field.attname,)

    def read(self, cell: Any, row: "Row") -> Any:
        """Raises CellRefused, LeansOnTrouble."""
        value = cells.content(cell)
        return self.when_empty() if value is None else self.value_of(value, cell, row)

    def when_empty(self) -> Any:
        if self.required:
            raise CellRefused(_("This cell must be filled."))
        if self.keeps:
            return KEEP
        if self.model_field.has_default():
            return self.model_field.get_default()
        return None if self.model_field.null else ""

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        text = cells.as_text(value)
        longest = self.model_field.max_length
        if longest and len(text) > longest:
            raise CellRefused(
                _("It has %(n)s characters; at most %(most)s have room.") % {"n": len(text), "most": longest}
            )
        return text

    def show(self, stored: Values) -> Any:
        value = stored[self.model_field.attname]
        return cells.tidy(value) if isinstance(value, str) else value

    def export(self, stored: Values, lookups: "Lookups") -> Any:
        return self.show(stored)

    def put(self, draft: Values, value: Any, lookups: "Lookups") -> None:
        """`draft`: the record's fields so far. Raises CellRefused."""
        draft[self.field] = value
