"""Closing a month of the ledger, and opening it again: what is reported is not moved any more."""

from datetime import date

from django.db import IntegrityError, transaction

from accounts.models import User
from core.fiscal import month_of
from core.services import save_values
from supply import selectors
from supply.enums import MonthState
from supply.models import MonthClosing
from supply.services.ledger import broken_rule, hold_ledger
from supply.services.refusals import (
    MonthClosedAlready,
    MonthNotOver,
    MonthOpenAlready,
    ReopeningNeedsReason,
)


@transaction.atomic
def close_month(*, by: User, month: date, today: date, reason: str = "") -> MonthClosing:
    """From now on nothing is booked with a day of `month` (any day of it). The same press twice: one closing.

    Waits for bookings under way, and lets later ones wait. Raises MonthNotOver, MonthClosedAlready.
    """
    month = month_of(month)
    if month >= month_of(today):
        raise MonthNotOver(month)
    hold_ledger()
    last = selectors.closing_of(month)
    if last is not None and last.state == MonthState.CLOSED:
        if last.by_id != by.pk:
            raise MonthClosedAlready(month)
        return last
    try:
        with transaction.atomic():
            return _turn(by, month, MonthState.CLOSED, reason)
    except IntegrityError as error:
        if broken_rule(error)[0] == "month_closing_when_over":  # not yet at every shelter
            raise MonthNotOver(month) from error
        raise


@transaction.atomic
def reopen_month(*, by: User, month: date, reason: str) -> MonthClosing:
    """Days of `month` can be booked again. Raises ReopeningNeedsReason, MonthOpenAlready."""
    month, reason = month_of(month), reason.strip()
    if not reason:
        raise ReopeningNeedsReason
    hold_ledger()
    last = selectors.closing_of(month)
    if last is None or last.state == MonthState.REOPENED:
        if last is None or last.by_id != by.pk:
            raise MonthOpenAlready(month)
        return last
    return _turn(by, month, MonthState.REOPENED, reason)


def _turn(by: User, month: date, state: MonthState, reason: str) -> MonthClosing:
    reason = reason.strip()
    values = {"month": month, "state": state, "reason": reason, "by": by}
    action = "stock.month_closed" if state == MonthState.CLOSED else "stock.month_reopened"
    return save_values(by=by, record=MonthClosing(), action=action, reason=reason, values=values)
