"""How many sleep where, night by night: as it was, and as it is planned."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateField,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)

from core.prepared import Asked, OneOf, Prepared
from shelters.models import HeadCount, Shelter, Stay
from shelters.selectors.registers import with_heads

Counted = tuple[int, int | None]  # people, and how many of them are not registered where some are


class _Roof(NamedTuple):
    """A stay; in this order, the last one that holds a night is where the person sleeps.

    The later arrival prevails, and one that took place over one that was only planned for the same day.
    """

    first: date
    took_place: bool
    end: date | None
    resident: int
    shelter: int
    leaves_on: date | None

    def holds(self, night: date, planned_after: date | None) -> bool:
        if not self.took_place and (planned_after is None or night <= planned_after):
            return False
        end = self.end
        # Who was to leave before that day is still there: nobody said yet what became of them.
        if end is None and planned_after and self.leaves_on and self.leaves_on >= planned_after < night:
            end = self.leaves_on
        return self.first <= night and (end is None or night < end)


def heads_by_night(
    shelters: QuerySet[Shelter], first: date, last: date, *, planned_after: date | None = None
) -> dict[int, list[int]]:
    """Shelter id → heads in each night from `first` to `last`, both inside; two queries, however many.

    As `with_heads` counts a single night. `planned_after`: in nights after this day planned arrivals and
    departures count too, and who is planned elsewhere has left; nights up to it know no plans.
    """
    return heads_from(list(with_heads(shelters, first)), first, last, planned_after=planned_after)


def heads_from(
    found: Sequence[Any], first: date, last: date, *, planned_after: date | None = None
) -> dict[int, list[int]]:
    """`heads_by_night` of shelters that carry the heads of the first night already; one query."""
    roofs, counts = _told([shelter.pk for shelter in found], first, last, planned_after is not None)
    there = {night: _there(roofs, night, planned_after) for night in nights(first, last)}
    return {shelter.pk: _heads(shelter, there, counts.get(shelter.pk, {})) for shelter in found}


def nights(first: date, last: date) -> Iterator[date]:
    for day in range((last - first).days + 1):
        yield first + timedelta(days=day)


def _told(
    shelters: list[int], first: date, last: date, with_plans: bool
) -> tuple[list[_Roof], dict[int, dict[date, Counted]]]:
    """Who sleeps where; and shelter id → day → who was counted.

    Counts after the first night: that one is known. Plans count from every shelter: who is expected elsewhere
    will not be here.
    """
    roofs: list[_Roof] = []
    counts: dict[int, dict[date, Counted]] = {}
    asked = _STAYS_AND_PLANS if with_plans else _STAYS
    span = DateRange(first, last + timedelta(days=1))
    told = asked.rows(shelters=shelters, first=first, last=last, span=span)
    for shelter, days, number, is_planned, others, leaves_on in told:
        if is_planned is None:  # a head count: that many people
            counts.setdefault(shelter, {})[days.lower] = number, others
        else:
            roofs.append(_Roof(days.lower, not is_planned, days.upper, number, shelter, leaves_on))
    return sorted(roofs, key=lambda roof: roof[:2]), counts


def _stays(*, with_plans: bool) -> QuerySet:
    """(shelter id, nights, resident id, whether only planned, None, the day they mean to leave).

    Of head counts (shelter id, the day, people, None, how many of them are not registered, None).
    """
    in_them = OneOf("shelter", Asked("shelters", ArrayField(BigIntegerField())))
    first, last = Asked("first", DateField()), Asked("last", DateField())
    here = Q(in_them, is_planned=False)
    wanted = here | Q(is_planned=True, is_missing=False, cancelled_at__isnull=True) if with_plans else here
    stays = Stay.objects.filter(wanted, nights__overlap=Asked("span", DateRangeField())).order_by()
    newer = HeadCount.objects.filter(
        shelter=OuterRef("shelter"), counted_on=OuterRef("counted_on"), pk__gt=OuterRef("pk")
    )
    counted = HeadCount.objects.filter(~Exists(newer), in_them, counted_on__gt=first, counted_on__lte=last)
    day = Func("counted_on", "counted_on", Value("[]"), function="daterange", output_field=DateRangeField())
    unsaid, nobody = Value(None, BooleanField()), Value(None, IntegerField())
    never = Value(None, DateField())
    counted = counted.order_by().values_list("shelter", day, "people", unsaid, "others", never)
    told = stays.values_list("shelter", "nights", "resident", "is_planned", nobody, "leaves_on")
    return told.union(counted, all=True)


_STAYS: Prepared = Prepared(partial(_stays, with_plans=False))
_STAYS_AND_PLANS: Prepared = Prepared(partial(_stays, with_plans=True))


def _there(roofs: list[_Roof], night: date, planned_after: date | None) -> Counter[tuple[int, bool]]:
    """(shelter id, whether they came already) → people."""
    roof_of = {roof.resident: roof for roof in roofs if roof.holds(night, planned_after)}
    return Counter((roof.shelter, roof.took_place) for roof in roof_of.values())


def _heads(shelter: Any, there: dict[date, Counter], counts: dict[date, Counted]) -> list[int]:
    """Night by night, with who is planned."""
    counted_on, counted = shelter.counted_heads_on, (shelter.counted_heads, shelter.counted_others)
    left_on, heads, registered_before = shelter.last_left_on, [], 0
    for night, numbers in there.items():
        if night in counts:
            counted, counted_on = counts[night], night
        registered, planned = numbers[shelter.pk, True], numbers[shelter.pk, False]
        if registered_before and not registered:
            left_on = night
        heads.append(_alone(registered, counted, counted_on, left_on) + planned)
        registered_before = registered
    return heads


def heads_told(shelter: Any, day: date) -> int:
    """Of a shelter annotated by `with_told` for this day: its heads that night, as `with_heads` counts."""
    if shelter.opened_on > day or (shelter.closed_on and shelter.closed_on <= day):
        return 0
    counted = shelter.counted_heads, shelter.counted_others
    return _alone(shelter.staying, counted, shelter.counted_heads_on, shelter.last_left_on)


def _alone(registered: int, counted: Counted, counted_on: date | None, left_on: date | None) -> int:
    """Where nobody is registered, the count holds, unless the registered left since it."""
    people, others = counted
    if others is not None:
        return registered + others
    holds = left_on is None or (counted_on is not None and counted_on >= left_on)
    return registered or (people if holds else 0)
