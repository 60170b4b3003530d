from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from accounts.models import User
from shelters.models import Shelter
from supply import selectors as supply
from supply.enums import Reason, Unit

if TYPE_CHECKING:
    from supply.models import Item, Movement, Place, StockCount


@dataclass(frozen=True)
class Booked:
    """What one sent form booked: a movement, a count, or a count with its movement.

    `before`: the other movements of a booking out of several lots; `held`: what is left, of all lots then.
    """

    movement: "Movement | None"
    count: "StockCount | None"
    held: Decimal
    before: "tuple[Movement, ...]" = ()

    @property
    def item(self) -> "Item":
        return (self.count or self.movement).item  # type: ignore[union-attr]

    @property
    def day(self) -> date:
        return self.count.counted_on if self.count else self.movement.occurred_on  # type: ignore[union-attr]

    @property
    def name(self) -> str:
        """The item and its lot, if it is one."""
        if self.before:
            return str(self.item)
        lot = (self.count or self.movement).lot  # type: ignore[union-attr]
        return f"{self.item} {lot}" if lot else str(self.item)

    @property
    def said(self) -> str:
        """How much, of all lots together."""
        if not self.before:
            return self.movement.said  # type: ignore[union-attr]
        return Unit(self.item.base_unit).amount(sum(part.quantity for part in self.parts))

    @property
    def parts(self) -> "tuple[Movement, ...]":
        """Where it was taken out of several lots."""
        return (*self.before, self.movement) if self.before and self.movement else ()


def booked(*, by: User, shelter: Shelter, key: UUID) -> Booked | None:
    """The answer to a form, the same however often it was sent. `held`: what is there now."""
    movement = supply.movements_of(shelter.store).filter(by=by, key=key).first()
    count = supply.counts_of(shelter.store).filter(by=by, key=key).first()
    line = count or movement
    if line is None:
        return None
    before = tuple(supply.parts_before(movement)) if movement and movement.reason == Reason.USED else ()
    if before:
        return Booked(movement, count, left(shelter.store, line.item), before)
    return Booked(movement, count, supply.held(shelter.store, line.item, line.lot))


def left(store: "Place", item: "Item") -> Decimal:
    """Of an item there, in the base unit, over all lots."""
    return supply.totals([store.pk], [item.pk])[store.pk, item.pk]


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
