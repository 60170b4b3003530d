"""One row of the ledger: checked, booked once a key, its refusals turned into sentences."""

from datetime import date, timedelta
from decimal import Decimal
from typing import NoReturn
from uuid import UUID, uuid5

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from core import audit
from core.transactions import joined_atomic
from supply import selectors
from supply.enums import SINKS, WHOLE_UNITS, PlaceKind, Reason
from supply.models import ConsignmentLine, Item, Lot, Movement, Place, Route
from supply.services.refusals import (
    AlreadyReversed,
    CannotReverse,
    DayNotAllowed,
    IsAStep,
    KeyAlreadyUsed,
    LotExpired,
    LotOfAnotherItem,
    MonthClosed,
    NotAnAmount,
    NotCoveredOnDay,
    NotEnoughStock,
    ReasonMissing,
    WholeUnitsOnly,
    WrongPlace,
    WrongReason,
)
from supply.services.shut import refuse_shut

MOST = Decimal(10) ** 12  # far above any store, and well inside what the column holds
THOUSANDTH = Decimal("0.001")
# Where goods reach people.
TO_PEOPLE = (PlaceKind.CONSUMED, PlaceKind.RECIPIENT)


def hold_ledger() -> None:
    """First thing in a transaction that posts several movements: nobody else posts until it ends.

    Single postings lock their lines in one order; several in one transaction could meet another crosswise.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT supply_hold_ledger()")


@joined_atomic()
def post_movement(
    *,
    by: User,
    item: Item,
    lot: Lot | None = None,
    quantity: Decimal,
    source: Place,
    destination: Place,
    reason: str,
    occurred_on: date,
    today: date,
    key: UUID,
    typed: str = "",
    document: str = "",
    route: Route | None = None,
    any_day: bool = False,
) -> Movement:
    """Book `quantity` (base unit) of an item from one place to another.

    The same content under the same key again: the first movement, nothing booked. `any_day`: as far back as
    wished (an import of old registers). Raises the refusals of this package.
    """
    movement = Movement(
        item=item, lot=lot, quantity=quantity, source=source, destination=destination, reason=reason,
        occurred_on=occurred_on, by=by, typed=typed[:60], document=document, route=route, key=key,
    )  # fmt: skip
    first = booked_before(movement)
    if first is not None:
        return first
    refuse_day(occurred_on, today, any_day=any_day)
    refuse_quantity(item, quantity)
    refuse_lot(item, lot)
    if not any_day:
        _refuse_destination(movement)
    if source == destination:
        raise WrongPlace(destination)
    if reason not in Reason.values or reason == Reason.CORRECTED:
        raise WrongReason(reason for reason in Reason if reason != Reason.CORRECTED)
    return _recorded(book(movement), movement)


@transaction.atomic
def reverse_movement(
    *,
    by: User,
    movement: Movement,
    today: date,
    reason: str,
    any_day: bool = False,
    dated_today: bool = False,
) -> Movement:
    """Take a movement back by its mirror; the mistaken row stays. Twice the same: the first reversal.

    It is dated as the mistake was while that day can still be booked, else today, or as `dated_today` asks.
    `any_day`: however old the mistake. Raises CannotReverse, ReasonMissing, AlreadyReversed, IsAStep,
    NotEnoughStock, NotCoveredOnDay, MonthClosed.
    """
    if selectors.steps_among([movement]):
        raise IsAStep(movement)
    on_its_day = not dated_today and may_reverse_on_its_day(movement, today, any_day=any_day)
    mirror = mirror_of(movement, by=by, day=movement.occurred_on if on_its_day else today, reason=reason)
    return _recorded(_reversal_before(mirror) or book(mirror), mirror)


def mirror_of(movement: Movement, *, by: User, day: date, reason: str) -> Movement:
    """The row that takes another back, not yet booked. Raises CannotReverse, ReasonMissing."""
    if movement.reverses_id is not None:
        raise CannotReverse(movement)
    if not reason.strip():
        raise ReasonMissing
    return Movement(
        item=movement.item, lot=movement.lot, quantity=movement.quantity, source=movement.destination,
        destination=movement.source, reason=Reason.CORRECTED, by=by, typed=movement.typed,
        occurred_on=day,
        document=reason.strip()[:200], route=movement.route, reverses=movement,
        key=uuid5(movement.key, "reversal"),
    )  # fmt: skip


def may_reverse_on_its_day(movement: Movement, today: date, *, any_day: bool = False) -> bool:
    is_recent = any_day or movement.occurred_on >= first_open_day(today)
    return is_recent and not selectors.is_closed(movement.occurred_on)


def first_open_day(today: date) -> date:
    """The earliest day that staff may still book."""
    return today - timedelta(days=settings.BACK_DATING_DAYS)


def refuse_day(day: date, today: date, *, any_day: bool = False) -> None:
    """Raises DayNotAllowed."""
    if day > today or (day < first_open_day(today) and not any_day):
        raise DayNotAllowed(first_open_day(today), today)


def refuse_closed_month(day: date) -> None:
    """For what books no movement; a movement the database itself refuses. Raises MonthClosed."""
    if selectors.is_closed(day):
        raise MonthClosed(day)


def refuse_quantity(item: Item, quantity: Decimal, *, zero: bool = False) -> None:
    """Raises NotAnAmount, WholeUnitsOnly."""
    if not quantity.is_finite() or quantity > MOST or quantity < 0 or (quantity == 0 and not zero):
        raise NotAnAmount
    if quantity != quantity.quantize(THOUSANDTH):
        raise NotAnAmount
    if item.base_unit in WHOLE_UNITS and quantity != quantity.to_integral_value():
        raise WholeUnitsOnly(item)


def refuse_lot(item: Item, lot: Lot | None) -> None:
    """Raises LotOfAnotherItem."""
    if lot is not None and lot.item_id != item.pk:
        raise LotOfAnotherItem


def refuse_expired(lot: Lot | None, day: date, line: ConsignmentLine | None = None) -> None:
    """Of what comes to where people eat or are treated. `line`: for which it is packed. Raises LotExpired."""
    if lot is not None and lot.expires_on is not None and lot.expires_on < day:
        raise LotExpired(lot, lot.expires_on, line)


def _refuse_destination(movement: Movement) -> None:
    """Raises LotExpired, PlaceIsShut. What has expired may still go to a warehouse, to be destroyed there."""
    is_transfer = movement.reason == Reason.TRANSFER
    if movement.destination.kind in TO_PEOPLE or (
        is_transfer and movement.destination.kind == PlaceKind.STORE
    ):
        refuse_expired(movement.lot, movement.occurred_on)
    if is_transfer:
        refuse_shut([movement.destination])


def booked_before(movement: Movement) -> Movement | None:
    """What this key booked the first time. Raises KeyAlreadyUsed when that was something else."""
    if not selectors.is_key_known(movement.key):
        return None
    first = Movement.objects.filter(key=movement.key).first()
    if first is None or _content(first) != _content(movement):
        raise KeyAlreadyUsed
    return first


def _content(movement: Movement) -> tuple:
    return (
        movement.item_id, movement.lot_id, movement.quantity, movement.source_id, movement.destination_id,
        movement.reason, movement.occurred_on, movement.by_id, movement.document, movement.route_id,
        movement.reverses_id,
    )  # fmt: skip


def book(movement: Movement) -> Movement:
    """The row in the ledger, without an audit row; the first one when its key was booked meanwhile."""
    try:
        with transaction.atomic():
            movement.save(force_insert=True)
    except IntegrityError as error:
        first = _booked_meanwhile(movement, error)
        if first is None:
            _refuse(movement, error)
        return first
    return movement


def _booked_meanwhile(movement: Movement, error: IntegrityError) -> Movement | None:
    """The same form on another connection was quicker."""
    rule = broken_rule(error)[0]
    if movement.reverses_id is not None and (rule == "movement_one_per_key" or "reverses" in rule):
        return _reversal_before(movement)
    known = ("movement_one_per_key", "movement_goes_to_safe_shelters")  # the same, before it was reported
    return booked_before(movement) if rule in known else None


def _reversal_before(mirror: Movement) -> Movement | None:
    """Raises AlreadyReversed when somebody else took it back."""
    first = Movement.objects.filter(reverses=mirror.reverses_id).first()
    if first is not None and first.by_id != mirror.by_id:
        raise AlreadyReversed
    return first


def broken_rule(error: IntegrityError) -> tuple[str, str]:
    """Name of the constraint, and the detail that came with it."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or "", getattr(diagnosis, "message_detail", None) or ""


