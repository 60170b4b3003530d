"""What the coming nights need, and when a store runs out with those who will be there."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from shelters.models import Shelter
from shelters.selectors.covers import parts_in_store, weighed_out
from shelters.selectors.eaten import Part, spoiled
from shelters.selectors.nights import heads_by_night, nights
from shelters.selectors.rations import Rations
from shelters.selectors.registers import with_state

if TYPE_CHECKING:
    from supply.models import Item

FORECAST_DAYS = (7, 14, 30)


@dataclass(frozen=True)
class Night:
    """`need` and `left` in the base unit; `left` below zero: that much is missing by then."""

    day: date
    heads: int
    need: Decimal
    left: Decimal


@dataclass(frozen=True)
class Forecast:
    """An item at a shelter over the coming nights, tonight first. Amounts in the item's base unit.

    `held`: all that lies there; `spoiled`: of it, what is expired or expires in these nights, not eaten.
    """

    shelter: Shelter
    item: "Item"
    held: Decimal
    nights: tuple[Night, ...]
    spoiled: Decimal

    @property
    def uuid(self) -> UUID:
        """Of whom a file that holds the line tells."""
        return self.shelter.uuid

    @property
    def need(self) -> Decimal:
        return sum((night.need for night in self.nights), Decimal(0))

    @property
    def at_end(self) -> Decimal:
        """What is left after the last night; below zero when it did not last."""
        return self.nights[-1].left

    @property
    def missing(self) -> Decimal | None:
        return -self.at_end if self.at_end < 0 else None

    @property
    def runs_out_on(self) -> date | None:
        """The first day without a full ration for everybody, where it lies in these nights."""
        return next((night.day for night in self.nights if night.left < 0), None)

    @property
    def most_heads(self) -> int:
        return max(night.heads for night in self.nights)


def forecasts(shelters: QuerySet[Shelter], today: date, days: int) -> list[Forecast]:
    """A line for each shelter and weighed item with a ration on one of these days, first to run out first.

    Heads tonight are who stays; from tomorrow on, planned arrivals and departures count. A fixed number of
    queries, however many shelters.
    """
    last = today + timedelta(days=days - 1)
    found = list(with_state(shelters, today))
    heads = heads_by_night(shelters, today, last, planned_after=today)
    rations = Rations(until=last)
    stock = parts_in_store([shelter.store_id for shelter in found], rations.items)
    lines = []
    for shelter in found:
        people = dict(zip(nights(today, last), heads[shelter.pk], strict=True))
        for item in rations.items.values():
            parts = stock.get((shelter.store_id, item.pk), [])
            line = _line(shelter, item, people, parts, rations)
            if line is not None:
                lines.append(line)
    return sorted(lines, key=lambda line: (line.runs_out_on or date.max, line.shelter.code, line.item.code))


def _line(
    shelter: Shelter, item: "Item", people: dict[date, int], parts: list[Part], rations: Rations
) -> Forecast | None:
    """None: not weighed, or no ration on any of the days."""
    grams = {day: rations.grams(item.pk, shelter.pk, day) or Decimal(0) for day in people}
    if weighed_out(item, Decimal(0)) is None or not any(grams.values()):
        return None
    needs = {day: weighed_out(item, grams[day] * heads) or Decimal(0) for day, heads in people.items()}
    by_day = dict(zip(needs, accumulate(needs.values()), strict=True))
    today, last = min(people), max(people)
    # What expires on the last of the nights or later may still be eaten after them.
    lost = spoiled(
        [part for part in parts if part.expires_on is not None and part.expires_on < last],
        today,
        by_day.__getitem__,
    )
    held = sum((part.quantity for part in parts), Decimal(0))
    found = []
    for day, heads in people.items():
        gone = sum((part.quantity for part in lost if part.expires_on and part.expires_on < day), Decimal(0))
        found.append(Night(day, heads, needs[day], held - gone - by_day[day]))
    return Forecast(shelter, item, held, tuple(found), sum((part.quantity for part in lost), Decimal(0)))
