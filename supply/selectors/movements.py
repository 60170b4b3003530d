from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Sum, When

from accounts.asking import PreparedFor
from accounts.models import User
from core.models import QuantityField
from core.prepared import Asked, Prepared, among_keys
from supply.enums import PlaceKind
from supply.models import ConsignmentBooking, Movement, Place, StockCount

_KEY_IS_KNOWN = """
SELECT EXISTS (SELECT FROM supply_movement WHERE key = %s)
    OR EXISTS (SELECT FROM supply_stockcount WHERE key = %s)
"""
FAR_BACK = 100  # movements of a place on either side that say what is used there


def movements(user: User) -> QuerySet[Movement]:
    """All that the person may see, newest first; annotated `is_mistake`: taken back, or taking back."""
    return _told(Movement.objects.visible_to(user))


def movements_among(user: User, keys: list[int]) -> list[Movement]:
    """Those of `movements` that have these keys, in no order."""
    return _AMONG.rows(user, keys=keys)


def movements_with_links(user: User) -> QuerySet[Movement]:
    """`movements` for one row's page: with what it takes back or what took it back, count and consignment."""
    return movements(user).select_related(
        "reverses__by", "reversed_by__by", "stock_count", "consignment_booking__line__consignment"
    )


def movements_of(place: Place) -> QuerySet[Movement]:
    """Of one place, as it was typed in, newest first. The caller has seen to it that it may be shown."""
    return _told(Movement.objects.of_place(place)).order_by("-recorded_at", "-id")


def entries_of(place: Place) -> QuerySet[Movement]:
    """`movements_of` with the packs, annotated `change` of what lies there: below zero for what left."""
    came = When(destination=place, then=F("quantity"))
    change = Case(came, default=-F("quantity"), output_field=QuantityField())
    return movements_of(place).annotate(change=change).prefetch_related("item__packs")


def _told(queryset: QuerySet[Movement], *related: str) -> QuerySet[Movement]:
    mistake = Q(reverses__isnull=False) | Q(Exists(Movement.objects.filter(reverses=OuterRef("pk"))))
    with_them = related or ("item", "lot", "source", "destination", "by", "route")
    return queryset.select_related(*with_them).annotate(is_mistake=Q(mistake))


def counts_of(place: Place) -> QuerySet[StockCount]:
    return StockCount.objects.filter(place=place).select_related("item", "lot", "movement")


def steps_among(movements: Iterable[Movement]) -> set[int]:
    """Ids of those that belong to a consignment: its steps are taken back on its page alone."""
    keys = [movement.pk for movement in movements]
    return set(_STEPS.rows(keys=keys)) if keys else set()


def is_key_known(key: UUID) -> bool:
    """Whether a form with this key was booked already: as a movement, a count, or both.

    Asked before every booking: in SQL, for to write it anew each time takes longer than the answer.
    """
    with connection.cursor() as cursor:
        cursor.execute(_KEY_IS_KNOWN, [key, key])
        return cursor.fetchone()[0]


def last_entry(place: Place, by: User) -> Movement | None:
    """What the person logged there last; annotated `is_mistake`."""
    logged = Movement.objects.of_place(place).filter(by=by, reverses__isnull=True)
    return _told(logged).order_by("-id").first()


def used_on(place: Place, day: date) -> dict[int, Decimal]:
    """Item id → how much was used up or handed out there on the day, without mistakes."""
    used = Movement.objects.effective().filter(
        source=place, occurred_on=day, destination__kind=PlaceKind.CONSUMED
    )
    return dict(used.order_by().values_list("item").annotate(used=Sum("quantity")))


def last_movements_at(place: Place | Asked, number: int) -> QuerySet[Movement]:
    """The newest of a place, as it was typed in, with item and person.

    Its cost does not grow with the ledger: the rows are found by an index first and joined then. With as many
    tables as a movement's own page the planner would take longer than all the rest.
    """
    newest = Movement.objects.filter(pk__in=_newest(place, number, "pk"))
    return _told(newest, "item", "by").order_by("-id")[:number]


def last_used(place: Place) -> dict[int, int]:
    """Item id → rank among the last movements of the place: the item moved last is 0."""
    newest: list[tuple[int, int]] = list(_newest(place, FAR_BACK, "pk", "item"))
    items = dict.fromkeys(item for _key, item in sorted(newest, reverse=True))
    return {item: rank for rank, item in enumerate(items)}


def _newest(place: Place | Asked, number: int, *names: str) -> QuerySet[Movement, Any]:
    """Values of the newest on either side of a place: twice the number at most, in no order."""
    sides = (Movement.objects.filter(source=place), Movement.objects.filter(destination=place))
    out, into = (side.order_by("-id").values_list(*names)[:number] for side in sides)
    return out.union(into)


def _among(person: Any) -> QuerySet[Movement]:
    return movements(person).filter(among_keys()).order_by()


_STEPS: Prepared[int] = Prepared(
    lambda: ConsignmentBooking.objects.filter(among_keys("movement")).values_list("movement", flat=True)
)
_AMONG = PreparedFor(_among)
