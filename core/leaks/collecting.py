"""Everything that must not leave, read through the models that declare it.

- each `SealedTextField`; its `holds` says what kind of text it is;
- `leak_codes`: fields of a model that hold a code by which people and places are known inside, with
  `leak_codes_of` (a filter) where only some rows count;
- `leak_published`: fields whose words are meant for the outside: no place and no name *in part* is held
  against them;
- `leak_own_names`: fields that hold a name of somebody outside by purpose (a donor, a sponsor, staff): a
  column of an export that shows nothing else is not compared with the sealed names;
- `leak_coded`: fields that speak of records by their codes by purpose.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model

from core.leaks.index import Index
from core.leaks.values import CODE, Value
from core.sealed import CannotOpen, SealedTextField, keys_of, open_rows, sealed_rows


def build_index() -> Index:
    """All values of the database, opened. The rows seen are those of the identity it is called under.

    A subject without a key was forgotten, and its values are left out; but where no key is there at all
    nothing was forgotten: it is the keys that are missing. Raises CannotOpen.
    """
    unopened: set[UUID] = set()
    values = [*sealed_values(unopened), *_codes()]
    return Index(values, published=_published(), unopened=unopened)


def sealed_fields(model: type[Model]) -> list[SealedTextField]:
    return [field for field in model._meta.concrete_fields if isinstance(field, SealedTextField)]


def declared(model: type[Model], name: str) -> tuple[str, ...]:
    return tuple(getattr(model, name, ()))


def sealed_values(unopened: set[UUID]) -> Iterator[Value]:
    """Every sealed text, opened. Whose key is gone is added to `unopened`. Raises CannotOpen."""
    read = [
        (model, fields, sealed_rows(model._default_manager.all(), *(field.name for field in fields)))
        for model in apps.get_models()
        if (fields := sealed_fields(model))
    ]
    filled = [row for _model, _fields, rows in read for row in rows]
    keys = keys_of(row.key_name for row in filled)
    if filled and not keys:
        raise CannotOpen
    unopened |= {row.owner for row in filled if row.key_name not in keys}
    for model, fields, rows in read:
        label, holds = model._meta.label_lower, {field.name: field.holds for field in fields}
        for row in open_rows(model, list(holds), rows, keys):
            for name, text in row.texts.items():
                yield Value(label, row.uuid, name, holds[name], text, row.owner)


def _codes() -> Iterator[Value]:
    for model in apps.get_models():
        if names := declared(model, "leak_codes"):
            only: dict[str, Any] = getattr(model, "leak_codes_of", {})
            rows = model._default_manager.filter(**only).order_by().values_list("uuid", *names)
            for row, *codes in rows:
                for name, code in zip(names, codes, strict=True):
                    yield Value(model._meta.label_lower, row, name, CODE, code, row)


def _published() -> set[str]:
    words: set[str] = set()
    for model in apps.get_models():
        for name in declared(model, "leak_published"):
            words |= set(model._default_manager.order_by().values_list(name, flat=True).distinct())
    return words
