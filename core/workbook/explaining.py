"""Refusals of columns, models, services and the database as sentences about a column."""

from collections.abc import Iterator

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from core.workbook.cells import CellRefused
from core.workbook.sheets import Sheet

# Name of the column to blame ("" for the whole row) and what to do.
Sentence = tuple[str, str]


class ColumnRefused(CellRefused):
    """A value that could be read but not put into the record."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def sentences(sheet: Sheet, trouble: Exception) -> list[Sentence]:
    if isinstance(trouble, ColumnRefused):
        return [(trouble.column, str(trouble))]
    if isinstance(trouble, ValidationError):
        return list(_of_validation(sheet, trouble))
    if isinstance(trouble, DatabaseError):
        return [_of_database(sheet, trouble)]
    return [(sheet.blame(trouble), str(trouble))]


def _of_database(sheet: Sheet, trouble: DatabaseError) -> Sentence:
    diagnosis = getattr(trouble.__cause__, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None) or type(trouble).__name__
    sentence = _("The database refuses this row (%(rule)s).") % {"rule": constraint}
    return _rule(sheet, constraint) or ("", sentence)


def _of_validation(sheet: Sheet, trouble: ValidationError) -> Iterator[Sentence]:
    by_field: dict[str, list[str]] = {NON_FIELD_ERRORS: trouble.messages}
    if hasattr(trouble, "error_dict"):
        by_field = trouble.message_dict
    for field, messages in by_field.items():
        column = next((column.name for column in sheet.bound if column.field == field), "")
        for message in messages:
            yield _rule_in(sheet, message) or (column, message)


def _rule_in(sheet: Sheet, message: str) -> Sentence | None:
    """Django says a broken constraint by its message alone."""
    for constraint in sheet.model._meta.constraints:
        if constraint.name in sheet.rules and str(constraint.get_violation_error_message()) == message:
            return _rule(sheet, constraint.name)
    return None


def _rule(sheet: Sheet, constraint: str) -> Sentence | None:
    if constraint not in sheet.rules:
        return None
    column, sentence = sheet.rules[constraint]
    return column, str(sentence)
