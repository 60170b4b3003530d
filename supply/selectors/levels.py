from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from supply.models import Balance, Place, StockAlert, StockLevel
from supply.selectors.stock import ZERO


def _held(today: date) -> Coalesce:
    """What the row's place has now of the row's item, over all lots but the expired."""
    lines = Balance.objects.filter(
        Q(lot__expires_on__isnull=True) | Q(lot__expires_on__gte=today),
        place=OuterRef("place"), item=OuterRef("item"),
    ).order_by()  # fmt: skip
    return Coalesce(Subquery(lines.values("item").annotate(sum=Sum("quantity")).values("sum")), ZERO)


def levels(user: User, today: date) -> QuerySet[StockLevel]:
    """Annotated `held` now, without what is expired, and `is_low`: below the minimum."""
    return with_held(StockLevel.objects.filter(place__in=Place.objects.visible_to(user)), today)


def with_held(found: QuerySet[StockLevel], today: date) -> QuerySet[StockLevel]:
    is_low = ExpressionWrapper(Q(held__lt=F("minimum")), output_field=BooleanField())
    return found.select_related("place", "item").annotate(held=_held(today)).annotate(is_low=is_low)


def alerts(user: User) -> QuerySet[StockAlert]:
    """Open and past ones of the places the person may see; annotated `is_open`."""
    found = StockAlert.objects.filter(place__in=Place.objects.visible_to(user))
    is_open = ExpressionWrapper(Q(cleared_at__isnull=True), output_field=BooleanField())
    return found.select_related("place", "item").annotate(is_open=is_open)


def open_alerts_of(place: Any) -> QuerySet[StockAlert]:
    """Of a place, or of the one that a reference to an outer query means."""
    return StockAlert.objects.open().filter(place=place)


def open_alerts(places: Iterable[int] | QuerySet[Place], today: date) -> QuerySet[StockAlert]:
    """Of these places, annotated `held_now`, without what is expired.

    The caller has seen to it that they may be shown.
    """
    found = StockAlert.objects.open().filter(place__in=places)
    found = found.select_related("place", "item").annotate(held_now=_held(today))
    return found.order_by("place__code", "item__code")


def falling_short(found: QuerySet[StockLevel], today: date) -> QuerySet[StockLevel]:
    """Those below their minimum that no open alert tells of."""
    told = open_alerts_of(OuterRef("place")).filter(item=OuterRef("item"))
    return with_held(found, today).filter(~Exists(told), is_low=True)


def having_enough(today: date, shut: Iterable[int]) -> QuerySet[StockAlert]:
    """Open alerts whose place has its minimum again, none to keep, or is one of `shut`."""
    low = with_held(StockLevel.objects.exclude(place__in=shut), today).filter(
        is_low=True, place=OuterRef("place"), item=OuterRef("item")
    )
    return StockAlert.objects.open().filter(~Exists(low))
