from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

from core.quantities import GRAMS_PER_KILOGRAM
from shelters.models import Shelter
from supply import selectors as supply
from supply.enums import Unit

if TYPE_CHECKING:
    from supply.models import Balance, Item
from shelters.selectors.eaten import Part, spoiled
from shelters.selectors.rations import Rations
from shelters.selectors.registers import with_heads

LOW_DAYS = 7
FAR_DAYS = 3650  # beyond, a day on which the store runs out says nothing


def rations_on(day: date) -> "dict[tuple[Item, int | None], Decimal]":
    """(item, shelter id or None for all) → grams a person and day in force on the day."""
    return Rations(until=day).on(day)


def weighed_out(item: "Item", grams: Decimal) -> Decimal | None:
    """Grams in the base unit of the item; None where it is not weighed."""
    return {Unit.KILOGRAM: grams / GRAMS_PER_KILOGRAM, Unit.GRAM: grams}.get(Unit(item.base_unit))


@dataclass(frozen=True)
class Cover:
    """How long an item lasts at a shelter. `grams` a person and day; amounts in the item's base unit.

    `held`: all that lies there; `spoiled`: of it, what is expired or will expire before it is used.
    """

    shelter: Shelter
    item: "Item | None"
    heads: int
    held: Decimal
    grams: Decimal | None
    day: date
    spoiled: Decimal = Decimal(0)

    @property
    def uuid(self) -> UUID:
        """Of whom a file that holds the line tells."""
        return self.shelter.uuid

    @property
    def usable(self) -> Decimal:
        """What will feed somebody."""
        return self.held - self.spoiled

    @property
    def daily_need(self) -> Decimal | None:
        """In the base unit; None where the ration cannot be weighed out of it or nobody is there."""
        if self.item is None or self.grams is None or not self.heads:
            return None
        return weighed_out(self.item, self.grams * self.heads)

    @property
    def days(self) -> Decimal | None:
        """Days of full rations, to the tenth, rounded down."""
        need = self.daily_need
        return None if need is None else (self.usable / need).quantize(Decimal("0.1"), ROUND_DOWN)

    @property
    def runs_out_on(self) -> date | None:
        """The first day without a full ration for everybody."""
        if self.days is None or self.days > FAR_DAYS:
            return None
        return self.day + timedelta(days=int(self.days))

    @property
    def is_low(self) -> bool:
        return self.days is not None and self.days < LOW_DAYS


def covers(shelters: QuerySet[Shelter], day: date) -> list[Cover]:
    """A line for each shelter and rationed item, fewest days first; three queries however many there are.

    A shelter without any ration in force has one line without an item.
    """
    found = list(with_heads(shelters, day))
    rations = rations_on(day)
    items = [item.pk for item, _shelter in rations]
    return _covers(found, day, rations, parts_in_store([shelter.store_id for shelter in found], items))


def covers_of(shelter: Shelter, day: date, lines: "Iterable[Balance]", rations: Rations) -> list[Cover]:
    """The same for one shelter that carries `heads`; `lines`: all that lies there, with lots. No query."""
    stock: dict[tuple[int, int], list[Part]] = {}
    for line in lines:
        expires_on = line.lot.expires_on if line.lot else None
        stock.setdefault((line.place_id, line.item_id), []).append(Part(expires_on, line.quantity))
    return _covers([shelter], day, rations.on(day), stock)


def parts_in_store(places: Iterable[int], items: Iterable[int]) -> dict[tuple[int, int], list[Part]]:
    """(store id, item id) → what lies there by its last day; one query."""
    found = supply.totals_by_expiry(places, items)
    return {line: [Part(*part) for part in parts] for line, parts in found.items()}


def _covers(
    found: list[Any],  # shelters that carry `heads`
    day: date,
    rations: "dict[tuple[Item, int | None], Decimal]",
    stock: Mapping[tuple[int, int], list[Part]],
) -> list[Cover]:
    items = {item.pk: item for item, _shelter in rations}
    lines = []
    for shelter in found:
        given = {item: rations.get((item, shelter.pk), rations.get((item, None))) for item in items.values()}
        own = [
            _cover(shelter, item, stock.get((shelter.store_id, item.pk), []), grams, day)
            for item, grams in given.items()
            if grams is not None
        ]
        lines += own or [Cover(shelter, None, shelter.heads, Decimal(0), None, day)]
    return sorted(lines, key=lambda line: (line.days is None, line.days or 0, line.shelter.code))


def _cover(shelter: Any, item: "Item", parts: list[Part], grams: Decimal, day: date) -> Cover:
    """At an unchanging need: what expires before it is used is found with the heads of the day."""
    a_day = weighed_out(item, grams * shelter.heads) or Decimal(0)
    lost = spoiled(parts, day, lambda last: a_day * ((last - day).days + 1))
    if not a_day:  # nothing tells how much will be used: what is expired already
        lost = [part for part in lost if part.expires_on is not None and part.expires_on < day]
    held = sum((part.quantity for part in parts), Decimal(0))
    return Cover(
        shelter, item, shelter.heads, held, grams, day, sum((part.quantity for part in lost), Decimal(0))
    )
