"""What every step of a consignment needs: held, taken once a key, in order; and why one is refused."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from supply import selectors
from supply.enums import ConsignmentState, PlaceKind, StepKind, Unit
from supply.models import Consignment, ConsignmentLine, ConsignmentStep, Item, Lot, Place
from supply.services.ledger import TO_PEOPLE, broken_rule, refuse_closed_month, refuse_day, refuse_expired
from supply.services.refusals import KeyAlreadyUsed, Refusal
from supply.services.shut import refuse_journey

EXPLAINED = (
    StepKind.LOST, StepKind.RETURNED, StepKind.FOUND, StepKind.CORRECTED, StepKind.ALL_LOST,
    StepKind.CANCELLED,
)  # fmt: skip


# What a step comes after. What arrived or was lost may be told in any order.
_LOSSES = (StepKind.SENT, StepKind.LOST, StepKind.ALL_LOST)
AFTER: dict[StepKind, tuple[StepKind, ...]] = {
    StepKind.SENT: (StepKind.PACKED,),
    StepKind.CANCELLED: (StepKind.PACKED,),
    StepKind.RECEIVED: (StepKind.SENT,),
    StepKind.LOST: (StepKind.SENT,),
    StepKind.RETURNED: (StepKind.SENT,),
    StepKind.ALL_LOST: (StepKind.SENT,),
    StepKind.FOUND: (*_LOSSES, StepKind.SETTLED),
    StepKind.SETTLED: (*_LOSSES, StepKind.RECEIVED, StepKind.RETURNED),
}


class StepOutOfOrder(Refusal):
    def __init__(self, consignment: Consignment) -> None:
        self.consignment = consignment

    def __str__(self) -> str:
        return _("%(code)s is %(state)s already. Look at its page for what can be done now.") % {
            "code": self.consignment.code,
            "state": ConsignmentState(self.consignment.state).label,
        }


class NothingPlanned(Refusal):
    def __str__(self) -> str:
        return _("Plan at least one line: an item, an amount and where it goes.")


class NothingPacked(Refusal):
    def __str__(self) -> str:
        return _("Nothing is packed. Give an amount for at least one line, or cancel the consignment.")


class NothingGiven(Refusal):
    def __str__(self) -> str:
        return _("Give an amount for at least one line.")


class WhyMissing(Refusal):
    def __str__(self) -> str:
        return _("Say why, in a few words.")


class PackedElsewhere(Refusal):
    """`free`: what is there and not packed for another consignment, in the base unit."""

    def __init__(
        self, place: Place, item: Item, lot: Lot | None, free: Decimal, line: ConsignmentLine
    ) -> None:
        self.place, self.item, self.lot, self.free, self.line = place, item, lot, free, line

    def __str__(self) -> str:
        return _(
            "Only this much %(item)s is free at %(place)s: %(free)s. The rest is not there or is packed for "
            "another consignment. Pack less, or cancel the other one."
        ) % {
            "item": f"{self.item} {self.lot}" if self.lot else self.item,
            "place": self.place.code,
            "free": Unit(self.item.base_unit).amount(max(self.free, Decimal(0))),
        }


class _OfLine(Refusal):
    def __init__(self, line: ConsignmentLine, amount: Decimal) -> None:
        self.line, self.amount = line, amount

    @property
    def words(self) -> dict[str, object]:
        return {
            "item": self.line.item,
            "place": self.line.destination.code,
            "amount": Unit(self.line.item.base_unit).amount(self.amount),
        }


class MoreThanUnderWay(_OfLine):
    """`amount`: what is still under way, in the base unit."""

    def __str__(self) -> str:
        return _(
            "Only this much %(item)s is still under way to %(place)s: %(amount)s. Give no more than that."
        ) % (self.words)


class MoreThanLost(_OfLine):
    """`amount`: what was given up as lost, in the base unit."""

    def __str__(self) -> str:
        return (
            _("Only this much %(item)s for %(place)s was lost: %(amount)s. Give no more than that.")
            % self.words
        )


class BeforeTheStepBefore(Refusal):
    """`first`: the day of the step before it."""

    about = "occurred_on"

    def __init__(self, consignment: Consignment, first: date) -> None:
        self.consignment, self.first = consignment, first

    def __str__(self) -> str:
        return _("The step before it was taken with %(code)s on %(day)s. Choose that day or a later one.") % {
            "code": self.consignment.code,
            "day": date_format(self.first),
        }


class StillUnderWay(_OfLine):
    def __init__(self, line: ConsignmentLine) -> None:
        super().__init__(line, line.outstanding)

    def __str__(self) -> str:
        return (
            _(
                "%(item)s for %(place)s: %(amount)s is still under way. "
                "Say first whether it arrived, was lost or came back."
            )
            % self.words
        )


def hold_consignment(consignment: Consignment) -> None:
    """Nobody else takes a step with it until the transaction ends; its state is read anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT supply_hold_consignment(%s)", [consignment.pk])
        [consignment.state] = cursor.fetchone()


