"""A consignment from the plan to its end. A step is taken once a key, one after another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Required, TypedDict, Unpack
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.sealed import SEALED
from core.services import is_as_told
from core.texts import listed
from supply import selectors
from supply.enums import ConsignmentState, PlaceKind, StepKind, Unit
from supply.models import (
    Consignment,
    ConsignmentLine,
    ConsignmentStep,
    Item,
    Lot,
    Place,
    Route,
    StandingPlan,
)
from supply.services.entries import hold_line
from supply.services.ledger import refuse_lot, refuse_quantity
from supply.services.refusals import KeyAlreadyUsed, Refusal, WrongPlace
from supply.services.shut import refuse_route, refuse_shut, refuse_shut_load
from supply.services.steps import (
    NothingPacked,
    NothingPlanned,
    PackedElsewhere,
    StepOutOfOrder,
    StillUnderWay,
    begin_step,
    by_line,
    hold_consignment,
    record_step,
    refuse_expired_load,
    refuse_other_content,
    take_step,
)

SOURCES = (PlaceKind.STORE, PlaceKind.WAREHOUSE)
DESTINATIONS = (PlaceKind.STORE, PlaceKind.WAREHOUSE, PlaceKind.RECIPIENT)


SEPARATOR = ", "  # of the trail, the same in every language


@dataclass(frozen=True)
class Wanted:
    """So much of an item for one place. `quantity` in the base unit; `typed` as the person wrote it."""

    item: Item
    destination: Place
    quantity: Decimal
    typed: str = ""


@dataclass(frozen=True)
class Packed:
    """What was put into the load for a line: 0 leaves it behind."""

    quantity: Decimal
    lot: Lot | None = None


class LinesChanged(Refusal):
    def __init__(self, consignment: Consignment) -> None:
        self.consignment = consignment

    def __str__(self) -> str:
        return _(
            "The lines of %(code)s were changed meanwhile. Open this page again and pack what is planned now."
        ) % {"code": self.consignment.code}


class PackedMeanwhile(Refusal):
    def __init__(self, consignment: Consignment, lines: Iterable[ConsignmentLine]) -> None:
        self.consignment, self.lines = consignment, list(lines)

    def __str__(self) -> str:
        told = (Unit(line.item.base_unit).amount(line.packed or 0) + f" {line.item}" for line in self.lines)
        return _(
            "%(code)s was packed meanwhile by a colleague: %(load)s. What you typed is still here; save "
            "again to pack that instead."
        ) % {"code": self.consignment.code, "load": listed(told)}


class PlannedTooFar(Refusal):
    about = "planned_on"

    def __init__(self, today: date) -> None:
        self.today = today

    def __str__(self) -> str:
        return _("Plan it for a day from %(first)s to %(last)s.") % {
            "first": date_format(self.today - timedelta(days=settings.PLANNING_DAYS)),
            "last": date_format(self.today + timedelta(days=settings.PLANNING_DAYS)),
        }


class Journey(TypedDict, total=False):
    """How a consignment is planned. `plan_month`: the month of the standing plan that it is a draft of."""

    planned_on: Required[date]
    route: Route | None
    courier: str
    note: str
    plan: StandingPlan | None
    plan_month: date | None


@transaction.atomic
def plan_consignment(
    *,
    by: User,
    source: Place,
    lines: Iterable[Wanted],
    today: date,
    key: UUID,
    **journey: Unpack[Journey],
) -> Consignment:
    """A consignment with its lines and its own place in transit; nothing moves yet.

    The same key again: the first one. Raises NothingPlanned, WrongPlace, PlaceIsShut, RouteNotPassable,
    PlannedTooFar, NotAnAmount, WholeUnitsOnly.
    """
    refuse_planned_on(journey["planned_on"], today)
    number = next_number(journey["planned_on"])  # others who plan wait here
    first = ConsignmentStep.objects.filter(key=key).select_related("consignment").first()
    if first is not None:
        refuse_other_content(first, by=by, kind=StepKind.PLANNED)
        return first.consignment
    wanted = list(lines)
    refuse_plan(source, wanted)
    refuse_shut(one.destination for one in wanted)
    refuse_route(journey.get("route"))
    code = f"C{journey['planned_on']:%y}-{number:03}"
    transit = Place.objects.create(code=f"TR-{code}", name=code, kind=PlaceKind.TRANSIT)
    consignment = Consignment.objects.create(code=code, source=source, transit=transit, **journey)
    for one in wanted:
        ConsignmentLine.objects.create(
            consignment=consignment, item=one.item, destination=one.destination, planned=one.quantity,
            typed=one.typed[:60],
        )  # fmt: skip
    step = ConsignmentStep(consignment=consignment, kind=StepKind.PLANNED, on=today, by=by, key=key)
    told = lines_told((one.item.code, one.quantity, one.destination.code) for one in wanted)
    record_step(take_step(step), {"lines": [None, SEPARATOR.join(told)]})
    return consignment


def lines_told(lines: Iterable[tuple[str, Decimal, str]]) -> list[str]:
    """Item, amount and destination of each."""
    return [f"{item} {quantity.normalize():f} → {to}" for item, quantity, to in lines]


def next_number(day: date) -> int:
    """The next of the year's consignments. Whoever asks next waits until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT supply_next_consignment(%s)", [f"{day:%y}"])
        return cursor.fetchone()[0]


