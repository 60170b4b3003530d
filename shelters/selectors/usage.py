"""What was really used, against what the ration says."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from core.fiscal import next_month
from shelters.models import Shelter
from shelters.selectors.covers import weighed_out
from shelters.selectors.nights import heads_by_night, nights
from shelters.selectors.rations import Rations
from supply import selectors as supply

if TYPE_CHECKING:
    from supply.models import Item


@dataclass(frozen=True)
class Usage:
    """An item at a shelter over a month. `person_days`: nights with a ration; amounts in the base unit."""

    shelter: Shelter
    item: "Item"
    person_days: int
    by_ration: Decimal
    used: Decimal

    @property
    def uuid(self) -> UUID:
        """Of whom a file that holds the line tells."""
        return self.shelter.uuid

    @property
    def difference(self) -> Decimal:
        """Above zero: more was used than the ration says."""
        return self.used - self.by_ration

    @property
    def percent(self) -> int | None:
        """Used, of what the ration says."""
        return round(self.used * 100 / self.by_ration) if self.by_ration else None


def usage(shelters: QuerySet[Shelter], month: date, today: date) -> list[Usage]:
    """A line for each shelter and weighed item with a ration in the month, by code; the running month up to
    yesterday: what is eaten today may not be logged yet. A fixed number of queries.
    """
    if month >= today:
        return []
    last = min(next_month(month), today) - timedelta(days=1)
    heads = heads_by_night(shelters, month, last)
    rations = Rations(until=last)
    found = list(shelters)
    used = supply.used_between([shelter.store_id for shelter in found], rations.items, month, last)
    lines = []
    for shelter in found:
        people = dict(zip(nights(month, last), heads[shelter.pk], strict=True))
        for item in rations.items.values():
            eaten = used.get((shelter.store_id, item.pk), Decimal(0))
            line = _line(shelter, item, people, eaten, rations)
            if line is not None:
                lines.append(line)
    return sorted(lines, key=lambda line: (line.shelter.code, line.item.code))


def _line(
    shelter: Shelter, item: "Item", people: dict[date, int], used: Decimal, rations: Rations
) -> Usage | None:
    """None: not weighed, no ration in force on any day, or closed before it and nothing used."""
    given = {day: rations.grams(item.pk, shelter.pk, day) for day in people}
    grams = sum((people[day] * a_day for day, a_day in given.items() if a_day), Decimal(0))
    by_ration = weighed_out(item, grams)
    if by_ration is None or not any(given.values()):
        return None
    if not used and shelter.closed_on is not None and shelter.closed_on <= min(people):
        return None
    person_days = sum(people[day] for day, a_day in given.items() if a_day)
    return Usage(shelter, item, person_days, by_ration, used)
