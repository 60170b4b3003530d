"""How many sleep where, night by night: as it was, and as it is planned."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet

from shelters.models import HeadCount, Shelter, Stay
from shelters.selectors.registers import with_heads


class _Roof(NamedTuple):
    """A stay; in this order, the last one that holds a night is where the person sleeps.

    The later arrival prevails, and one that took place over one that was only planned for the same day.
    """

    first: date
    took_place: bool
    end: date | None
    resident: int
    shelter: int

    def holds(self, night: date, planned_after: date | None) -> bool:
        if not self.took_place and (planned_after is None or night <= planned_after):
            return False
        return self.first <= night and (self.end is None or night < self.end)


def heads_by_night(
    shelters: QuerySet[Shelter], first: date, last: date, *, planned_after: date | None = None
) -> dict[int, list[int]]:
    """Shelter id → heads in each night from `first` to `last`, both inside; three queries, however many.

    As `with_heads` counts a single night. `planned_after`: in nights after this day planned arrivals count
    too, and who is planned elsewhere has left; nights up to it know no plans.
    """
    found: list[Any] = list(with_heads(shelters, first))  # Any: they carry annotations
    ids = [shelter.pk for shelter in found]
    roofs = _roofs(ids, first, last, with_plans=planned_after is not None)
    counts = _counts(ids, first, last)
    there = {night: _there(roofs, night, planned_after) for night in nights(first, last)}
    return {shelter.pk: _heads(shelter, there, counts.get(shelter.pk, {})) for shelter in found}


def nights(first: date, last: date) -> Iterator[date]:
    for day in range((last - first).days + 1):
        yield first + timedelta(days=day)


def _roofs(shelters: list[int], first: date, last: date, *, with_plans: bool) -> list[_Roof]:
    """Plans count from every shelter: who is expected elsewhere will not be here."""
    here = Q(shelter__in=shelters, is_planned=False)
    wanted = here | Q(is_planned=True) if with_plans else here
    span = DateRange(first, last + timedelta(days=1))
    stays = Stay.objects.filter(wanted, nights__overlap=span).order_by()
    rows = stays.values_list("nights", "is_planned", "resident", "shelter")
    return sorted(
        (_Roof(days.lower, not is_planned, days.upper, *rest) for days, is_planned, *rest in rows),
        key=lambda roof: roof[:2],
    )


def _there(roofs: list[_Roof], night: date, planned_after: date | None) -> Counter[tuple[int, bool]]:
    """(shelter id, whether they came already) → people."""
    roof_of = {roof.resident: roof for roof in roofs if roof.holds(night, planned_after)}
    return Counter((roof.shelter, roof.took_place) for roof in roof_of.values())


def _counts(shelters: list[int], first: date, last: date) -> dict[int, dict[date, int]]:
    """Shelter id → day → people counted, after the first night: that one is known already."""
    found: dict[int, dict[date, int]] = {}
    counts = HeadCount.objects.filter(shelter__in=shelters, counted_on__gt=first, counted_on__lte=last)
    for shelter, day, people in counts.values_list("shelter", "counted_on", "people"):
        found.setdefault(shelter, {})[day] = people
    return found


def _heads(shelter: Any, there: dict[date, Counter], counts: dict[date, int]) -> list[int]:
    """Where nobody is registered in a night, the last head count holds, unless the registered left since."""
    people, counted_on, left_on = shelter.counted_heads, shelter.counted_heads_on, shelter.last_left_on
    heads, registered_before = [], 0
    for night, numbers in there.items():
        if night in counts:
            people, counted_on = counts[night], night
        registered, planned = numbers[shelter.pk, True], numbers[shelter.pk, False]
        if registered_before and not registered:
            left_on = night
        holds = left_on is None or (counted_on is not None and counted_on >= left_on)
        heads.append((registered or (people if holds else 0)) + planned)
        registered_before = registered
    return heads
