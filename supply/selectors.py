from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import Case, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from accounts.models import User
from core.fiscal import month_of, next_month
from core.models import QuantityField
from core.quantities import GRAMS_PER_KILOGRAM
from supply.enums import PlaceKind, Unit
from supply.models import (
    Balance,
    Item,
    Lot,
    Movement,
    Place,
    Recipient,
    Route,
    RouteStatus,
    RouteTarget,
    StockCount,
)

ZERO = Value(Decimal(0), output_field=QuantityField())


# --- for the annual report ------------------------------------------------------------------------------


def deliveries_between(first: date, last: date) -> QuerySet[Movement]:
    """Handed over to recipients on these days, both inside; without mistakes and their reversals."""
    return Movement.objects.deliveries().filter(occurred_on__range=(first, last))


def brought_to_shelters_between(first: date, last: date) -> QuerySet[Movement]:
    """What came into shelters' stores from outside: not from shelter to shelter, not by a count."""
    return Movement.objects.effective().filter(
        occurred_on__range=(first, last),
        destination__kind=PlaceKind.STORE,
        source__kind__in=(PlaceKind.SUPPLIER, PlaceKind.WAREHOUSE, PlaceKind.TRANSIT),
    )


def recipients_served_between(first: date, last: date, *, item_kind: str) -> QuerySet[Recipient]:
    """Recipients given goods of a kind on these days; annotated `last_served_on`."""
    given = Q(occurred_on__range=(first, last), item__kind=item_kind)
    served = Movement.objects.deliveries().filter(given, destination=OuterRef("place"))
    last_day = served.order_by("-occurred_on").values("occurred_on")[:1]
    return Recipient.objects.filter(Exists(served)).annotate(last_served_on=Subquery(last_day))


# --- what lies where -----------------------------------------------------------------------------------


def held(place: Place, item: Item, lot: Lot | None = None) -> Decimal:
    """What the place has now of this item and lot, in the base unit."""
    line = Balance.objects.filter(place=place, item=item, lot=lot).values_list("quantity", flat=True).first()
    return Decimal(0) if line is None else line


def held_on(day: date, place: Place, item: Item, lot: Lot | None = None) -> Decimal:
    """The same at the end of a day, from the ledger."""
    return (
        _stock_on(day, place)
        .filter(item=item, lot=lot)
        .aggregate(held=Coalesce(_signed(place), ZERO))["held"]
    )


def stock_on(day: date, place: Place) -> dict[tuple[int, int | None], Decimal]:
    """(item id, lot id or None) → quantity at the end of a day, re-added from the ledger in one query."""
    lines = _stock_on(day, place).order_by().values_list("item", "lot").annotate(held=_signed(place))
    return {(item, lot): quantity for item, lot, quantity in lines if quantity}


def _stock_on(day: date, place: Place) -> QuerySet[Movement]:
    return Movement.objects.of_place(place).filter(occurred_on__lte=day)


def _signed(place: Place) -> Sum:
    return Sum(Case(When(destination=place, then=F("quantity")), default=-F("quantity")))


def balances(user: User) -> QuerySet[Balance]:
    """Every line that holds something, of the places the person may see."""
    places = Place.objects.visible_to(user)
    return Balance.objects.filter(place__in=places, quantity__gt=0).select_related("place", "item", "lot")


def stock_of(place: Place) -> QuerySet[Balance]:
    """What lies at a place, with the packs of its items. The caller has seen to it that it may be shown."""
    lines = Balance.objects.filter(place=place, quantity__gt=0)
    return (
        lines.select_related("item", "lot")
        .prefetch_related("item__packs")
        .order_by("item__kind", "item__code")
    )


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


def items_with_totals(user: User) -> QuerySet[Item]:
    """Every item, annotated `held`: what all places together have."""
    places = Place.objects.visible_to(user)
    lines = Balance.objects.filter(place__in=places, item=OuterRef("pk")).order_by().values("item")
    return items().annotate(held=Coalesce(Subquery(lines.annotate(sum=Sum("quantity")).values("sum")), ZERO))


def places(user: User) -> QuerySet[Place]:
    return Place.objects.visible_to(user)


def recipients() -> QuerySet[Recipient]:
    """Annotated `last_served_on`."""
    served = Movement.objects.deliveries().filter(destination=OuterRef("place")).order_by("-occurred_on")
    return Recipient.objects.annotate(last_served_on=Subquery(served.values("occurred_on")[:1]))


# --- the ledger ----------------------------------------------------------------------------------------


def movements(user: User) -> QuerySet[Movement]:
    """All that the person may see, newest first; annotated `is_mistake`: taken back, or taking back."""
    return _told(Movement.objects.visible_to(user))


def movements_of(place: Place) -> QuerySet[Movement]:
    """Of one place, as it was typed in, newest first. The caller has seen to it that it may be shown."""
    return _told(Movement.objects.of_place(place)).order_by("-recorded_at", "-id")


