from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from accounts.models import User
from shelters.models import Shelter
from supply import selectors as supply

if TYPE_CHECKING:
    from supply.models import Item, Movement, StockCount


@dataclass(frozen=True)
class Booked:
    """What one sent form booked: a movement, a count, or a count with its movement."""

    movement: "Movement | None"
    count: "StockCount | None"
    held: Decimal

    @property
    def item(self) -> "Item":
        return (self.count or self.movement).item  # type: ignore[union-attr]

    @property
    def day(self) -> date:
        return self.count.counted_on if self.count else self.movement.occurred_on  # type: ignore[union-attr]

    @property
    def name(self) -> str:
        """The item and its lot."""
        lot = (self.count or self.movement).lot  # type: ignore[union-attr]
        return f"{self.item} {lot}" if lot else str(self.item)


def booked(*, by: User, shelter: Shelter, key: UUID) -> Booked | None:
    """The answer to a form, the same however often it was sent. `held`: what is there now."""
    movement = supply.movements_of(shelter.store).filter(by=by, key=key).first()
    count = supply.counts_of(shelter.store).filter(by=by, key=key).first()
    line = count or movement
    if line is None:
        return None
    return Booked(movement, count, supply.held(shelter.store, line.item, line.lot))


def all_booked(*, by: User, shelter: Shelter, keys: Iterable[UUID]) -> list[Booked]:
    """The answer to a form that booked several lines, each under one of these keys. Two queries and one more
    for what is there now."""
    keys = list(keys)
    movements = {one.key: one for one in supply.movements_of(shelter.store).filter(by=by, key__in=keys)}
    counts = {one.key: one for one in supply.counts_of(shelter.store).filter(by=by, key__in=keys)}
    held = {(line.item_id, line.lot_id): line.quantity for line in supply.stock_of(shelter.store)}
    found = []
    for key in keys:
        movement, count = movements.get(key), counts.get(key)
        line = count or movement
        if line is not None:
            found.append(Booked(movement, count, held.get((line.item_id, line.lot_id), Decimal(0))))
    return found
