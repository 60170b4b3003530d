"""What is told of a consignment beside its steps: what the receiver says, and what it cost."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts.models import User
from core.services import save_record
from supply import selectors
from supply.enums import StepKind
from supply.models import Confirmation, Consignment, ConsignmentCost, ConsignmentLine
from supply.services.ledger import refuse_day, refuse_quantity
from supply.services.refusals import AlreadyReversed, CostIsACorrection, KeyAlreadyUsed
from supply.services.steps import WhyMissing, hold_consignment, refuse_day_before


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

    The same key again: the first one. Raises DayNotAllowed, BeforeTheStepBefore,
    NotAnAmount, KeyAlreadyUsed.
    """
    hold_consignment(line.consignment)
    first = Confirmation.objects.filter(key=key).first()
    if first is not None:
        if (first.line_id, first.by_id, first.quantity) != (line.pk, by.pk, quantity):
            raise KeyAlreadyUsed
        return first
    refuse_day(received_on, today, any_day=True)
    refuse_day_before(line.consignment, received_on, today, (StepKind.SENT,))
    refuse_quantity(line.item, quantity, zero=True)
    return save_record(
        by=by, record=Confirmation(key=key, line=line, by=by), action="consignment.confirmed",
        received_on=received_on, receiver=receiver, quantity=quantity, quality=quality,
        is_satisfied=is_satisfied, people=people, note=note,
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
