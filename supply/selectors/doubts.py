"""What speaks against an entry as it was typed: it is asked about once."""

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from supply.enums import PlaceKind
from supply.models import ConsignmentLine, Item, Movement, Place, StockCount
from supply.selectors.consignments import arriving_at


def under_way_to(place: Place, *items: Item) -> dict[int, list[ConsignmentLine]]:
    """Item id → the lines of consignments that are on their way there, the earliest first."""
    found: dict[int, list[ConsignmentLine]] = {}
    for line in arriving_at(place).filter(item__in=items):
        found.setdefault(line.item_id, []).append(line)
    return found


def counted_after(place: Place, day: date) -> dict[tuple[int, int | None], StockCount]:
    """(item id, lot id) → the last count of a later day, if its difference was not taken back."""
    later = StockCount.objects.filter(place=place, counted_on__gt=day, movement__reversed_by__isnull=True)
    return {(one.item_id, one.lot_id): one for one in later.order_by("counted_on", "id")}


def last_use(place: Place, item: Item, day: date) -> tuple[Movement | None, Decimal]:
    """Of an item used or handed out on a day: the last entry, with who logged it, and how much in all."""
    used = Movement.objects.effective().filter(
        source=place, item=item, occurred_on=day, destination__kind=PlaceKind.CONSUMED
    )
    total: Decimal | None = used.aggregate(sum=Sum("quantity"))["sum"]
    return used.select_related("by").order_by("-id").first(), total or Decimal(0)