def refuse_planned_on(day: date, today: date) -> None:
    """Raises PlannedTooFar."""
    if abs(day - today).days > settings.PLANNING_DAYS:
        raise PlannedTooFar(today)


def refuse_plan(source: Place, wanted: list[Wanted]) -> None:
    """Raises NothingPlanned, WrongPlace and the refusals of amounts."""
    if not wanted:
        raise NothingPlanned
    if source.kind not in SOURCES:
        raise WrongPlace(source)
    for one in wanted:
        refuse_quantity(one.item, one.quantity)
        if one.destination.kind not in DESTINATIONS or one.destination == source:
            raise WrongPlace(one.destination)


@transaction.atomic
def change_journey(
    *,
    by: User,
    consignment: Consignment,
    planned_on: date,
    route: Route | None,
    courier: str = "",
    note: str,
    today: date,
) -> Consignment:
    """Another day, route or courier, until it leaves. `courier` empty: as it was. The same again: no change.

    Raises StepOutOfOrder; PlannedTooFar for another day, RouteNotPassable for another route.
    """
    hold_consignment(consignment)
    if consignment.state not in (ConsignmentState.PLANNED, ConsignmentState.PACKED):
        raise StepOutOfOrder(consignment)
    if planned_on != consignment.planned_on:
        refuse_planned_on(planned_on, today)
    if route != consignment.route:
        refuse_route(route)
    fields = ("planned_on", "route", "note")
    before = audit.snapshot(consignment, fields)
    consignment.planned_on, consignment.route, consignment.note = planned_on, route, note
    changes = audit.difference(before, audit.snapshot(consignment, fields))
    written = list(fields)
    consignment.refresh_from_db(fields=["courier"])
    if courier and not is_as_told(consignment, {"courier": courier}):
        consignment.courier = courier
        changes["courier"] = [SEALED, SEALED]
        written.append("courier")
    if changes:
        consignment.save(update_fields=written)
        audit.record(by=by, action="consignment.changed", subject=consignment, changes=changes)
    return consignment


