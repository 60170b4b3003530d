"""What filters let choose from: asked with every register, and hundreds of rows long."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from accounts.asking import PreparedFor
from accounts.models import User
from core.prepared import Prepared
from supply.enums import PlaceKind
from supply.models import Balance, Item, Place


def without_empty_transit(places: QuerySet[Place]) -> QuerySet[Place]:
    """Without those in transit where nothing lies any more.

    Each consignment has a place of its own while it is under way: years of them would fill every page.
    """
    held = Balance.objects.filter(place=OuterRef("pk"), quantity__gt=0)
    return places.filter(~Q(kind=PlaceKind.TRANSIT) | Exists(held))


_PLACES = PreparedFor(
    lambda person: without_empty_transit(Place.objects.visible_to(person)).values_list("pk", "code")
)
_ITEMS = Prepared(lambda: Item.objects.values_list("pk", "name"))
_ITEMS_IN_JAPANESE = Prepared(
    lambda: Item.objects.values_list("pk", Coalesce(NullIf("name_ja", Value("")), "name"))
)


def places_to_choose(user: User) -> list[tuple[int, str]]:
    """Id and code of all that the person may see."""
    return _PLACES.rows(user)


def items_to_choose(*, in_japanese: bool) -> list[tuple[int, str]]:
    """Id and name, as an item calls itself in this language."""
    return (_ITEMS_IN_JAPANESE if in_japanese else _ITEMS).rows()
