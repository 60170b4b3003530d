"""How many people were there, night by night: the ground of every need."""

from datetime import date

from django.db.models import BigIntegerField, DateField, F, Func, QuerySet, Sum, Value

from shelters.models import Shelter


def with_person_days(shelters: QuerySet[Shelter], first: date, last: date) -> QuerySet[Shelter]:
    """Annotated `person_days`: the heads of each night from the first to the last day, both inside, added.

    Heads as `with_heads` says; before it opened and from the day it closed on, nobody.
    """
    days = (Value(day, output_field=DateField()) for day in (first, last))
    nights = Func(F("pk"), *days, function="shelters_person_days", output_field=BigIntegerField())
    return shelters.annotate(person_days=nights)


def person_days(shelters: QuerySet[Shelter], first: date, last: date) -> int:
    """Of all these shelters together; one query."""
    found = with_person_days(shelters.order_by(), first, last)
    return found.aggregate(total=Sum("person_days", default=0))["total"]
