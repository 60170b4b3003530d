from collections.abc import Iterable

from django.db.models import QuerySet

from supply.models import Balance, Place


def lines_at(place: Place) -> QuerySet[Balance]:
    """Every line that is or was at a place, also used up. The caller has seen to it that it may be shown."""
    return Balance.objects.filter(place=place).select_related("item", "lot").order_by("item__code", "lot")


def dated_lots(places: Iterable[int]) -> QuerySet[Balance]:
    """What lies at these places in lots that expire. The caller has seen to it that it may be shown."""
    lines = Balance.objects.filter(place__in=list(places), quantity__gt=0, lot__expires_on__isnull=False)
    return lines.select_related("item", "lot")
