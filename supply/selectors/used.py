from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from supply.enums import PlaceKind
from supply.models import Movement


def used_between(
    places: Iterable[int], items: Iterable[int], first: date, last: date
) -> dict[tuple[int, int], Decimal]:
    """(place id, item id) → used or handed out there on these days, both inside; without mistakes."""
    used = Movement.objects.effective().filter(
        source__in=list(places),
        item__in=list(items),
        destination__kind=PlaceKind.CONSUMED,
        occurred_on__range=(first, last),
    )
    summed = used.order_by().values_list("source", "item").annotate(used=Sum("quantity"))
    return {(place, item): quantity for place, item, quantity in summed}
