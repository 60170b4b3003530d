"""What expires in a store before it is used, when the lot that expires first is used first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from shelters.models import Shelter
from shelters.selectors.covers import weighed_out
from shelters.selectors.eaten import eaten_of
from shelters.selectors.nights import heads_from
from shelters.selectors.rations import Rations
from shelters.selectors.registers import with_heads

if TYPE_CHECKING:
    from supply.models import Balance, Item, Lot

PLANNED_DAYS = 30  # beyond, the heads of the last of these nights count
SOON_DAYS = 30


@dataclass(frozen=True)
class Expiring:
    """A lot at a shelter. Amounts in the item's base unit.

    `unused`: what is left of it after its last day; None where no ration says how much is used.
    """

    shelter: Shelter
    item: "Item"
    lot: "Lot"
    held: Decimal
    unused: Decimal | None
    is_expired: bool


def expiring(shelters: QuerySet[Shelter], lines: "Iterable[Balance]", today: date) -> list[Expiring]:
    """Of the lots in these lines: those expired, those that will not be used up in time, and those without a
    ration that expire soon. First to expire first; none costs no query, else three, however many.

    A lot may be used on its last day. Lots that never expire are used last.
    """
    lots = _dated(lines)
    if not lots:
        return []
    found = list(with_heads(shelters, today))
    return _expiring(_Need(found, today, Rations(until=last_planned(today))), lots)


def expiring_at(
    shelter: Shelter, lines: "Iterable[Balance]", today: date, rations: Rations
) -> list[Expiring]:
    """`expiring` at one shelter that carries the heads of today; `rations`: to `last_planned`. One query."""
    lots = _dated(lines)
    return _expiring(_Need([shelter], today, rations), lots) if lots else []


def last_planned(today: date) -> date:
    """The last night whose heads are looked up one by one."""
    return today + timedelta(days=PLANNED_DAYS - 1)


def _dated(lines: "Iterable[Balance]") -> "list[Balance]":
    """First to expire first."""
    return sorted(
        (line for line in lines if line.lot is not None and line.lot.expires_on is not None),
        key=lambda line: (line.lot.expires_on, line.lot.code),  # type: ignore[union-attr]
    )


def _expiring(need: "_Need", lots: "list[Balance]") -> list[Expiring]:
    used: dict[tuple[int, int], Decimal] = {}
    found = [_line(need, line, used) for line in lots if line.place_id in need.shelters]
    return [line for line in found if line is not None]


class _Need:
    """How much of an item a store gives out until the end of a day."""

    def __init__(self, shelters: Sequence[Shelter], today: date, rations: Rations) -> None:
        self.today, self.rations = today, rations
        self.last = last_planned(today)
        self.heads = heads_from(shelters, today, self.last, planned_after=today)
        self.shelters = {shelter.store_id: shelter for shelter in shelters}

    def until(self, day: date, item: "Item", shelter: int) -> Decimal | None:
        """From today on, both days inside; None where there is no ration to say so."""
        if item.pk not in self.rations.items:  # most are never rationed
            return None
        days = min((day - self.today).days, PLANNED_DAYS - 1) + 1
        beyond = max((day - self.last).days, 0)
        grams = [self._grams(night, item, shelter) for night in range(PLANNED_DAYS)]
        if weighed_out(item, Decimal(0)) is None or not any(a_head for a_head, _heads in grams):
            return None
        by_night = [(a_head or Decimal(0)) * heads for a_head, heads in grams]
        return weighed_out(item, sum(by_night[:days], Decimal(0)) + by_night[-1] * beyond)

    def _grams(self, night: int, item: "Item", shelter: int) -> tuple[Decimal | None, int]:
        day = self.today + timedelta(days=night)
        return self.rations.grams(item.pk, shelter, day), self.heads[shelter][night]


def _line(need: _Need, line: "Balance", used: dict[tuple[int, int], Decimal]) -> Expiring | None:
    """`used`: (store, item) → what the lots before it give; this one adds its own."""
    lot: Any = line.lot  # only lots come here
    tell = partial(Expiring, need.shelters[line.place_id], line.item, lot, line.quantity)
    if lot.expires_on < need.today:
        return tell(unused=line.quantity, is_expired=True)
    needed = need.until(lot.expires_on, line.item, need.shelters[line.place_id].pk)
    if needed is None:
        is_soon = lot.expires_on < need.today + timedelta(days=SOON_DAYS)
        return tell(unused=None, is_expired=False) if is_soon else None
    before = used.get((line.place_id, line.item_id), Decimal(0))
    given = eaten_of(line.quantity, needed, before)
    used[line.place_id, line.item_id] = before + given
    return None if given == line.quantity else tell(unused=line.quantity - given, is_expired=False)
