"""Questions that a page asks again and again: Django writes their SQL once in a process.

To write a statement with a dozen subqueries takes Django longer than PostgreSQL needs to answer it, and it
comes out the same each time but for the values.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BooleanField, Expression, Field, Func, Model, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class Asked(Expression):
    """Where a value of this name belongs that is told with each question."""

    def __init__(self, name: str, output_field: Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return "%s", [self]

    def bound(self, told: dict[str, Any], connection: Any) -> Any:
        return self.output_field.get_db_prep_value(told[self.name], connection, prepared=False)


class OneOf(Func):
    """Whether a column is among the values of an array: `__in` would need to know how many there are."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    arity = 2
    output_field = BooleanField()


class Prepared(Generic[Row]):
    """The rows of a queryset that is built once, with `Asked` where values come in.

    `build` may depend on nothing but its `Asked`: neither on the user nor on the hour, the language or the
    time zone of the request that comes first.
    """

    def __init__(self, build: Callable[[], QuerySet[Row]]) -> None:
        self._build = build

    @cached_property
    def _written(self) -> tuple[QuerySet[Row], SQLCompiler, str, tuple] | None:
        """None: whatever is told, there are no rows (`none()`)."""
        rows = self._build()
        compiler = rows.query.get_compiler(rows.db)
        try:
            statement, values = compiler.as_sql()
        except EmptyResultSet:
            return None
        compiler.connection = None  # of this thread, which would stay open as long as the statement is kept
        return rows, compiler, statement, values

    def rows(self, **told: Any) -> list[Row]:
        """A list, for a filter that was added afterwards would be in no statement.

        Raises KeyError where a value is not told.
        """
        if self._written is None:
            return []
        rows, written, statement, values = self._written
        compiler = copy(written)
        connection = compiler.connection = connections[rows.db]
        given = tuple(one.bound(told, connection) if isinstance(one, Asked) else one for one in values)
        compiler.as_sql = lambda *_args, **_kwargs: (statement, given)  # type: ignore[method-assign]
        asked = rows.all()
        asked.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(asked)

    def first(self, **told: Any) -> Row | None:
        """Of a statement whose rows are one at most. Raises as `rows`."""
        return next(iter(self.rows(**told)), None)
