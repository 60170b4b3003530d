from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, QuerySet, Sum, Value

from supply.models import Balance, Item, Lot, Place, lot_number


def lines_at(place: Place) -> QuerySet[Balance]:
    """Every line that is or was at a place, also used up. The caller has seen to it that it may be shown."""
    return Balance.objects.filter(place=place).select_related("item", "lot").order_by("item__code", "lot")


def dated_lots(places: Iterable[int]) -> QuerySet[Balance]:
    """What lies at these places in lots that expire. The caller has seen to it that it may be shown."""
    lines = Balance.objects.filter(place__in=list(places), quantity__gt=0, lot__expires_on__isnull=False)
    return lines.select_related("item", "lot")


def totals_by_expiry(
    places: Iterable[int], items: Iterable[int]
) -> dict[tuple[int, int], list[tuple[date | None, Decimal]]]:
    """(place id, item id) → the last day of what lies there, None where it has none, and how much of it."""
    lines = Balance.objects.filter(place__in=list(places), item__in=list(items), quantity__gt=0).order_by()
    found: dict[tuple[int, int], list[tuple[date | None, Decimal]]] = {}
    for place, item, expires_on, held in lines.values_list("place", "item", "lot__expires_on").annotate(
        held=Sum("quantity")
    ):
        found.setdefault((place, item), []).append((expires_on, held))
    return found


def lots() -> QuerySet[Lot]:
    return Lot.objects.select_related("item")


def lots_held(item: Item) -> QuerySet[Lot]:
    """Those of which something lies anywhere that the person may see, first to expire first."""
    lying = Balance.objects.filter(lot=OuterRef("pk"), quantity__gt=0)
    return item.lots.filter(Exists(lying)).order_by(F("expires_on").asc(nulls_last=True), "code")


def lot_numbered(item: Item, code: str) -> Lot | None:
    """The item's lot of this number, however it is written; of several the one written just so."""
    found = item.lots.annotate(number=lot_number(F("code"))).filter(number=lot_number(Value(code)))
    return min(found, key=lambda lot: (lot.code != code, lot.apart), default=None)


def lots_lying(place: Place, item: Item) -> QuerySet[Balance]:
    """What lies there of an item in lots. The caller has seen to it that it may be shown."""
    return lines_at(place).filter(item=item, lot__isnull=False, quantity__gt=0)
