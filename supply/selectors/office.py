"""What the office chooses from when it books."""

from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from supply.enums import PlaceKind
from supply.models import Item, Movement, Place
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


def has_moved(item: Item) -> bool:
    return Item.objects.filter(Exists(Movement.objects.filter(item=OuterRef("pk"))), pk=item.pk).exists()