def _refuse(movement: Movement, error: IntegrityError) -> NoReturn:
    rule, detail = broken_rule(error)
    if rule == "balance_never_negative":
        held = selectors.held(movement.source, movement.item, movement.lot)
        raise NotEnoughStock(movement.source, movement.item, movement.lot, held) from error
    if rule == "movement_covered_every_day":
        raise NotCoveredOnDay(movement.source, movement.item, date.fromisoformat(detail)) from error
    if rule == "movement_month_is_open":
        raise MonthClosed(date.fromisoformat(detail)) from error
    if rule == "movement_goes_to_safe_shelters":
        refuse_shut([movement.destination])  # reported at this moment
    raise error


def _recorded(booked: Movement, asked: Movement) -> Movement:
    """With its audit row, unless the key had booked it before."""
    if booked is asked:
        _record(booked)
    return booked


def _record(movement: Movement) -> None:
    """The audit row, in words that stay readable when codes change."""
    values = {
        "item": movement.item.code,
        "lot": movement.lot and movement.lot.code,
        "quantity": str(movement.quantity),
        "source": movement.source.code,
        "destination": movement.destination.code,
        "occurred_on": movement.occurred_on.isoformat(),
        "route": movement.route and movement.route.code,
    }
    changes = {name: [None, value] for name, value in values.items() if value}
    audit.record(
        by=movement.by,
        action=_action(movement),
        subject=movement,
        changes=changes,
        reason=movement.document,
    )


def _action(movement: Movement) -> str:
    if movement.reverses_id is not None:
        return "stock.reversed"
    verbs = {
        PlaceKind.CONSUMED: "stock.used",
        PlaceKind.LOST: "stock.lost",
        PlaceKind.COUNTED: "stock.counted",
        PlaceKind.RECIPIENT: "stock.delivered",
    }
    if movement.destination.kind in verbs:
        return verbs[PlaceKind(movement.destination.kind)]
    if movement.source.kind == PlaceKind.COUNTED:
        return "stock.counted"
    return "stock.transferred" if movement.source.is_real else "stock.received"


# Without a savepoint: it refuses nothing.
@transaction.atomic(savepoint=False)
def other_side(*, by: User, kind: PlaceKind) -> Place:
    """The place for what was used, lost, found by a count, given or there before; made at first need."""
    if kind in SINKS and (there := selectors.sink(kind)):
        return there
    code = str(kind).upper()
    wanted = {"kind": kind} if kind in SINKS else {"kind": kind, "code": code}
    place, created = Place.objects.get_or_create(**wanted, defaults={"code": code, "name": str(kind.label)})
    if created:
        audit.record(by=by, action="supply.place_made", subject=place, changes={"kind": [None, str(kind)]})
    return place
