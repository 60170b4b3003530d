"""What the office chooses from when it books."""

from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from supply.enums import PlaceKind
from supply.models import (
    ConsignmentLine,
    CountLine,
    Item,
    Movement,
    Pack,
    Place,
    StandingPlanLine,
    StockCount,
    StockLevel,
)
from supply.selectors.movements import movements


def own_places(user: User) -> QuerySet[Place]:
    """Where goods lie, as far as the person may see; annotated `lines`: how many hold something.

    What is on its way stands in its consignment, not here.
    """
    found = Place.objects.visible_to(user).real().exclude(kind=PlaceKind.TRANSIT)
    return found.annotate(lines=Count("balances", filter=Q(balances__quantity__gt=0)))


def registered_places(user: User) -> QuerySet[Place]:
    """Stores, warehouses and givers, annotated as `own_places`."""
    kinds = (PlaceKind.STORE, PlaceKind.WAREHOUSE, PlaceKind.SUPPLIER)
    found = Place.objects.visible_to(user).filter(kind__in=kinds)
    return found.annotate(lines=Count("balances", filter=Q(balances__quantity__gt=0)))


def places_without_a_shelter(user: User) -> QuerySet[Place]:
    return registered_places(user).exclude(kind=PlaceKind.STORE)


def givers() -> QuerySet[Place]:
    return Place.objects.filter(kind=PlaceKind.SUPPLIER)


def booked_with(user: User, key: UUID) -> Movement | None:
    """What the person's form with this key booked."""
    return movements(user).filter(key=key, by=user).first()


def has_amounts(item: Item) -> bool:
    """Whether anything here names so much of it, in its base unit."""
    named = [
        Exists(model._default_manager.filter(item=OuterRef("pk")))
        for model in (Movement, StockCount, CountLine, Pack, StockLevel, ConsignmentLine, StandingPlanLine)
    ]
    return Item.objects.filter(reduce(or_, map(Q, named)), pk=item.pk).exists()
