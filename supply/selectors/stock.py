from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Sum, UUIDField, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from core.models import QuantityField
from core.prepared import Asked, Prepared
from supply.enums import PlaceKind
from supply.models import (
    Balance,
    Item,
    Lot,
    Movement,
    Place,
    Recipient,
    balances_on,
)

ZERO = Value(Decimal(0), output_field=QuantityField())


def held(place: Place, item: Item, lot: Lot | None = None) -> Decimal:
    """What the place has now of this item and lot, in the base unit."""
    line = Balance.objects.filter(place=place, item=item, lot=lot).values_list("quantity", flat=True).first()
    return Decimal(0) if line is None else line


def held_on(day: date, place: Place, item: Item, lot: Lot | None = None) -> Decimal:
    """The same at the end of a day, from the ledger."""
    moved = Movement.objects.of_place(place).filter(occurred_on__lte=day, item=item, lot=lot)
    change = Case(When(destination=place, then=F("quantity")), default=-F("quantity"))
    return moved.aggregate(held=Coalesce(Sum(change), ZERO))["held"]


def balances(user: User) -> QuerySet[Balance]:
    """Every line that holds something, of the places the person may see; first to expire first."""
    lines = Balance.objects.visible_to(user).filter(quantity__gt=0)
    first = F("lot__expires_on").asc(nulls_last=True)
    return lines.select_related("place", "item", "lot").order_by(first, "place__code", "item__code")


def stock_on(user: User, day: date) -> QuerySet[Balance]:
    """`balances` as they were at the end of a day, re-added from the ledger in one query."""
    return balances_on(day).visible_to(user).select_related("place", "item", "lot")


def stock_of(place: Place) -> QuerySet[Balance]:
    """What lies at a place, with the packs of its items, first to expire first.

    The caller has seen to it that it may be shown.
    """
    return stock_at(place).prefetch_related("item__packs")


def stock_at(place: Place | Asked) -> QuerySet[Balance]:
    """What lies at a place, without the packs, first to expire first."""
    lines = Balance.objects.filter(place=place, quantity__gt=0).select_related("item", "lot")
    return lines.order_by(F("lot__expires_on").asc(nulls_last=True), "item__kind", "item__code")


def warehouses() -> QuerySet[Place]:
    """Named by code. The caller has seen to it that they may be shown."""
    return Place.objects.filter(kind=PlaceKind.WAREHOUSE).order_by("code")


def totals(places: Iterable[int], items: Iterable[int]) -> dict[tuple[int, int], Decimal]:
    """(place id, item id) → quantity over all lots."""
    lines = Balance.objects.filter(place__in=places, item__in=items).order_by()
    summed = lines.values_list("place", "item").annotate(held=Sum("quantity"))
    return {(place, item): quantity for place, item, quantity in summed}


def lots_at(place: Place) -> QuerySet[Lot]:
    """Lots that are or ever were at the place; annotated `held`. First to expire first."""
    at_place = Balance.objects.filter(place=place, lot=OuterRef("pk")).values("quantity")
    lots = Lot.objects.annotate(held=Subquery(at_place)).filter(held__isnull=False)
    return lots.order_by(F("expires_on").asc(nulls_last=True), "code")


def items() -> QuerySet[Item]:
    return Item.objects.prefetch_related("packs")


_ITEM = Prepared(lambda: Item.objects.filter(uuid=Asked("uuid", UUIDField())))


def item_named(uuid: UUID) -> Item | None:
    """Without its packs."""
    return _ITEM.first(uuid=uuid)


_SINK = Prepared(lambda: Place.objects.filter(kind=Asked("kind", CharField())))


def sink(kind: PlaceKind) -> Place | None:
    """The one place of this kind (`SINKS`), once it was needed."""
    return _SINK.first(kind=kind)


def items_with_totals(user: User) -> QuerySet[Item]:
    """Every item, annotated `held`: what all places together have."""
    lines = Balance.objects.visible_to(user).filter(item=OuterRef("pk")).order_by().values("item")
    return items().annotate(held=Coalesce(Subquery(lines.annotate(sum=Sum("quantity")).values("sum")), ZERO))


def places(user: User) -> QuerySet[Place]:
    return Place.objects.visible_to(user)


def recipients() -> QuerySet[Recipient]:
    """Annotated `last_served_on`."""
    served = Movement.objects.deliveries().filter(destination=OuterRef("place")).order_by("-occurred_on")
    return Recipient.objects.annotate(last_served_on=Subquery(served.values("occurred_on")[:1]))
