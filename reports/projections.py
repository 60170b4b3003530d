"""One shape for every record behind a figure: day, reference, what, how much, and the publishable place.

Whoever reads a figure may see these columns and no more of the record: no donor, no person, no real place.
A figure adds up the column `counted`, so the page of its records and the figure cannot differ.
"""

from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    DateField,
    DecimalField,
    F,
    QuerySet,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Cast, Left, Upper
from django.utils.functional import Promise

from core.enums import Precision, Qualifier

NUMBER = DecimalField(max_digits=24, decimal_places=4)
ONE = Cast(Value(1), NUMBER)
NO_DAY = Cast(Value(None), DateField())
NO_NUMBER = Cast(Value(None), NUMBER)


def text(value: str | Promise) -> Value:
    return Value(str(value), output_field=CharField())


def number(expression: Any) -> Cast:
    return Cast(F(expression) if isinstance(expression, str) else expression, NUMBER)


def labelled(field: str, choices: type[TextChoices]) -> Case:
    """The label of a coded field in the language now spoken, so that the search finds what is read."""
    whens = [When(**{field: value}, then=text(label)) for value, label in choices.choices]
    return Case(*whens, default=text(""), output_field=CharField())


def short_reference(uuid: str = "uuid") -> Upper:
    """The beginning of a UUID: for records without a number, or whose code the reader may not see."""
    return Upper(Left(Cast(uuid, CharField()), 8))


def projected(
    queryset: QuerySet,
    *,
    shown_on: Any,
    reference: Any,
    what: Any,
    counted_in: Any,
    where: Any = None,
    counted: Any = ONE,
    part: Any = None,
    **more: Any,
) -> QuerySet:
    """Annotates the columns. `part`: the group of a breakdown; `sayable`: may be named in print."""
    columns = {
        "shown_on": shown_on,
        "shown_precision": text(Precision.DAY),
        "shown_until": NO_DAY,
        "shown_until_precision": text(Precision.DAY),
        "reference": reference,
        "what": what,
        "counted": counted,
        "counted_upper": NO_NUMBER,
        "exactness": text(Qualifier.EXACT),
        "counted_in": counted_in,
        "where": text("") if where is None else where,
        "part": text("") if part is None else part,
        "derived": Value(False, output_field=BooleanField()),
        "sayable": Value(True, output_field=BooleanField()),
    }
    return queryset.annotate(**columns | more).order_by("shown_on", "pk")
