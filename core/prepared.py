"""Questions that a page asks again and again: Django writes their SQL once in a process, and PostgreSQL reads
and plans it once in a connection.

To write a statement with a dozen subqueries takes Django longer than PostgreSQL needs to answer it, and to
plan it as long; it comes out the same each time but for the values.
"""

from collections.abc import Callable
from copy import copy
from functools import cached_property
from hashlib import sha256
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import BigIntegerField, BooleanField, Expression, Field, Func, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from psycopg2.extensions import AsIs

Row = TypeVar("Row")  # a record, or values of it


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


def among_keys(column: str = "pk") -> OneOf:
    """Rows whose keys are told with each question as `keys`."""
    return OneOf(column, Asked("keys", ArrayField(BigIntegerField())))


class Prepared(Generic[Row]):
    """The rows of a queryset that is built once, with `Asked` where values come in.

    `build` may depend on nothing but its `Asked`: neither on the user nor on the hour, the language or the
    time zone of the request that comes first.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Row]]) -> None:
        self._build = build

    @cached_property
    def _written(self) -> "_Written[Row] | None":
        """None: whatever is told, there are no rows (`none()`)."""
        rows = self._build()
        compiler = rows.query.get_compiler(rows.db)
        try:
            statement, values = compiler.as_sql()
        except EmptyResultSet:
            return None
        compiler.connection = None  # of this thread, which would stay open as long as the statement is kept
        return _Written(rows, compiler, _Statement.of(statement, values, connections[rows.db]))

    def rows(self, **told: Any) -> list[Row]:
        """A list, for a filter that was added afterwards would be in no statement.

        Raises KeyError where a value is not told.
        """
        if self._written is None:
            return []
        rows, written, statement = self._written
        compiler = copy(written)
        connection = compiler.connection = connections[rows.db]
        asking = statement.asking(told, connection)
        compiler.as_sql = lambda *_args, **_kwargs: asking  # type: ignore[method-assign]
        asked = rows.all()
        asked.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(asked)

    def first(self, **told: Any) -> Row | None:
        """Of a statement whose rows are one at most. Raises as `rows`."""
        return next(iter(self.rows(**told)), None)


class _Written(NamedTuple, Generic[Row]):
    rows: QuerySet[Any, Row]
    compiler: SQLCompiler
    statement: "_Statement"


class _Statement(NamedTuple):
    """Kept by PostgreSQL under `name`, for each connection by itself: it is read and planned there once."""

    name: str
    preparing: str
    asked: tuple[Asked, ...]

    @classmethod
    def of(cls, statement: str, values: tuple, connection: Any) -> "_Statement":
        asked = {value.name: value for value in values if isinstance(value, Asked)}
        numbers = {name: AsIs(f"${number}") for number, name in enumerate(asked, 1)}
        given = [numbers[value.name] if isinstance(value, Asked) else value for value in values]
        with connection.cursor() as cursor:
            text = cursor.mogrify(statement, given).decode()
        kinds = ", ".join(value.output_field.db_type(connection) for value in asked.values())
        name = f"asked_{sha256(text.encode()).hexdigest()[:32]}"
        preparing = f"PREPARE {name} {kinds and f'({kinds})'} AS {text}"
        return cls(name, preparing, tuple(asked.values()))

    def asking(self, told: dict[str, Any], connection: Any) -> tuple[str, tuple]:
        """SQL and values."""
        given = tuple(one.bound(told, connection) for one in self.asked)
        connection.ensure_connection()
        kept = _KEPT.setdefault(connection.connection, set())
        if self.name not in kept:
            # Past Django, to which it is no question of its own.
            with connection.wrap_database_errors, connection.connection.cursor() as cursor:
                cursor.execute(self.preparing)
            kept.add(self.name)
        places = ", ".join(["%s"] * len(given))
        return f"EXECUTE {self.name}{places and f'({places})'}", given


# Connection of psycopg2 → the names that it keeps: they end with it.
_KEPT: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