@transaction.atomic
def pack_consignment(
    *,
    by: User,
    consignment: Consignment,
    packed: Mapping[ConsignmentLine, Packed],
    on: date,
    today: date,
    key: UUID,
    shown: str = "",
) -> ConsignmentStep:
    """Put the load together: from now on it is reserved at the source. Again, until it is sent.

    `packed`: every line of the plan, as its amount was when the packer saw it; `shown`: `load_mark` of the
    load that was shown. Raises KeyAlreadyUsed, LinesChanged, PackedMeanwhile,
    StepOutOfOrder, NothingPacked, PackedElsewhere (less is free than is packed), LotExpired, PlaceIsShut,
    RouteNotPassable, DayNotAllowed and the refusals of amounts.
    """
    step = begin_step(by=by, consignment=consignment, kind=StepKind.PACKED, on=on, today=today, key=key)
    if step.pk:
        _refuse_other_load(step, packed)
        return step
    _refuse_old_page(consignment, packed, shown)
    if not any(load.quantity for load in packed.values()):
        raise NothingPacked
    for line, load in packed.items():
        refuse_quantity(line.item, load.quantity, zero=True)
        refuse_lot(line.item, load.lot)
        if load.quantity:
            refuse_expired_load(line, load.lot, on)
    refuse_shut_load(line for line, load in packed.items() if load.quantity)
    refuse_route(consignment.route)
    _refuse_reserved(consignment, packed)
    for line, load in packed.items():
        ConsignmentLine.objects.filter(pk=line.pk, consignment=consignment).update(
            packed=load.quantity, lot=load.lot
        )
    changes = {line: (line.planned, load.quantity) for line, load in packed.items()}
    return record_step(take_step(step), by_line(changes))


def _refuse_other_load(step: ConsignmentStep, packed: Mapping[ConsignmentLine, Packed]) -> None:
    """Sent twice. What was packed anew since is no longer to be compared. Raises KeyAlreadyUsed."""
    if ConsignmentStep.objects.filter(
        consignment=step.consignment_id, kind=StepKind.PACKED, pk__gt=step.pk
    ).exists():
        return
    kept = ConsignmentLine.objects.filter(consignment=step.consignment_id, packed__isnull=False)
    loads = {line.pk: (load.quantity, load.lot and load.lot.pk) for line, load in packed.items()}
    if {pk: (packed, lot) for pk, packed, lot in kept.values_list("pk", "packed", "lot")} != loads:
        raise KeyAlreadyUsed


def _refuse_old_page(consignment: Consignment, packed: Mapping[ConsignmentLine, Packed], shown: str) -> None:
    """Raises LinesChanged, PackedMeanwhile."""
    now = list(selectors.lines_of(consignment))
    if {line.pk: line.planned for line in packed} != {line.pk: line.planned for line in now}:
        raise LinesChanged(consignment)
    if shown and shown != selectors.load_mark(now):
        raise PackedMeanwhile(consignment, now)


def _refuse_reserved(consignment: Consignment, packed: Mapping[ConsignmentLine, Packed]) -> None:
    """Raises PackedElsewhere. The lines of the source are held: who packs the same waits."""
    asked: dict[tuple[int, int], tuple[ConsignmentLine, Lot | None, Decimal]] = {}
    for line, load in packed.items():
        if load.quantity:
            stock = (line.item_id, load.lot.pk if load.lot else 0)
            before = asked[stock][2] if stock in asked else Decimal(0)
            asked[stock] = (line, load.lot, before + load.quantity)
    for _stock, (line, lot, quantity) in sorted(asked.items(), key=lambda one: one[0]):
        hold_line(consignment.source, line.item, lot)
        free = selectors.free_at(consignment.source, line.item, lot, without=consignment)
        if quantity > free:
            raise PackedElsewhere(consignment.source, line.item, lot, free, line)


@transaction.atomic
def settle_consignment(
    *, by: User, consignment: Consignment, on: date, today: date, key: UUID
) -> ConsignmentStep:
    """Close it: for every line, what was sent arrived, was lost or came back.

    Raises StillUnderWay (names the first line that is not even), StepOutOfOrder, DayNotAllowed.
    """
    step = begin_step(by=by, consignment=consignment, kind=StepKind.SETTLED, on=on, today=today, key=key)
    if step.pk:
        return step
    for line in consignment.lines.select_related("item", "destination"):
        if line.outstanding:
            raise StillUnderWay(line)
    return record_step(take_step(step))


@transaction.atomic
def cancel_consignment(
    *, by: User, consignment: Consignment, reason: str, on: date, today: date, key: UUID
) -> ConsignmentStep:
    """Give up one that has not left; what was packed is free again. Raises StepOutOfOrder, ReasonMissing."""
    step = begin_step(
        by=by, consignment=consignment, kind=StepKind.CANCELLED, on=on, today=today, key=key, note=reason
    )
    return step if step.pk else record_step(take_step(step))
