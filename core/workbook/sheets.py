"""What a sheet is: a model, its key, its columns, and how a row becomes a record."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Field, Model, QuerySet
from django.utils.module_loading import import_string

from core.services import save_values
from core.workbook.columns import Column, OwnCode, Values, Words, column_of
from core.workbook.lookups import Label

if TYPE_CHECKING:
    from core.workbook.rows import Row


class Sheet:
    """Base of every sheet. `key`: names of the columns that say which record a row is.

    `rules`: database constraint → (name of the column to blame, the sentence), for those whose own message
    is not a sentence for people. `refusals`: the named errors of the service that `save` calls.
    """

    title: Words
    model: type[Model]
    key: tuple[str, ...] = ("code",)
    columns: tuple[str | Column, ...]
    about: Words = ""
    rules: Mapping[str, tuple[str, Words]] = {}
    refusals: tuple[type[Exception], ...] = (ValidationError,)
    correct_by: Words = ""  # for history: how a mistake is put right

    def __init__(self) -> None:
        made = [
            column
            if isinstance(column, Column)
            else column_of(cast(Field, self.model._meta.get_field(column)), is_key=column in self.key)
            for column in self.columns
        ]
        self.bound = [column.bind(self.model) for column in made]
        self.by_name = {column.name: column for column in self.bound}

    @property
    def is_history(self) -> bool:
        return getattr(self.model, "append_only", False)

    @property
    def own_code(self) -> OwnCode | None:
        return next((column for column in self.bound if isinstance(column, OwnCode)), None)

    def records(self) -> QuerySet:
        """What the sheet covers, in the order in which it is written: by its key, alike at every export."""
        fields = (self.by_name[name].field for name in self.key)
        return self.model._default_manager.order_by(*fields, "pk")

    def stored(self) -> Iterator[Values]:
        """Every record as the columns need it; never a sealed value."""
        names = {name for column in self.bound for name in column.stored_names}
        return self.records().values("pk", *sorted(names)).iterator()

    def key_of(self, shown: Mapping[str, Any]) -> tuple:
        return tuple(shown[name] for name in self.key)

    def key_of_stored(self, stored: Values) -> tuple:
        return tuple(self.by_name[name].show(stored) for name in self.key)

    def label_values(self, record: Model) -> Values:
        return {name: getattr(record, self.by_name[name].model_field.attname) for name in self.key}

    def labels(self, values: Mapping[str, Any]) -> list[Label]:
        """The words under which other sheets name this record, shortest first."""
        return [(None, str(values[self.key[0]]))]

    def makes(self, values: Mapping[str, Any]) -> list[tuple[type[Model], Label]]:
        """What cannot be named by later rows when this row is refused."""
        return [(self.model, label) for label in self.labels(values)]

    def begin(self) -> None:
        """Called once, before the first row is written."""

    def in_order(self, rows: Iterable["Row"]) -> list["Row"]:
        """The order in which rows are written."""
        return list(rows)

    def only_shown(self, row: "Row") -> Collection[str]:
        """Columns of a known record that its row may say otherwise without changing it."""
        return ()

    def complete(self, draft: Values, row: "Row") -> None:
        """Fill in what follows from other cells. Raises CellRefused."""

    def made_beside(self, record: Model) -> list[Model]:
        """Records that `save` made together with this one, for later rows to name."""
        return []

    def blame(self, trouble: Exception) -> str:
        """The column that a refusal of the service is about."""
        return ""

    def may_follow_from_others(self, trouble: Exception, row: "Row", others: "Sequence[Row]") -> bool:
        """Whether the error of another row can be the cause: such a row is then only counted as unchecked.

        `others`: those with errors, a value missing where its cell was refused; none when a whole column is.
        """
        return False

    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: "Row") -> Model:
        """Create or change one record, atomic. Raises one of `refusals`."""
        verb = "imported" if record._state.adding else "changed"
        action = f"{self.model._meta.app_label}.{verb}"
        return save_values(by=by, record=record, action=action, values=values, reason=reason)


@cache
def all_sheets() -> tuple[Sheet, ...]:
    return tuple(import_string(path)() for path in settings.WORKBOOK_SHEETS)
