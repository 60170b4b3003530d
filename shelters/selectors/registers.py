"""Who is where, what a person is given a day, and how long a store lasts."""

from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

from accounts.models import User
from core.models import DayAt
from core.prepared import Asked
from shelters.models import HeadCount, Shelter, ShelterStatus, Stay

NUMBER = IntegerField()


def with_state(shelters: QuerySet[Shelter], day: date | datetime | Asked | DayAt) -> QuerySet[Shelter]:
    """Annotated `state` on the day and `state_since`. A moment: the day that it is then at each shelter."""
    there = _day(day, OuterRef("time_zone"))
    newest = ShelterStatus.objects.filter(shelter=OuterRef("pk"), since__lte=there).order_by("-since", "-id")
    return shelters.annotate(
        state=Subquery(newest.values("state")[:1]), state_since=Subquery(newest.values("since")[:1])
    )


def with_heads(shelters: QuerySet[Shelter], day: date | datetime | Asked) -> QuerySet[Shelter]:
    """Annotated `heads`: who stays in the night of the day; `over`: how many more than there are places.

    Stays that are not only planned; where nobody is registered that night, the last head count up to the day
    (of a day the newest), unless the registered left after it. Never both added, unless the count says how
    many are not registered (`counted_others`): they come on top until the next. Nobody before it opened or
    since it closed. A moment: the day that it is then at each shelter. `heads_from` says the same in Python.
    """
    here, zero = _day(day, F("time_zone")), Value(0, output_field=NUMBER)
    return (
        with_told(shelters, day)
        .annotate(
            heads=Case(
                When(Q(closed_on__lte=here) | Q(opened_on__gt=here), then=zero),
                When(counted_others__isnull=False, then=F("staying") + F("counted_others")),
                When(staying__gt=0, then=F("staying")),
                When(
                    Q(last_left_on__isnull=True) | Q(counted_heads_on__gte=F("last_left_on")),
                    then=F("counted_heads"),
                ),
                default=zero,
            )
        )
        .annotate(over=Greatest(F("heads") - F("capacity") + F("blocked_places"), zero, output_field=NUMBER))
    )


def with_told(shelters: QuerySet[Shelter], day: date | datetime | Asked) -> QuerySet[Shelter]:
    """Annotated with what `heads` are computed from: `staying`, `last_left_on`, and of the count that holds
    `counted_heads_on`, `counted_heads` and `counted_others`."""
    day = _day(day, OuterRef("time_zone"))
    stays = Stay.objects.filter(shelter=OuterRef("pk"), is_planned=False, nights__startswith__lte=day)
    there = Stay.objects.on(day).filter(shelter=OuterRef("pk")).order_by().values("shelter")
    left = stays.order_by().values("shelter").annotate(last=Max("nights__endswith")).values("last")
    counts = HeadCount.objects.filter(shelter=OuterRef("pk"), counted_on__lte=day)
    counts = counts.order_by("-counted_on", "-id")
    return shelters.annotate(
        staying=Coalesce(Subquery(there.annotate(people=Count("pk")).values("people")), Value(0)),
        last_left_on=Subquery(left),
        counted_heads_on=Subquery(counts.values("counted_on")[:1]),
        counted_heads=Coalesce(Subquery(counts.values("people")[:1], output_field=NUMBER), Value(0)),
        counted_others=Subquery(counts.values("others")[:1], output_field=NUMBER),
    )


def _day(day: date | datetime | Asked | DayAt, zone: Any) -> Any:
    return DayAt(zone, day) if isinstance(day, datetime | Asked) else day


def shelters_seen(user: User) -> QuerySet[Shelter]:
    """Those that the person may see, by code."""
    return Shelter.objects.visible_to(user).order_by("code")


def in_use(shelters: QuerySet[Shelter], day: date) -> QuerySet[Shelter]:
    """Opened, and not closed yet."""
    is_open = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    return shelters.filter(is_open, opened_on__lte=day)
