"""Goods on their way: sent, arrived in parts, lost, come back, found again. Each a row of the ledger."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from accounts.models import User
from supply.enums import LOSS_REASONS, BookingKind, ConsignmentState, PlaceKind, Reason, StepKind
from supply.models import Consignment, ConsignmentBooking, ConsignmentLine, ConsignmentStep, Movement, Place
from supply.services.ledger import (
    book,
    hold_ledger,
    may_reverse_on_its_day,
    mirror_of,
    other_side,
    refuse_quantity,
)
from supply.services.refusals import (
    AlreadyReversed,
    CannotReverse,
    KeyAlreadyUsed,
    WrongReason,
)
from supply.services.shut import refuse_journey
from supply.services.steps import (
    MoreThanLost,
    MoreThanUnderWay,
    NothingGiven,
    NothingPacked,
    begin_step,
    by_line,
    record_step,
    refuse_expired_load,
    take_step,
)

Amounts = Mapping[ConsignmentLine, Decimal]


@dataclass(frozen=True)
class Leg:
    """One part of a step: from where to where, and what it was to the line."""

    kind: BookingKind
    reason: Reason
    source: Callable[[ConsignmentLine], Place]
    destination: Callable[[ConsignmentLine], Place]


@transaction.atomic
def send_consignment(
    *, by: User, consignment: Consignment, on: date, today: date, key: UUID
) -> ConsignmentStep:
    """What is packed leaves the source's stock and stands in transit.

    Raises StepOutOfOrder, NothingPacked, NotEnoughStock, LotExpired, PlaceIsShut, RouteNotPassable and the
    other refusals of the ledger.
    """
    step = begin_step(by=by, consignment=consignment, kind=StepKind.SENT, on=on, today=today, key=key)
    if step.pk:
        return step
    load = {line: line.packed for line in _lines(consignment) if line.packed}
    for line in load:
        refuse_expired_load(line, line.lot, on)
    if consignment.state == ConsignmentState.PACKED:
        if not load:
            raise NothingPacked
        refuse_journey(consignment)
    return _carry_out(step, load, [_LEAVES])


@transaction.atomic
def receive_part(
    *, by: User, consignment: Consignment, amounts: Amounts, on: date, today: date, key: UUID, note: str = ""
) -> ConsignmentStep:
    """A part arrived at the places of its lines.

    Raises BeforeTheStepBefore, MoreThanUnderWay, NothingGiven, StepOutOfOrder.
    """
    step = begin_step(
        by=by, consignment=consignment, kind=StepKind.RECEIVED, on=on, today=today, key=key, note=note
    )
    if step.pk:
        return _same(step, amounts)
    return _carry_out(step, _under_way(amounts), [_ARRIVES])


@transaction.atomic
def lose_part(
    *,
    by: User,
    consignment: Consignment,
    amounts: Amounts,
    how: str,
    reason: str,
    on: date,
    today: date,
    key: UUID,
) -> ConsignmentStep:
    """A part was lost, spoiled or taken on the way. Raises MoreThanUnderWay, WhyMissing, WrongReason."""
    step = begin_step(
        by=by, consignment=consignment, kind=StepKind.LOST, on=on, today=today, key=key, note=reason
    )
    if step.pk:
        return _same(step, amounts, reason=how)
    return _carry_out(step, _under_way(amounts), [_lost(by, how)])


@transaction.atomic
def return_part(
    *, by: User, consignment: Consignment, amounts: Amounts, reason: str, on: date, today: date, key: UUID
) -> ConsignmentStep:
    """A part came back to the source. Raises MoreThanUnderWay, WhyMissing."""
    step = begin_step(
        by=by, consignment=consignment, kind=StepKind.RETURNED, on=on, today=today, key=key, note=reason
    )
    if step.pk:
        return _same(step, amounts)
    return _carry_out(step, _under_way(amounts), [_RETURNS])


@transaction.atomic
def find_part(
    *,
    by: User,
    consignment: Consignment,
    amounts: Amounts,
    came_back: bool,
    reason: str,
    on: date,
    today: date,
    key: UUID,
) -> ConsignmentStep:
    """What was lost turned up, at its place or back at the source; also after settling: the loss falls.

    Raises MoreThanLost, WhyMissing, StepOutOfOrder.
    """
    step = begin_step(
        by=by, consignment=consignment, kind=StepKind.FOUND, on=on, today=today, key=key, note=reason
    )
    if step.pk:
        return _same(step, amounts, kind=BookingKind.RETURNED if came_back else BookingKind.RECEIVED)
    given = _given(amounts)
    for line, quantity in given.items():
        if quantity > line.lost:
            raise MoreThanLost(line, line.lost)
    lost = other_side(by=by, kind=PlaceKind.LOST)
    found = Leg(BookingKind.FOUND, Reason.FOUND, lambda _line: lost, _transit)
    return _carry_out(step, given, [found, _RETURNS if came_back else _ARRIVES])


@transaction.atomic
def lose_all(
    *, by: User, consignment: Consignment, how: str, reason: str, on: date, today: date, key: UUID
) -> ConsignmentStep:
    """Nothing of it came anywhere: all of it is lost, and the consignment ends. Raises StepOutOfOrder."""
    step = begin_step(
        by=by, consignment=consignment, kind=StepKind.ALL_LOST, on=on, today=today, key=key, note=reason
    )
    if step.pk:
        return _same(step, reason=how)
    rest = {line: line.outstanding for line in _lines(consignment) if line.outstanding}
    return _carry_out(step, rest, [_lost(by, how)])


@transaction.atomic
def take_back_booking(
    *, by: User, booking: ConsignmentBooking, reason: str, today: date, key: UUID
) -> ConsignmentStep:
    """A part that was booked by mistake, until the consignment is settled: its mirror in the ledger.

    Raises KeyAlreadyUsed, CannotReverse, AlreadyReversed, WhyMissing, StepOutOfOrder, NotEnoughStock.
    """
    consignment = booking.line.consignment
    step = begin_step(
        by=by, consignment=consignment, kind=StepKind.CORRECTED, on=today, today=today, key=key, note=reason
    )
    if step.pk:
        return _same(step, reverses=booking.movement_id)
    if booking.kind not in (BookingKind.RECEIVED, BookingKind.LOST, BookingKind.RETURNED):
        raise CannotReverse(booking.movement)
    movement = booking.movement
    day = movement.occurred_on if may_reverse_on_its_day(movement, today) else today
    mirror = mirror_of(movement, by=by, day=day, reason=reason)
    hold_ledger()
    taken = take_step(step)
    movement = book(mirror)
    if movement is not mirror:
        raise AlreadyReversed
    ConsignmentBooking.objects.create(step=taken, line=booking.line, kind=booking.kind, movement=movement)
    return record_step(taken, by_line({booking.line: (movement.quantity, Decimal(0))}))


# --- the parts of a step -----------------------------------------------------------------------------------


def _source(line: ConsignmentLine) -> Place:
    return line.consignment.source


def _transit(line: ConsignmentLine) -> Place:
    return line.consignment.transit


def _destination(line: ConsignmentLine) -> Place:
    return line.destination


_LEAVES = Leg(BookingKind.SENT, Reason.TRANSFER, _source, _transit)
_ARRIVES = Leg(BookingKind.RECEIVED, Reason.DELIVERED, _transit, _destination)
_RETURNS = Leg(BookingKind.RETURNED, Reason.TRANSFER, _transit, _source)


def _lost(by: User, how: str) -> Leg:
    if how not in LOSS_REASONS:
        raise WrongReason(LOSS_REASONS)
    lost = other_side(by=by, kind=PlaceKind.LOST)
    return Leg(BookingKind.LOST, Reason(how), _transit, lambda _line: lost)


def _lines(consignment: Consignment) -> list[ConsignmentLine]:
    related = ("item", "lot", "destination", "consignment__source", "consignment__transit")
    return list(consignment.lines.select_related(*related))


def _given(amounts: Amounts) -> dict[ConsignmentLine, Decimal]:
    """Read anew, now that nobody else takes a step. Raises NothingGiven and the refusals of amounts."""
    given = {line: quantity for line, quantity in amounts.items() if quantity}
    if not given:
        raise NothingGiven
    for line, quantity in given.items():
        refuse_quantity(line.item, quantity)
        line.refresh_from_db(fields=["sent", "received", "lost", "returned"])
    return given


def _under_way(amounts: Amounts) -> dict[ConsignmentLine, Decimal]:
    """Raises MoreThanUnderWay, NothingGiven."""
    given = _given(amounts)
    for line, quantity in given.items():
        if quantity > line.outstanding:
            raise MoreThanUnderWay(line, line.outstanding)
    return given


def _same(step: ConsignmentStep, amounts: Amounts | None = None, **others: Any) -> ConsignmentStep:
    """Sent twice. Raises KeyAlreadyUsed when the amounts are others, or what else was said of each part.

    `others`: `kind` of the bookings; `reason`, `reverses` of their movements.
    """
    wanted = {name if name == "kind" else f"movement__{name}": value for name, value in others.items()}
    booked = step.bookings.exclude(kind=BookingKind.FOUND)
    given = None if amounts is None else {line.pk: quantity for line, quantity in amounts.items() if quantity}
    if given is not None and dict(booked.values_list("line", "movement__quantity")) != given:
        raise KeyAlreadyUsed
    if booked.exclude(**wanted).exists() if wanted else False:
        raise KeyAlreadyUsed
    return step


def _carry_out(
    step: ConsignmentStep, amounts: dict[ConsignmentLine, Decimal], legs: list[Leg]
) -> ConsignmentStep:
    """The step, its rows in the ledger and their bookings. Several at once: nobody else posts meanwhile."""
    hold_ledger()
    taken = take_step(step)
    for line, quantity in amounts.items():
        for leg in legs:
            movement = book(_movement(taken, line, quantity, leg))
            ConsignmentBooking.objects.create(step=taken, line=line, kind=leg.kind, movement=movement)
    return record_step(taken, by_line({line: (None, quantity) for line, quantity in amounts.items()}))


def _movement(step: ConsignmentStep, line: ConsignmentLine, quantity: Decimal, leg: Leg) -> Movement:
    return Movement(
        item_id=line.item_id, lot_id=line.lot_id, quantity=quantity, source=leg.source(line),
        destination=leg.destination(line), reason=leg.reason, occurred_on=step.on, by=step.by,
        key=uuid5(step.key, f"{leg.kind} {line.uuid}"),
        document=" ".join(filter(None, (step.consignment.code, step.note)))[:200],
        # What arrived over the route is counted by it; what came back is not. Who receives knows no route.
        route_id=step.consignment.route_id if leg.kind == BookingKind.RECEIVED else None,
    )  # fmt: skip
