"""What a shelter uses on a usual day, by its rations."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from shelters.models import Shelter
from shelters.selectors.covers import covers
from supply import selectors as supply

if TYPE_CHECKING:
    from supply.models import Item

THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True)
class Usual:
    """One item's ration of a day for everybody there. `quantity`, `used`: in the base unit; `used` today."""

    item: "Item"
    heads: int
    quantity: Decimal
    used: Decimal


def usual_rations(shelter: Shelter, day: date) -> list[Usual]:
    """Of the items in store whose ration can be weighed; none where nobody is there. Four queries."""
    lines = covers(Shelter.objects.filter(pk=shelter.pk), day)
    used = supply.used_on(shelter.store, day)
    return [
        Usual(
            item=line.item,
            heads=line.heads,
            quantity=line.daily_need.quantize(THOUSANDTH, ROUND_HALF_UP),
            used=used.get(line.item.pk, Decimal(0)),
        )
        for line in lines
        if line.item and line.daily_need and line.usable
    ]
