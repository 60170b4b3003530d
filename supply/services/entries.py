"""What people log: goods came, were used, were lost, were counted, went on to another place."""

from datetime import date
from decimal import Decimal
from typing import Required, TypedDict, Unpack
from uuid import UUID

from django.db import connection, transaction

from accounts.models import User
from core import audit
from supply import selectors
from supply.enums import LOSS_REASONS, RECEIPT_REASONS, PlaceKind, Reason
from supply.models import Item, Lot, Movement, Place, Recipient, Route, StockCount
from supply.services.ledger import (
    book,
    other_side,
    post_movement,
    refuse_closed_month,
    refuse_day,
    refuse_expired,
    refuse_lot,
    refuse_quantity,
)
from supply.services.refusals import KeyAlreadyUsed, WrongPlace, WrongReason

USE_REASONS = (Reason.USED, Reason.HANDED_OUT)
GIVERS = (PlaceKind.SUPPLIER, PlaceKind.OPENING)


class Entry(TypedDict, total=False):
    """What every entry carries. `quantity` in the item's base unit; `typed` as the person wrote it;
    `key` of the form; `any_day`: as far back as wished."""

    item: Required[Item]
    quantity: Required[Decimal]
    occurred_on: Required[date]
    today: Required[date]
    key: Required[UUID]
    lot: Lot | None
    typed: str
    document: str
    any_day: bool


def log_receipt(
    *,
    by: User,
    place: Place,
    reason: str = Reason.DELIVERED,
    source: Place | None = None,
    **entry: Unpack[Entry],
) -> Movement:
    """Goods came in from outside. `source`: who gave or sold them, when that is known."""
    _refuse_unless_real(place)
    _refuse_reason(reason, (*RECEIPT_REASONS, Reason.OPENING))
    if source is None:
        source = other_side(by=by, kind=PlaceKind.OPENING if reason == Reason.OPENING else PlaceKind.SUPPLIER)
    elif source.kind not in GIVERS:
        raise WrongPlace(source)
    return post_movement(by=by, source=source, destination=place, reason=reason, **entry)


def log_use(*, by: User, place: Place, reason: str = Reason.USED, **entry: Unpack[Entry]) -> Movement:
    """Eaten, worn, handed out at the place."""
    _refuse_unless_real(place)
    _refuse_reason(reason, USE_REASONS)
    refuse_expired(entry.get("lot"), entry["occurred_on"])
    used_up = other_side(by=by, kind=PlaceKind.CONSUMED)
    return post_movement(by=by, source=place, destination=used_up, reason=reason, **entry)


def log_loss(*, by: User, place: Place, reason: str = Reason.SPOILED, **entry: Unpack[Entry]) -> Movement:
    _refuse_unless_real(place)
    _refuse_reason(reason, LOSS_REASONS)
    lost = other_side(by=by, kind=PlaceKind.LOST)
    return post_movement(by=by, source=place, destination=lost, reason=reason, **entry)


def transfer(
    *,
    by: User,
    source: Place,
    destination: Place,
    route: Route | None = None,
    **entry: Unpack[Entry],
) -> Movement:
    """From one of our places to another."""
    _refuse_unless_real(source)
    _refuse_unless_real(destination)
    return post_movement(
        by=by, source=source, destination=destination, reason=Reason.TRANSFER, route=route, **entry
    )


def deliver(
    *,
    by: User,
    source: Place,
    recipient: Recipient,
    route: Route | None = None,
    **entry: Unpack[Entry],
) -> Movement:
    """Handed over to a recipient, out of one of our places or straight from the giver."""
    if not source.is_real and source.kind not in GIVERS:
        raise WrongPlace(source)
    refuse_expired(entry.get("lot"), entry["occurred_on"])
    return post_movement(
        by=by, source=source, destination=recipient.place, reason=Reason.HANDED_OUT, route=route, **entry
    )


@transaction.atomic
def log_count(*, by: User, place: Place, **entry: Unpack[Entry]) -> StockCount:
    """One line counted: the difference to the ledger becomes a movement, nothing is ever set.

    `quantity`: what was found, 0 too. The line is held from reading to booking: nothing moves between.
    A count of an earlier day is compared with what the ledger says of the end of that day.
    """
    _refuse_unless_real(place)
    item, lot, counted_on = entry["item"], entry.get("lot"), entry["occurred_on"]
    first = _counted_before(by=by, place=place, entry=entry)
    if first is not None:
        return first
    refuse_day(counted_on, entry["today"], any_day=entry.get("any_day", False))
    refuse_closed_month(counted_on)
    refuse_quantity(item, entry["quantity"], zero=True)
    refuse_lot(item, lot)
    other = other_side(
        by=by, kind=PlaceKind.COUNTED
    )  # before the line is held: making it may wait for others
    hold_line(place, item, lot)
    # Who waited for the line may have waited for the same form on another connection.
    first = _counted_before(by=by, place=place, entry=entry)
    if first is not None:
        return first
    expected = selectors.held_on(counted_on, place, item, lot)
    return book_count(by=by, place=place, other=other, expected=expected, entry=entry)


def book_count(*, by: User, place: Place, other: Place, expected: Decimal, entry: Entry) -> StockCount:
    """The count's row, its difference as a movement, its audit row; the caller holds the line."""
    count = StockCount(
        place=place, item=entry["item"], lot=entry.get("lot"), counted_on=entry["occurred_on"],
        expected=expected, counted=entry["quantity"], by=by, key=entry["key"],
    )  # fmt: skip
    difference = count.counted - expected
    if difference:
        source, destination = (other, place) if difference > 0 else (place, other)
        count.movement = book(
            Movement(
                item=count.item, lot=count.lot, quantity=abs(difference), source=source,
                destination=destination, reason=Reason.COUNTED, occurred_on=count.counted_on, by=by,
                typed=entry.get("typed", "")[:60], document=entry.get("document", ""), key=count.key,
            )
        )  # fmt: skip
    count.save(force_insert=True)
    audit.record(
        by=by,
        action="stock.counted",
        subject=count,
        changes={"item": [None, count.item.code], "quantity": [str(expected), str(count.counted)]},
        reason=entry.get("document", ""),
    )
    return count


def _counted_before(*, by: User, place: Place, entry: Entry) -> StockCount | None:
    """What this key counted the first time. Raises KeyAlreadyUsed when that was something else."""
    # The movement first: who sees one that was booked elsewhere just now, sees its count after it.
    is_booked = Movement.objects.filter(key=entry["key"]).exists()
    first = StockCount.objects.filter(key=entry["key"]).first()
    if first is None:
        if is_booked:
            raise KeyAlreadyUsed
        return None
    lot = entry.get("lot")
    wanted = (by.pk, place.pk, entry["item"].pk, lot and lot.pk, entry["quantity"], entry["occurred_on"])
    if wanted != (first.by_id, first.place_id, first.item_id, first.lot_id, first.counted, first.counted_on):
        raise KeyAlreadyUsed
    return first


def hold_line(place: Place, item: Item, lot: Lot | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT supply_hold_line(%s, %s, %s)", [place.pk, item.pk, lot.pk if lot else None])


def _refuse_unless_real(place: Place) -> None:
    if not place.is_real:
        raise WrongPlace(place)


def _refuse_reason(reason: str, allowed: tuple[Reason, ...]) -> None:
    if reason not in allowed:
        raise WrongReason(allowed)
