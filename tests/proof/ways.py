"""Ten ways to write one row of any table, and a value of a column that is another than it holds."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import DatabaseError, connection, models, transaction
from django.db.models.deletion import ProtectedError

from core.triggers import PULSE


def others(row: models.Model) -> Iterator[tuple[models.Field, Any]]:
    """Columns that may be written, each with another value; the database may still refuse it."""
    for field in row._meta.concrete_fields:
        if field.primary_key or field.is_relation or field.name in (*PULSE, "uuid"):
            continue
        value = getattr(row, field.attname)
        for other in _others(field, value):
            yield field, other


def _others(field: models.Field, value: Any) -> list[Any]:
    match field:
        case models.BooleanField():
            return [not value]
        case models.DecimalField():
            return [(value or 0) + Decimal(1)]
        case models.IntegerField():
            return [(value or 0) + 1, max((value or 0) - 1, 0)]
        case models.DateField():  # a moment too
            return [] if value is None else [value + timedelta(days=1), value - timedelta(days=1)]
        case models.CharField() | models.TextField() if field.choices:
            return [choice for choice, _label in field.flatchoices if choice != value]
        case models.CharField() | models.TextField():
            return [f"{(value or '')[: (field.max_length or 99) - 1]}x"]
        case models.JSONField():
            return [{"another": "value"}]
        case _:
            return []


@dataclass(frozen=True)
class Way:
    """`write` takes a row, a column and its other value; `operation` is what the trail calls it."""

    name: str
    operation: str
    write: Callable[[models.Model, models.Field, Any], object]


def _of(row: models.Model) -> models.QuerySet:
    return type(row)._base_manager.filter(pk=row.pk)


def _save(row: models.Model, field: models.Field, value: Any) -> None:
    again = _of(row).get()
    setattr(again, field.attname, value)
    again.save()


def _bulk_update(row: models.Model, field: models.Field, value: Any) -> None:
    again = _of(row).get()
    setattr(again, field.attname, value)
    type(row)._base_manager.bulk_update([again], [field.name])


def _raw(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _stored(field: models.Field, value: Any) -> Any:
    return json.dumps(value) if isinstance(field, models.JSONField) else value


def _raw_update(row: models.Model, field: models.Field, value: Any) -> None:
    _raw(
        f'UPDATE "{row._meta.db_table}" SET "{field.column}" = %s WHERE id = %s',
        _stored(field, value), row.pk,
    )  # fmt: skip


def _upsert(row: models.Model, field: models.Field, value: Any) -> None:
    table = row._meta.db_table
    columns = ", ".join(f'"{one.column}"' for one in row._meta.concrete_fields)
    _raw(
        f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM "{table}" WHERE id = %s '
        f'ON CONFLICT (id) DO UPDATE SET "{field.column}" = %s',
        row.pk, _stored(field, value),
    )  # fmt: skip


WAYS = [
    Way("save", "update", _save),
    Way("update", "update", lambda row, field, value: _of(row).update(**{field.name: value})),
    Way("bulk_update", "update", _bulk_update),
    Way(
        "update_or_create",
        "update",
        lambda row, field, value: type(row)._base_manager.update_or_create(
            pk=row.pk, defaults={field.name: value}
        ),
    ),
    Way("UPDATE", "update", _raw_update),
    Way("INSERT … ON CONFLICT", "update", _upsert),
    Way("delete of one", "delete", lambda row, _field, _value: _of(row).get().delete()),
    Way("delete of many", "delete", lambda row, _field, _value: _of(row).delete()),
    Way(
        "DELETE",
        "delete",
        lambda row, _field, _value: _raw(f'DELETE FROM "{row._meta.db_table}" WHERE id = %s', row.pk),
    ),
]


def written(row: models.Model, way: Way) -> bool:
    """Whether it got through: the row is another than it was, or gone; what is refused changes nothing."""
    for field, value in others(row):
        try:
            with transaction.atomic():
                way.write(row, field, value)
        except (DatabaseError, ProtectedError):
            if way.operation == "delete":
                return False
            continue
        return _of(row).values_list(field.attname).first() != (getattr(row, field.attname),)
    return False