def _told(queryset: QuerySet[Movement]) -> QuerySet[Movement]:
    mistake = Q(reverses__isnull=False) | Q(Exists(Movement.objects.filter(reverses=OuterRef("pk"))))
    related = ("item", "lot", "source", "destination", "by", "route")
    return queryset.select_related(*related).annotate(is_mistake=Q(mistake))


def counts_of(place: Place) -> QuerySet[StockCount]:
    return StockCount.objects.filter(place=place).select_related("item", "lot", "movement")


def last_entry(place: Place, by: User) -> Movement | None:
    """What the person logged there last."""
    logged = Movement.objects.of_place(place).filter(by=by, reverses__isnull=True)
    return logged.select_related("item", "lot", "source", "destination").order_by("-id").first()


def last_used(place: Place) -> dict[int, int]:
    """Item id → rank: the item moved last at the place is 0."""
    newest = Movement.objects.of_place(place).order_by().values("item").annotate(last=Max("id"))
    return {row["item"]: rank for rank, row in enumerate(newest.order_by("-last"))}


@dataclass(frozen=True)
class Difference:
    """Where ledger and balance disagree, or (`day` given) where the ledger says less than nothing."""

    place: str
    item: str
    lot: str | None
    day: date | None
    ledger: Decimal
    balance: Decimal


def check_ledger() -> list[Difference]:
    """Re-add the whole ledger: every line against its balance, and every day of every line against zero."""
    with connection.cursor() as cursor:
        cursor.execute(_RE_ADDED)
        return [Difference(*row) for row in cursor.fetchall()]


_RE_ADDED = """
WITH days AS (
  SELECT place_id, item_id, lot_id, day, sum(change) AS change FROM (
    SELECT destination_id AS place_id, item_id, lot_id, occurred_on AS day, quantity AS change
      FROM supply_movement
    UNION ALL
    SELECT source_id, item_id, lot_id, occurred_on, -quantity FROM supply_movement
  ) AS changes
  JOIN supply_place AS place ON place.id = place_id AND place.kind IN ('store', 'warehouse', 'transit')
  GROUP BY place_id, item_id, lot_id, day
), at_end AS (
  SELECT *, sum(change) OVER (PARTITION BY place_id, item_id, lot_id ORDER BY day) AS held FROM days
), found AS (
  SELECT coalesce(l.place_id, b.place_id) AS place_id, coalesce(l.item_id, b.item_id) AS item_id,
         coalesce(l.lot_id, b.lot_id) AS lot_id, NULL::date AS day,
         coalesce(l.held, 0) AS ledger, coalesce(b.quantity, 0) AS balance
    FROM (SELECT place_id, item_id, lot_id, sum(change) AS held FROM days GROUP BY 1, 2, 3) AS l
    FULL JOIN supply_balance AS b
      ON (b.place_id, b.item_id, coalesce(b.lot_id, 0)) = (l.place_id, l.item_id, coalesce(l.lot_id, 0))
    WHERE coalesce(l.held, 0) <> coalesce(b.quantity, 0)
  UNION ALL
  SELECT place_id, item_id, lot_id, day, held, 0 FROM at_end WHERE held < 0
)
SELECT place.code, item.code, lot.code, found.day, found.ledger, found.balance
  FROM found JOIN supply_place AS place ON place.id = found.place_id
  JOIN supply_item AS item ON item.id = found.item_id LEFT JOIN supply_lot AS lot ON lot.id = found.lot_id
  ORDER BY place.code, item.code, lot.code, found.day NULLS FIRST
"""


# --- routes: planned against actual --------------------------------------------------------------------


def routes(today: date) -> QuerySet[Route]:
    """Annotated `state` now, `target` kg this month, `carried`, `carried_before`: kg this and last month."""
    month = month_of(today)
    before = month_of(month - timedelta(days=1))
    newest_first = RouteStatus.objects.filter(route=OuterRef("pk"), since__lte=today).order_by(
        "-since", "-id"
    )
    targets = RouteTarget.objects.filter(route=OuterRef("pk"), from_month__lte=month).order_by("-from_month")
    return Route.objects.annotate(
        state=Subquery(newest_first.values("state")[:1]),
        target=Subquery(targets.values("kilograms_a_month")[:1]),
        carried=_carried(month, next_month(month)),
        carried_before=_carried(before, month),
    )


def _carried(first: date, end: date) -> Coalesce:
    """Kilograms that arrived over a route, at a shelter or at recipients; what is not weighed is left out."""
    arrived = Movement.objects.effective().filter(
        route=OuterRef("pk"),
        occurred_on__gte=first,
        occurred_on__lt=end,
        destination__kind__in=(PlaceKind.STORE, PlaceKind.RECIPIENT),
    )
    kilograms = Case(
        When(item__base_unit=Unit.KILOGRAM, then=F("quantity")),
        When(item__base_unit=Unit.GRAM, then=F("quantity") / GRAMS_PER_KILOGRAM),
        output_field=QuantityField(),
    )
    summed = arrived.order_by().values("route").annotate(kilograms=Sum(kilograms)).values("kilograms")
    return Coalesce(Subquery(summed), ZERO)
