from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from core.quantities import GRAMS_PER_KILOGRAM
from shelters.models import RationRule, Shelter
from supply import selectors as supply
from supply.enums import Unit

if TYPE_CHECKING:
    from supply.models import Item
from shelters.selectors.registers import with_heads, with_state

LOW_DAYS = 7
FAR_DAYS = 3650  # beyond, a day on which the store runs out says nothing


def rations_on(day: date) -> "dict[tuple[Item, int | None], Decimal]":
    """(item, shelter id or None for all) → grams a person and day in force on the day."""
    rules = RationRule.objects.filter(valid_from__lte=day).select_related("item").order_by("valid_from")
    return {(rule.item, rule.shelter_id): rule.grams for rule in rules}


def ration_on(day: date, item: "Item", shelter: Shelter) -> Decimal | None:
    """Grams a person and day; the shelter's own rule goes before the one for all."""
    rations = rations_on(day)
    return rations.get((item, shelter.pk), rations.get((item, None)))


def weighed_out(item: "Item", grams: Decimal) -> Decimal | None:
    """Grams in the base unit of the item; None where it is not weighed."""
    return {Unit.KILOGRAM: grams / GRAMS_PER_KILOGRAM, Unit.GRAM: grams}.get(Unit(item.base_unit))


@dataclass(frozen=True)
class Cover:
    """How long an item lasts at a shelter. `grams` a person and day; `held` in the item's base unit."""

    shelter: Shelter
    item: "Item | None"
    heads: int
    held: Decimal
    grams: Decimal | None
    day: date

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
        return None if need is None else (self.held / need).quantize(Decimal("0.1"), ROUND_DOWN)

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
    found = list(with_state(with_heads(shelters, day), day))
    rations = rations_on(day)
    items = [item.pk for item, _shelter in rations]
    return _covers(found, day, rations, supply.totals([shelter.store_id for shelter in found], items))


def covers_of(shelter: Shelter, day: date, held: Mapping[int, Decimal]) -> list[Cover]:
    """The same for one shelter that carries `heads`; `held`: item id → what is in store. One query."""
    stock = {(shelter.store_id, item): quantity for item, quantity in held.items()}
    return _covers([shelter], day, rations_on(day), stock)


def _covers(
    found: list[Any],  # shelters that carry `heads`
    day: date,
    rations: "dict[tuple[Item, int | None], Decimal]",
    stock: Mapping[tuple[int, int], Decimal],
) -> list[Cover]:
    items = {item.pk: item for item, _shelter in rations}
    lines = []
    for shelter in found:
        given = {item: rations.get((item, shelter.pk), rations.get((item, None))) for item in items.values()}
        own = [
            Cover(
                shelter, item, shelter.heads, stock.get((shelter.store_id, item.pk), Decimal(0)), grams, day
            )
            for item, grams in given.items()
            if grams is not None
        ]
        lines += own or [Cover(shelter, None, shelter.heads, Decimal(0), None, day)]
    return sorted(lines, key=lambda line: (line.days is None, line.days or 0, line.shelter.code))


def days_left(shelter: Shelter, item: "Item", day: date) -> Decimal | None:
    """Stock ÷ daily need at the ration in force; None when nobody is there or there is no ration."""
    lines = covers(Shelter.objects.filter(pk=shelter.pk), day)
    return next((line.days for line in lines if line.item == item), None)
