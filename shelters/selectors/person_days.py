"""How many people were there, night by night: the ground of every need."""

from datetime import date

from django.db.models import BigIntegerField, Count, DateField, F, Func, QuerySet, Sum, Value

from shelters.enums import Outcome
from shelters.models import Shelter, Stay


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


def outcomes(shelters: QuerySet[Shelter], first: date, last: date) -> list[tuple[str, int]]:
    """What became of the registered who left these shelters on these days, both inside: word and number.

    The commonest first; one query. Who was handed on, missed and found elsewhere has moved once.
    """
    over = Stay.objects.filter(shelter__in=shelters.order_by(), nights__endswith__range=(first, last))
    said = over.exclude(outcome="").exclude(is_missing=True, outcome=Outcome.MOVED).order_by()
    numbers = said.values_list("outcome").annotate(number=Count("pk")).order_by("-number", "outcome")
    return [(str(Outcome(outcome).label), number) for outcome, number in numbers]
