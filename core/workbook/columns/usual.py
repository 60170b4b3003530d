from django.contrib.postgres.fields import DateRangeField
from django.db import models

from core.sealed import SealedField
from core.workbook.columns.base import Column
from core.workbook.columns.dated import Day
from core.workbook.columns.linked import Code
from core.workbook.columns.plain import Choice, Email, Key, LongText, Number, YesNo


def column_of(field: models.Field, *, is_key: bool) -> Column:
    """The usual column of a model field."""
    kinds: list[tuple[type | tuple[type, ...], type[Column]]] = [
        (models.ForeignKey, Code),
        (models.BooleanField, YesNo),
        ((models.DecimalField, models.IntegerField), Number),
        (models.DateField, Day),
        (models.EmailField, Email),
        (models.TextField, LongText),
    ]
    if isinstance(field, SealedField | DateRangeField):
        raise TypeError(f"{field}: say how it stands in the sheet.")
    if field.choices:
        return Choice(field.name)
    for kind, column in kinds:
        if isinstance(field, kind):
            return column(field.name)
    return Key(field.name) if is_key else Column(field.name)
