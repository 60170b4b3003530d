"""Money out. What other apps wrote down as paid is here by itself (docs/adr/0029) and is booked to a fund."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.services import once, save_record
from donations.models import Expense, Fund, Programme
from donations.services.refusals import DonationRefused, KeyAlreadyUsed

CODE_DIGITS = 8


class NotPaidYet(DonationRefused):
    about = "paid_on"

    def __str__(self) -> str:
        return _("This day lies in the future. Book an expense on the day it was paid.")


class NothingChosen(DonationRefused):
    about = "expenses"

    def __str__(self) -> str:
        return _("Choose at least one expense.")


class FundMissing(DonationRefused):
    about = "fund"

    def __str__(self) -> str:
        return _("Choose a fund: one of these expenses has none.")


class ExpenseIsTakenBack(DonationRefused):
    def __str__(self) -> str:
        return _("This expense has been taken back. Look at the register again.")


class StillWaiting(DonationRefused):
    def __str__(self) -> str:
        return _("This expense is not booked yet. It is taken back where it was written down.")


class ExpenseOfAnother(DonationRefused):
    about = "expenses"

    def __init__(self, code: str) -> None:
        self.code = code

    def __str__(self) -> str:
        return _(
            "Somebody else booked %(code)s meanwhile, and otherwise. To change that, take it back first."
        ) % {"code": self.code}


@transaction.atomic
def record_expense(
    *,
    by: User,
    key: UUID,
    today: date,
    paid_on: date,
    fund: Fund,
    programme: Programme,
    nature: str,
    what: str,
    amount: Decimal,
    currency: str,
) -> Expense:
    """Typed by hand: an exact amount. The same form again is the first row.

    Raises NotPaidYet, KeyAlreadyUsed, ValidationError.
    """
    if paid_on > today:
        raise NotPaidYet
    expense = Expense(
        key=key, code=f"E-{paid_on:%y%m%d}-{key.hex[:CODE_DIGITS].upper()}", paid_on=paid_on, fund=fund,
        programme=programme, nature=nature, what=what.strip(), value=amount, currency=currency, by=by,
    )  # fmt: skip
    expense.clean_fields()
    content = (
        "paid_on", "fund_id", "programme_id", "nature", "what", "value", "currency", "by_id", "corrects_id",
    )  # fmt: skip
    return _once(by, expense, content, "donations.spent")


@transaction.atomic
def book_expenses(
    *, by: User, expenses: Collection[Expense], fund: Fund | None, programme: Programme
) -> list[Expense]:
    """Name what each lacks of fund and programme; what stands there stays. Booked the same again: as it is.

    All or none. Raises NothingChosen, FundMissing, ExpenseIsTakenBack, ExpenseOfAnother.
    """
    keys = [expense.pk for expense in expenses]
    held = list(Expense.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if not held:
        raise NothingChosen
    if not all(expense.stands for expense in held):
        raise ExpenseIsTakenBack
    return [_book(by, expense, fund, programme) for expense in held]


@transaction.atomic
def take_back_expense(*, by: User, expense: Expense, reason: str, key: UUID) -> Expense:
    """Its mirror; neither counts. What is written down elsewhere waits for a fund anew.

    The same form again is the first row. Raises ExpenseIsTakenBack, StillWaiting, KeyAlreadyUsed,
    ValidationError.
    """
    mistaken = Expense.objects.select_for_update().get(pk=expense.pk)
    same = (
        "paid_on", "paid_precision", "fund", "programme", "nature", "what", "currency", "value",
        "value_upper", "qualifier",
    )  # fmt: skip
    mirror = Expense(
        key=key, code=f"{mistaken.code}-R", corrects=mistaken, reason=reason.strip(), stands=False, by=by,
        **{name: getattr(mistaken, name) for name in same},
    )  # fmt: skip
    first = Expense.objects.filter(key=key).first()
    if first is None and not mistaken.stands:
        raise ExpenseIsTakenBack
    if first is None and mistaken.is_waiting:
        raise StillWaiting
    mirror.clean_fields()
    return _once(by, mirror, ("corrects_id", "reason", "by_id"), "donations.expense_taken_back")


def _book(by: User, expense: Expense, fund: Fund | None, programme: Programme) -> Expense:
    values: dict[str, Any] = {}
    if not expense.is_waiting:
        # Another's booking since the page was shown is nothing to write over, and nothing to agree to unseen.
        if expense.programme_id != programme.pk or (fund is not None and expense.fund_id != fund.pk):
            raise ExpenseOfAnother(expense.code)
        return expense
    if expense.fund_id is None:
        if fund is None:
            raise FundMissing
        values["fund"] = fund
    if expense.programme_id is None:
        values["programme"] = programme
    return save_record(by=by, record=expense, action="donations.expense_booked", **values)


def _once(by: User, expense: Expense, content: Collection[str], action: str) -> Expense:
    booked = once(expense, content, KeyAlreadyUsed)
    if booked is expense:
        changes = audit.difference({}, audit.snapshot(expense))
        audit.record(by=by, action=action, subject=expense, changes=changes, reason=expense.reason)
    return booked
