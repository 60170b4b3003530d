"""One booking out of several lots: the last of its movements bears the key of the form."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TypeVar
from uuid import UUID, uuid5

from django.db.models import Case, F, Q, QuerySet, Sum, When

from core.models import QuantityField
from supply.enums import Reason
from supply.models import Balance, Item, Lot, Movement, Place

Line = TypeVar("Line")
MOST_PARTS = 40


def keys_of_parts(key: UUID) -> list[UUID]:
    """Of the movements before the last, in their order; how many there are, the ledger knows."""
    return [uuid5(key, f"part {number}") for number in range(1, MOST_PARTS)]


def booking_of(movement: Movement) -> list[Movement]:
    """All movements of the booking that it is a part of, in their order; alone, it is the only one.

    Nobody else books while one out of several lots is written: its parts follow one another.
    """
    if movement.reason != Reason.USED:
        return [movement]
    parts = Movement.objects.filter(
        source=movement.source_id, item=movement.item_id, by=movement.by_id, reason=Reason.USED
    )
    later = parts.filter(pk__gt=movement.pk).order_by("pk").values_list("key", flat=True)[:MOST_PARTS]
    last = next((key for key in later if movement.key in keys_of_parts(key)), movement.key)
    whole = parts.filter(key__in=[*keys_of_parts(last), last])
    return list(whole.select_related("item", "lot", "source", "destination", "reversed_by").order_by("pk"))


def parts_before(movement: Movement) -> QuerySet[Movement]:
    """The other movements of its booking, without those taken back."""
    keys = keys_of_parts(movement.key)
    parts = Movement.objects.effective().filter(key__in=keys, by=movement.by_id)
    return parts.select_related("item", "lot").order_by("id")


def first_to_expire(place: Place, item: Item, day: date, *, today: date) -> list[tuple[Lot | None, Decimal]]:
    """What lies there of an item and has not expired by the day, in the order in which it is taken.

    Of a day that has passed: what lay there at the end of that day and of every day since.
    """
    fresh = Q(lot__isnull=True) | Q(lot__expires_on__isnull=True) | Q(lot__expires_on__gte=day)
    lines = Balance.objects.filter(fresh, place=place, item=item, quantity__gt=0).select_related("lot")
    order = (F("lot__expires_on").asc(nulls_last=True), F("lot__code").asc(nulls_last=True))
    least = _least_since(place, item, day) if day < today else {}
    return [(line.lot, line.quantity + least.get(line.lot_id, Decimal(0))) for line in lines.order_by(*order)]


def _least_since(place: Place, item: Item, day: date) -> dict[int | None, Decimal]:
    """Lot id → what has to come off today's amount to have lain there at the end of every day: 0 or below."""
    later = Movement.objects.of_place(place).filter(item=item, occurred_on__gt=day).order_by("-occurred_on")
    came = When(destination=place, then=F("quantity"))
    change = Sum(Case(came, default=-F("quantity"), output_field=QuantityField()))
    so_far: dict[int | None, Decimal] = {}
    least: dict[int | None, Decimal] = {}
    # Backwards: without what came or went on a day, it is what lay there at the end of the day before.
    for lot, _day, came in later.values_list("lot", "occurred_on").annotate(came=change):
        so_far[lot] = so_far.get(lot, Decimal(0)) - came
        least[lot] = min(least.get(lot, Decimal(0)), so_far[lot])
    return least


def taken_from(lines: Iterable[tuple[Line, Decimal]], quantity: Decimal) -> list[tuple[Line, Decimal]]:
    """How much of each line, in this order, makes the quantity; none if all together do not, or too many."""
    parts: list[tuple[Line, Decimal]] = []
    for line, held in lines:
        if quantity > 0 and held > 0:
            parts.append((line, min(held, quantity)))
            quantity -= parts[-1][1]
    return [] if quantity > 0 or len(parts) > MOST_PARTS else parts
