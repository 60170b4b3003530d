from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce

from accounts.models import User
from core.meanwhile import mark_of
from supply.enums import UNDER_WAY, ConsignmentState, StepKind
from supply.models import (
    Balance,
    Confirmation,
    Consignment,
    ConsignmentBooking,
    ConsignmentCost,
    ConsignmentLine,
    ConsignmentStep,
    Item,
    Lot,
    Place,
)
from supply.selectors.reserved import TAKES, leaving
from supply.selectors.stock import held, totals


def consignments(user: User) -> QuerySet[Consignment]:
    """Latest first; annotated `lines_count` and `to`: how many places it goes to."""
    found = Consignment.objects.visible_to(user).select_related("route", "source")
    planned = Q(lines__planned__gt=0)
    return found.annotate(
        lines_count=Count("lines", filter=planned),
        to=Count("lines__destination", distinct=True, filter=planned),
    ).order_by("-planned_on", "-id")  # sums forget the order of the model


def consignments_to(place: Place) -> QuerySet[Any]:
    """The ids of those with a line to this place."""
    return ConsignmentLine.objects.filter(destination=place).values("consignment")


def consignments_sent_to(places: QuerySet[Any]) -> QuerySet[Consignment]:
    """Those that left with something for one of these places, given by their ids."""
    left = ConsignmentLine.objects.filter(destination__in=places, sent__gt=0)
    return Consignment.objects.filter(pk__in=left.values("consignment"))


def lines_of(consignment: Consignment) -> QuerySet[ConsignmentLine]:
    """Without those that were taken out of the plan."""
    related = ("item", "lot", "destination__recipient", "consignment__source", "consignment__transit")
    lines = consignment.lines.filter(planned__gt=0).select_related(*related).order_by("id")
    return lines.prefetch_related("item__packs")


def sent_on(consignment: Consignment) -> date | None:
    """The day on which it left, for field staff too, who see no step of a colleague."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT supply_sent_on(%s)", [consignment.pk])
        return cursor.fetchone()[0]


def steps_of(consignment: Consignment) -> QuerySet[ConsignmentStep]:
    """Oldest first, with what each booked; each booking says `is_mistake`: taken back, or taking back."""
    bookings = ConsignmentBooking.objects.select_related(
        "line__item", "line__destination__recipient", "movement__reversed_by"
    ).annotate(is_mistake=Q(movement__reverses__isnull=False) | Q(movement__reversed_by__isnull=False))
    return consignment.steps.select_related("by").prefetch_related(Prefetch("bookings", bookings))


def last_day_of(consignment: Consignment, kinds: Iterable[StepKind]) -> date | None:
    """Of its steps of these kinds, but for those of which all that was booked is taken back."""
    taken_back = ConsignmentBooking.objects.filter(step=OuterRef("pk"), movement__reversed_by__isnull=False)
    stands = ConsignmentBooking.objects.filter(step=OuterRef("pk"), movement__reversed_by__isnull=True)
    steps = consignment.steps.filter(kind__in=list(kinds)).exclude(Exists(taken_back), ~Exists(stands))
    return steps.aggregate(last=Max("on"))["last"]


def arriving_at(place: Place | OuterRef) -> QuerySet[ConsignmentLine]:
    """What is under way to a place, or to the one that a reference to an outer query means.

    The caller has seen to it that it may be shown.
    """
    return lines_to(place).filter(
        consignment__state__in=UNDER_WAY, sent__gt=F("received") + F("lost") + F("returned")
    )


def lines_to(place: Place | OuterRef) -> QuerySet[ConsignmentLine]:
    """All that was ever sent to a place. Without its source and route, which field staff do not know."""
    lines = ConsignmentLine.objects.filter(destination=place, sent__gt=0)
    return (
        lines.select_related("item", "lot", "destination", "consignment__transit")
        .prefetch_related("item__packs")
        .order_by("consignment__planned_on", "consignment", "id")
    )


def reserved(
    places: Iterable[int], *, without: Consignment | None = None
) -> dict[tuple[int, int, int | None], Decimal]:
    """(place id, item id, lot id or None) → packed for consignments that have not left."""
    lines = ConsignmentLine.objects.filter(
        consignment__state=ConsignmentState.PACKED, consignment__source__in=list(places), packed__gt=0
    )
    if without is not None:
        lines = lines.exclude(consignment=without)
    summed = lines.order_by().values_list("consignment__source", "item", "lot").annotate(sum=Sum("packed"))
    return {(place, item, lot): quantity for place, item, lot, quantity in summed}


def free_at(
    place: Place, item: Item, lot: Lot | None = None, *, without: Consignment | None = None
) -> Decimal:
    """Balance − what is packed for consignments that have not left; below zero when too much is packed."""
    packed = reserved([place.pk], without=without).get(
        (place.pk, item.pk, lot.pk if lot else None), Decimal(0)
    )
    return held(place, item, lot) - packed


@dataclass(frozen=True)
class FreeLine:
    """A line of stock. `packed`: for consignments that have not left; all in the item's base unit."""

    item: Item
    lot: Lot | None
    held: Decimal
    packed: Decimal

    @property
    def free(self) -> Decimal:
        return self.held - self.packed

    def has_expired(self, day: date) -> bool:
        return self.lot is not None and self.lot.expires_on is not None and self.lot.expires_on < day


