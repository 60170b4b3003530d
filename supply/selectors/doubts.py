"""What speaks against an entry as it was typed: it is asked about once."""

from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

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


def counts_since(movement: Movement) -> list[StockCount]:
    """The last count at each of its places that came after the movement and so knew of it; none once it is
    taken back. Counts whose difference was taken back say nothing."""
    if Movement.objects.filter(reverses=movement).exists():
        return []
    is_later = Q(counted_on__gt=movement.occurred_on) | Q(
        counted_on=movement.occurred_on, recorded_at__gt=movement.recorded_at
    )
    later = StockCount.objects.filter(
        is_later, place__in=(movement.source_id, movement.destination_id), item=movement.item_id,
        lot=movement.lot_id, movement__reversed_by__isnull=True,
    ).exclude(movement=movement.pk)  # fmt: skip
    last = {one.place_id: one for one in later.select_related("item").order_by("counted_on", "id")}
    return list(last.values())


def last_use(place: Place, item: Item, day: date) -> tuple[Movement | None, Decimal]:
    """Of an item used or handed out on a day: the last entry, with who logged it, and how much in all."""
    used = Movement.objects.effective().filter(
        source=place, item=item, occurred_on=day, destination__kind=PlaceKind.CONSUMED
    )
    total: Decimal | None = used.aggregate(sum=Sum("quantity"))["sum"]
    return used.select_related("by").order_by("-id").first(), total or Decimal(0)
