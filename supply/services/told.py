"""What is told of a consignment beside its steps: what the receiver says, and what it cost."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.services import save_record
from supply import selectors
from supply.enums import StepKind
from supply.models import Confirmation, Consignment, ConsignmentCost, ConsignmentLine
from supply.services.ledger import refuse_day, refuse_quantity
from supply.services.refusals import AlreadyReversed, CostIsACorrection, KeyAlreadyUsed, Refusal
from supply.services.steps import WhyMissing, hold_consignment, refuse_day_before


class ConfirmationIsACorrection(Refusal):
    def __str__(self) -> str:
        return _("A correction cannot be taken back itself. Write down what the receiver says anew.")


class NeverSent(Refusal):
    def __init__(self, line: ConsignmentLine) -> None:
        self.line = line

    def __str__(self) -> str:
        return _(
            "Nothing of %(item)s was sent to %(place)s with %(code)s, so nothing of it was received. Say "
            "first that it was sent, or choose another line."
        ) % {
            "item": self.line.item,
            "place": self.line.destination.code,
            "code": self.line.consignment.code,
        }


@transaction.atomic
def confirm_receipt(
    *,
    by: User,
    line: ConsignmentLine,
    received_on: date,
    receiver: str,
    quantity: Decimal,
    quality: str,
    is_satisfied: bool,
    people: int | None,
    note: str,
    today: date,
    key: UUID,
) -> Confirmation:
    """The receiver's own word, beside what the ledger says. `receiver`: a code, never a name.

    The same key again: the first one. Raises NeverSent, DayNotAllowed, BeforeTheStepBefore, NotAnAmount,
    KeyAlreadyUsed, ValidationError.
    """
    hold_consignment(line.consignment)
    first = Confirmation.objects.filter(key=key).first()
    if first is not None:
        wanted = (line.pk, by.pk, quantity, None)
        if (first.line_id, first.by_id, first.quantity, first.corrects_id) != wanted:
            raise KeyAlreadyUsed
        return first
    if not ConsignmentLine.objects.filter(pk=line.pk, sent__gt=0).exists():
        raise NeverSent(line)
    refuse_day(received_on, today, any_day=True)
    refuse_day_before(line.consignment, received_on, today, (StepKind.SENT,))
    refuse_quantity(line.item, quantity, zero=True)
    return save_record(
        by=by, record=Confirmation(key=key, line=line, by=by), action="consignment.confirmed",
        received_on=received_on, receiver=receiver, quantity=quantity, quality=quality,
        is_satisfied=is_satisfied, people=people, note=note,
    )  # fmt: skip


@transaction.atomic
def take_back_confirmation(*, by: User, confirmation: Confirmation, reason: str, key: UUID) -> Confirmation:
    """A row of the same content takes it back; the mistaken row stays. The same key again: the first one.

    Raises KeyAlreadyUsed, AlreadyReversed, ConfirmationIsACorrection, WhyMissing.
    """
    hold_consignment(confirmation.line.consignment)
    first = Confirmation.objects.filter(key=key).first()
    if first is not None:
        if (first.corrects_id, first.by_id) != (confirmation.pk, by.pk):
            raise KeyAlreadyUsed
        return first
    if confirmation.corrects_id is not None:
        raise ConfirmationIsACorrection
    if Confirmation.objects.filter(corrects=confirmation).exists():
        raise AlreadyReversed
    if not reason.strip():
        raise WhyMissing
    mirror = Confirmation(key=key, line=confirmation.line, by=by, corrects=confirmation)
    same = ("received_on", "receiver", "quantity", "quality", "is_satisfied", "people")
    return save_record(
        by=by, record=mirror, action="consignment.confirmation_taken_back", note=reason.strip()[:200],
        **{name: getattr(confirmation, name) for name in same},
    )  # fmt: skip


@transaction.atomic
def note_cost(
    *,
    by: User,
    consignment: Consignment,
    kind: str,
    amount: Decimal,
    currency: str,
    paid_on: date,
    note: str,
    today: date,
    key: UUID,
) -> ConsignmentCost:
    """The same key again: the first one. Raises DayNotAllowed, KeyAlreadyUsed, ValidationError."""
    hold_consignment(consignment)
    first = ConsignmentCost.objects.filter(key=key).first()
    if first is not None:
        wanted = (consignment.pk, by.pk, kind, amount, currency)
        if (first.consignment_id, first.by_id, first.kind, first.amount, first.currency) != wanted:
            raise KeyAlreadyUsed
        return first
    refuse_day(paid_on, today, any_day=True)
    return save_record(
        by=by, record=ConsignmentCost(key=key, consignment=consignment, by=by), action="consignment.cost",
        kind=kind, amount=amount, currency=currency, paid_on=paid_on, note=note,
    )  # fmt: skip


@transaction.atomic
def take_back_cost(*, by: User, cost: ConsignmentCost, reason: str, key: UUID) -> ConsignmentCost:
    """Its mirror on the same day; the mistaken row stays. The same key again: the first one.

    Raises KeyAlreadyUsed, AlreadyReversed, CostIsACorrection, WhyMissing.
    """
    hold_consignment(cost.consignment)
    first = ConsignmentCost.objects.filter(key=key).first()
    if first is not None:
        if (first.corrects_id, first.by_id) != (cost.pk, by.pk):
            raise KeyAlreadyUsed
        return first
    if cost.amount < 0:
        raise CostIsACorrection
    if not selectors.costs(cost.consignment).get(pk=cost.pk).may_be_taken_back:  # type: ignore[attr-defined]
        raise AlreadyReversed
    if not reason.strip():
        raise WhyMissing
    mirror = ConsignmentCost(key=key, consignment=cost.consignment, by=by, corrects=cost)
    return save_record(
        by=by, record=mirror, action="consignment.cost_taken_back", kind=cost.kind, amount=-cost.amount,
        currency=cost.currency, paid_on=cost.paid_on, note=reason.strip()[:200],
    )  # fmt: skip