def free_lines(place: Place, *, without: Consignment | None = None) -> list[FreeLine]:
    """What lies at a place, items with their packs; of each item the lot first that expires first."""
    packed = reserved([place.pk], without=without)
    lines = (
        Balance.objects.filter(place=place, quantity__gt=0)
        .select_related("item", "lot")
        .prefetch_related("item__packs")
        .order_by("item__kind", "item__code", F("lot__expires_on").asc(nulls_last=True))
    )
    return [
        FreeLine(
            line.item, line.lot, line.quantity, packed.get((place.pk, line.item_id, line.lot_id), Decimal(0))
        )
        for line in lines
    ]


@dataclass(frozen=True)
class Overplanned:
    """More of an item is to leave a place than lies there; both in the item's base unit."""

    item: Item
    held: Decimal
    planned: Decimal


def overplanned(consignment: Consignment) -> list[Overplanned]:
    """Of its items those of which all consignments that have not left take more than its source has."""
    own = Item.objects.filter(pk__in=consignment.lines.filter(planned__gt=0).values("item"))
    takes = leaving(consignment.source).filter(item__in=own).values_list("item")
    planned: dict[int, Decimal] = dict(takes.annotate(sum=TAKES))
    there = totals([consignment.source_id], planned)
    found = [
        Overplanned(item, there.get((consignment.source_id, item.pk), Decimal(0)), planned[item.pk])
        for item in own
    ]
    return [one for one in found if one.planned > one.held]


def load_mark(lines: Iterable[ConsignmentLine]) -> str:
    """Of what is packed for each of them: a page carries it, and `services.pack_consignment` compares."""
    return mark_of("load", [(str(line.uuid), str(line.packed), line.lot_id) for line in lines])


def sources(user: User) -> QuerySet[Place]:
    """From where consignments leave."""
    return Place.objects.visible_to(user).filter(kind__in=("warehouse", "store")).order_by("-kind", "code")


def destinations(user: User) -> QuerySet[Place]:
    """To where: stores, warehouses, recipients with their kind and publishable place."""
    kinds = ("store", "recipient", "warehouse")
    return (
        Place.objects.visible_to(user)
        .filter(kind__in=kinds)
        .select_related("recipient")
        .order_by("kind", "code")
    )


def costs(consignment: Consignment) -> QuerySet[ConsignmentCost]:
    """Oldest first; each says `is_mistake` (taken back, or taking back) and `may_be_taken_back`.

    Before a correction named its cost, people typed the same amount below zero. Such a row takes back the
    oldest cost of its kind, amount and currency that nothing else took; which of several alike it meant is
    not known, and makes no difference to the sum. One of another amount names no cost: it stays what it is.
    """
    alike = ConsignmentCost.objects.filter(
        consignment=OuterRef("consignment"), kind=OuterRef("kind"), currency=OuterRef("currency"),
        corrects__isnull=True, corrected_by__isnull=True,
    ).order_by()  # fmt: skip
    rank = alike.filter(amount=OuterRef("amount"), pk__lte=OuterRef("pk")).values("amount")
    against = alike.annotate(mirrored=-F("amount")).filter(mirrored=OuterRef("amount")).values("amount")
    is_linked = Q(corrects__isnull=False) | Q(corrected_by__isnull=False)
    number = Count("pk")
    return (
        consignment.costs.select_related("by", "corrected_by__by")
        .annotate(rank=rank.annotate(number=number).values("number"))
        .annotate(against=Coalesce(against.annotate(number=number).values("number"), 0))
        .annotate(is_mistake=Case(When(is_linked, then=True), default=Q(rank__lte=F("against"))))
        .annotate(may_be_taken_back=Q(is_mistake=False, amount__gt=0))
    )


def costs_of(consignment: Consignment) -> dict[str, Decimal]:
    """Currency → what the journey cost in it."""
    summed = consignment.costs.order_by().values_list("currency").annotate(sum=Sum("amount"))
    return dict(summed.order_by("currency"))


@dataclass(frozen=True)
class Told:
    """What a receiver says. `said`: of its line in all, where that is not what arrived, at the last word."""

    word: Confirmation
    said: Decimal | None


def told_of(lines: Iterable[ConsignmentLine]) -> list[Told]:
    """By line, oldest first; what was taken back stays in the list and counts in no sum."""
    words: dict[ConsignmentLine, list[Confirmation]] = {line: [] for line in lines}
    by_line = {line.pk: line for line in words}
    found = Confirmation.objects.filter(line__in=words, corrects__isnull=True)
    for word in found.select_related("corrected_by__by").order_by("id"):
        word.line = by_line[word.line_id]
        words[word.line].append(word)
    return [one for line, written in words.items() for one in _compared(line, written)]


def _compared(line: ConsignmentLine, words: list[Confirmation]) -> Iterator[Told]:
    standing = [word for word in words if not hasattr(word, "corrected_by")]
    said = sum((word.quantity for word in standing), Decimal(0))
    for word in words:
        is_last = bool(standing) and word == standing[-1]
        yield Told(word, said if is_last and said != line.received else None)


def confirmations(consignment: Consignment) -> QuerySet[Confirmation]:
    """With those that were taken back, without what takes them back."""
    words = Confirmation.objects.filter(line__consignment=consignment, corrects__isnull=True)
    return words.select_related("line__item")


def people_reached(consignment: Consignment) -> int:
    """As the receivers say, in words that stand; somebody reached twice counts twice."""
    standing = confirmations(consignment).filter(corrected_by__isnull=True)
    return standing.aggregate(people=Coalesce(Sum("people"), 0))["people"]