def begin_step(
    *, by: User, consignment: Consignment, kind: StepKind, on: date, today: date, key: UUID, note: str = ""
) -> ConsignmentStep:
    """Holds the consignment. A step with a primary key: this key took it before. Else one to be taken.

    Raises KeyAlreadyUsed, DayNotAllowed, BeforeTheStepBefore, WhyMissing.
    """
    hold_consignment(consignment)
    note = note.strip()[:200]
    first = ConsignmentStep.objects.filter(key=key).first()
    if first is not None:
        if (first.consignment_id, first.on, first.note) != (consignment.pk, on, note):
            raise KeyAlreadyUsed
        refuse_other_content(first, by=by, kind=kind)
        return first
    refuse_day(on, today)
    refuse_day_before(consignment, on, today, AFTER.get(kind, ()))
    if kind in EXPLAINED and not note:
        raise WhyMissing
    return ConsignmentStep(consignment=consignment, kind=kind, on=on, by=by, key=key, note=note)


def refuse_day_before(consignment: Consignment, on: date, today: date, kinds: Collection[StepKind]) -> None:
    """Never before the last step of these kinds; where its place has another day already, today is late
    enough. Raises BeforeTheStepBefore, MonthClosed."""
    sent_on = selectors.sent_on(consignment) if StepKind.SENT in kinds else None  # seen by field staff too
    days = [day for day in (selectors.last_day_of(consignment, kinds), sent_on) if day is not None]
    if days and on < min(max(days), today):
        refuse_closed_month(on)  # then no other day of it helps either
        raise BeforeTheStepBefore(consignment, max(days))


def refuse_other_content(first: ConsignmentStep, *, by: User, kind: StepKind) -> None:
    """Raises KeyAlreadyUsed."""
    if (first.by_id, first.kind) != (by.pk, kind):
        raise KeyAlreadyUsed


def take_step(step: ConsignmentStep) -> ConsignmentStep:
    """The row of the log; the state follows it, by trigger. Raises StepOutOfOrder."""
    try:
        with transaction.atomic():
            step.save(force_insert=True)
    except IntegrityError as error:
        rule = broken_rule(error)[0]
        if rule in ("consignment_step_in_order", "consignment_step_once"):
            raise StepOutOfOrder(step.consignment) from error
        if rule in ("consignment_goes_to_safe_shelters", "consignment_goes_over_a_passable_route"):
            refuse_journey(step.consignment)  # reported at this moment
        raise
    return step


def refuse_expired_load(line: ConsignmentLine, lot: Lot | None, day: date) -> None:
    """What has expired may still go to a warehouse of ours, from which nobody eats. Raises LotExpired."""
    if line.destination.kind in (*TO_PEOPLE, PlaceKind.STORE):
        refuse_expired(lot, day, line)


def by_line(values: Mapping[ConsignmentLine, tuple[Decimal | None, Decimal]]) -> dict[str, list]:
    """For the audit row: each line under its item and where it goes, numbered where two say the same."""
    told: dict[str, list] = {}
    for line, both in values.items():
        alike = sum(str(line) == name.partition(" #")[0] for name in told)
        name = f"{line} #{alike + 1}" if alike else str(line)
        told[name] = [None if amount is None else f"{amount.normalize():f}" for amount in both]
    return told


def record_step(step: ConsignmentStep, changes: dict[str, list] | None = None) -> ConsignmentStep:
    audit.record(
        by=step.by,
        action=f"consignment.{step.kind}",
        subject=step.consignment,
        changes=changes or {},
        reason=step.note,
    )
    return step
