"""Tables on their way out: which of their cells are looked through, and for what.

A column that is a code by purpose, or a choice, is looked through for sealed values alone: who may see the
register may see its codes. A column that is the name of somebody outside by purpose is not compared with the
sealed names: it would only say that two people have one name. A column of our own words is not read. Every
other cell is free text.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, Model
from django.utils.translation import gettext as _

from core.leaks.collecting import declared
from core.leaks.texts import Piece


class Kind(Enum):
    NAME = "name"
    CODE = "code"
    OWN_WORDS = "own words"  # of the catalogues alone
    FREE = "free"


_NOT_READ = (Kind.NAME, Kind.OWN_WORDS)


def kind_of(model: type[Model] | None, path: str) -> Kind:
    """Of the column that shows this path of fields ("donor__name"); what is no field is free text."""
    field: Any = None
    for name in path.split("__"):
        if model is None:
            return Kind.FREE
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return Kind.CODE if name in declared(model, "leak_coded") else Kind.FREE
        holder, model = model, field.related_model
    return _kind_of_field(holder, field)


def _kind_of_field(model: type[Model], field: Field) -> Kind:
    if field.name in declared(model, "leak_own_names") + declared(model, "leak_published"):
        return Kind.NAME
    if isinstance(field, ForeignKey) and declared(field.related_model, "leak_own_names"):
        return Kind.NAME  # shown by the name of a donor, a sponsor or staff
    coded = declared(model, "leak_codes") + declared(model, "leak_coded")
    if field.name in coded or isinstance(field, ForeignKey) or field.choices:
        return Kind.CODE
    return Kind.FREE


def pieces_of(headings: Sequence[str], kinds: Sequence[Kind], rows: Iterable[Sequence[Any]]) -> list[Piece]:
    """The texts of a table, each once however often it stands in its column."""
    pieces: dict[tuple[int, str], Piece] = {}
    for number, row in enumerate(rows, start=1):
        for column, text in _texts(kinds, row):
            if (column, text) not in pieces:
                words = {"row": number, "column": headings[column]}
                label = _("row %(row)s, “%(column)s”") % words
                pieces[column, text] = Piece(text, label, codes_pass=kinds[column] == Kind.CODE)
    return list(pieces.values())


def _texts(kinds: Sequence[Kind], row: Sequence[Any]) -> Iterator[tuple[int, str]]:
    for column, (kind, cell) in enumerate(zip(kinds, row, strict=True)):
        if kind not in _NOT_READ and isinstance(cell, str) and len(cell) > 1:
            yield column, cell
