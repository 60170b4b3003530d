"""Who is where, what a person is given a day, and how long a store lasts."""

from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from core.models import DayAt
from core.prepared import Asked
from shelters.models import HeadCount, Shelter, ShelterStatus, Stay


def with_state(shelters: QuerySet[Shelter], day: date | datetime | Asked | DayAt) -> QuerySet[Shelter]:
    """Annotated `state` on the day and `state_since`. A moment: the day that it is then at each shelter."""
    there = _day(day, OuterRef("time_zone"))
    newest = ShelterStatus.objects.filter(shelter=OuterRef("pk"), since__lte=there).order_by("-since", "-id")
    return shelters.annotate(
        state=Subquery(newest.values("state")[:1]), state_since=Subquery(newest.values("since")[:1])
    )


def with_heads(shelters: QuerySet[Shelter], day: date | datetime | Asked) -> QuerySet[Shelter]:
    """Annotated `heads`: who stays in the night of the day; `over`: how many more than there are places.

    Stays that are not only planned; where nobody is registered that night, the last head count up to the day,
    unless the registered left after it. Never both added. Nobody before it opened or since it closed.
    A moment: the day that it is then at each shelter.
    """
    here, day = _day(day, F("time_zone")), _day(day, OuterRef("time_zone"))
    stays = Stay.objects.filter(shelter=OuterRef("pk"), is_planned=False, nights__startswith__lte=day)
    there = Stay.objects.on(day).filter(shelter=OuterRef("pk")).order_by().values("shelter")
    left = stays.order_by().values("shelter").annotate(last=Max("nights__endswith")).values("last")
    counts = HeadCount.objects.filter(shelter=OuterRef("pk"), counted_on__lte=day).order_by("-counted_on")
    number = IntegerField()
    zero = Value(0, output_field=number)
    counted = Subquery(counts.values("people")[:1], output_field=number)
    return (
        shelters.annotate(
            staying=Coalesce(Subquery(there.annotate(people=Count("pk")).values("people")), zero),
            last_left_on=Subquery(left),
            counted_heads_on=Subquery(counts.values("counted_on")[:1]),
            counted_heads=Coalesce(counted, zero),
        )
        .annotate(
            heads=Case(
                When(Q(closed_on__lte=here) | Q(opened_on__gt=here), then=zero),
                When(staying__gt=0, then=F("staying")),
                When(
                    Q(last_left_on__isnull=True) | Q(counted_heads_on__gte=F("last_left_on")),
                    then=F("counted_heads"),
                ),
                default=zero,
            )
        )
        .annotate(over=Greatest(F("heads") - F("capacity") + F("blocked_places"), zero, output_field=number))
    )


def _day(day: date | datetime | Asked | DayAt, zone: Any) -> Any:
    return DayAt(zone, day) if isinstance(day, datetime | Asked) else day


def in_use(shelters: QuerySet[Shelter], day: date) -> QuerySet[Shelter]:
    """Opened, and not closed yet."""
    is_open = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    return shelters.filter(is_open, opened_on__lte=day)
