from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet, Sum

from supply.models import Balance, Place


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
