"""Medical cases, their costs and supplies, and allowances: written by the field staff of the shelter."""

from datetime import date
from decimal import Decimal
from typing import Any, Unpack
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core.money import is_in_coins
from core.services import save_record
from shelters.models import (
    Allowance,
    MedicalCase,
    MedicalCost,
    MedicalSupply,
    Resident,
    Shelter,
)
from shelters.services.rows import once, refuse_foreign_shelter, write_down
from supply import services as supply
from supply.enums import Reason
from supply.services import Refusal


class DayOutside(Refusal):
    """`first`: None where only the future is closed. `about`: where it was typed."""

    def __init__(self, about: str, first: date | None, today: date) -> None:
        self.about, self.first, self.today = about, first, today

    def __str__(self) -> str:
        if self.first is None:
            return _("That lies in the future. Choose %(today)s or an earlier day.") % {
                "today": date_format(self.today)
            }
        return _("Choose a day from %(first)s to %(today)s.") % {
            "first": date_format(self.first),
            "today": date_format(self.today),
        }


class MonthOutside(Refusal):
    about = "month"

    def __init__(self, first: date, today: date) -> None:
        self.first, self.today = first, today

    def __str__(self) -> str:
        return _("Choose a month from %(first)s to %(today)s.") % {
            "first": date_format(self.first, "YEAR_MONTH_FORMAT"),
            "today": date_format(self.today, "YEAR_MONTH_FORMAT"),
        }


class CaseIsClosed(Refusal):
    def __str__(self) -> str:
        return _("This case is closed. Open a new one if the illness has come back.")


class CostIsTakenBack(Refusal):
    def __str__(self) -> str:
        return _("This cost has already been taken back.")


class CostIsTakenBackInPart(Refusal):
    def __str__(self) -> str:
        return _(
            "A part of this cost was taken back already, by an amount below zero. Take the rest back so too: "
            "add a cost below zero."
        )


class MoreTakenBackThanSpent(Refusal):
    """`spent`: what the case cost in this currency so far."""

    about = "amount"

    def __init__(self, spent: Decimal) -> None:
        self.spent = spent

    def __str__(self) -> str:
        return _("So much was never booked for this case in this currency. Take back less.")


@transaction.atomic
def open_medical_case(
    *,
    by: User,
    key: UUID,
    today: date,
    resident: Resident,
    kind: str,
    opened_on: date,
    condition: str,
    treatment: str = "",
) -> MedicalCase:
    """`condition`, `treatment`: sealed under the resident's key. Raises PermissionDenied, DayOutside."""
    _refuse_foreign(by, resident)
    if opened_on > today:
        raise DayOutside("opened_on", None, today)
    case = MedicalCase(
        code=f"M-{opened_on:%y%m}-{key.hex[:8].upper()}", resident=resident, kind=kind, condition=condition,
        treatment=treatment, opened_on=opened_on, by=by, key=key,
    )  # fmt: skip
    booked = once(case, ("resident_id", "kind", "opened_on", "by_id"))
    if booked is case:
        write_down(by, "shelters.case_opened", case)
    return booked


@transaction.atomic
def change_treatment(*, by: User, case: MedicalCase, treatment: str) -> MedicalCase:
    """What is done about it now, in place of what stood there. Raises PermissionDenied, CaseIsClosed."""
    held = _held(by, case)
    return save_record(by=by, record=held, action="shelters.treatment", treatment=treatment)


@transaction.atomic
def close_medical_case(
    *, by: User, case: MedicalCase, closed_on: date, outcome: str, today: date
) -> MedicalCase:
    """Closed the same way again: as it is. Raises PermissionDenied, DayOutside, CaseIsClosed."""
    _refuse_foreign(by, case.resident)
    if not case.opened_on <= closed_on <= today:
        raise DayOutside("closed_on", case.opened_on, today)
    known = MedicalCase.objects.select_for_update().get(pk=case.pk)
    if (known.closed_on, known.outcome) == (closed_on, outcome):
        return known
    held = _held(by, known)
    values: dict[str, Any] = {"closed_on": closed_on, "outcome": outcome}
    return save_record(by=by, record=held, action="shelters.case_closed", **values)


def refuse_more_than_spent(case: MedicalCase, amount: Decimal, currency: str) -> None:
    """Raises MoreTakenBackThanSpent: what a case cost in a currency is never below zero.

    Nor is part of a yen taken back, but where one was written down: before, that was possible.
    """
    spent = case.costs.filter(currency=currency).aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    if spent + amount < 0:
        raise MoreTakenBackThanSpent(spent)
    if (
        not is_in_coins(amount, currency)
        and not case.costs.filter(currency=currency, amount=-amount).exists()
    ):
        raise MoreTakenBackThanSpent(spent)


@transaction.atomic
def add_medical_cost(
    *, by: User, case: MedicalCase, key: UUID, month: date, amount: Decimal, currency: str, today: date
) -> MedicalCost:
    """Also after the case is closed: bills come late. Below zero takes back.

    Raises PermissionDenied, MonthOutside, MoreTakenBackThanSpent.
    """
    _refuse_foreign(by, case.resident)
    first = case.opened_on.replace(day=1)
    if not first <= month <= today:
        raise MonthOutside(first, today)
    MedicalCase.objects.select_for_update().get(pk=case.pk)  # two at once may not take back one sum
    cost = MedicalCost(
        case=case, month=month.replace(day=1), amount=amount, currency=currency, by=by, key=key
    )
    if not MedicalCost.objects.filter(key=key).exists():
        refuse_more_than_spent(case, amount, currency)
    booked = once(cost, ("case_id", "month", "amount", "currency", "by_id"))
    if booked is cost:
        write_down(by, "shelters.case_cost", cost)
    return booked


@transaction.atomic
def take_back_medical_cost(*, by: User, cost: MedicalCost, reason: str, key: UUID) -> MedicalCost:
    """Its mirror; the mistaken row stays and counts no more. The same form again is the first one.

    Raises PermissionDenied, CostIsTakenBack.
    """
    case = cost.case
    _refuse_foreign(by, case.resident)
    MedicalCase.objects.select_for_update().get(pk=case.pk)
    first = MedicalCost.objects.filter(corrects=cost).first()
    if first is not None and (first.key, first.reason, first.by_id) == (key, reason, by.pk):
        return first
    if first is not None or cost.amount < 0:
        raise CostIsTakenBack
    try:
        refuse_more_than_spent(case, -cost.amount, cost.currency)
    except MoreTakenBackThanSpent as more:  # by an amount with a minus
        raise (CostIsTakenBackInPart if more.spent else CostIsTakenBack) from None
    mirror = MedicalCost(
        case=case, month=cost.month, amount=-cost.amount, currency=cost.currency, corrects=cost,
        reason=reason, by=by, key=key,
    )  # fmt: skip
    booked = once(mirror, ("corrects_id", "reason", "by_id"))
    write_down(by, "shelters.case_cost_taken_back", booked)
    return booked


@transaction.atomic
def give_for_case(
    *, by: User, case: MedicalCase, shelter: Shelter, **entry: Unpack[supply.Entry]
) -> MedicalSupply:
    """Handed out of the shelter's store and linked to the case, both or neither; the same key again is the
    first one. Raises PermissionDenied, CaseIsClosed, refusals of the ledger.
    """
    refuse_foreign_shelter(by, shelter)
    held = _held(by, case)
    movement = supply.log_use(by=by, place=shelter.store, reason=Reason.HANDED_OUT, **entry)
    given, is_new = MedicalSupply.objects.get_or_create(movement=movement, defaults={"case": held})
    if given.case_id != held.pk:
        raise supply.KeyAlreadyUsed
    if is_new:
        write_down(by, "shelters.case_supplied", given)
    return given


@transaction.atomic
def grant_allowance(
    *,
    by: User,
    key: UUID,
    resident: Resident,
    amount: Decimal,
    currency: str,
    months: int,
    from_month: date,
    reason: str,
) -> Allowance:
    """`amount` a month. Raises PermissionDenied, KeyAlreadyUsed."""
    _refuse_foreign(by, resident)
    allowance = Allowance(
        resident=resident, amount=amount, currency=currency, months=months,
        from_month=from_month.replace(day=1), reason=reason, by=by, key=key,
    )  # fmt: skip
    content = ("resident_id", "amount", "currency", "months", "from_month", "reason", "by_id")
    booked = once(allowance, content)
    if booked is allowance:
        write_down(by, "shelters.allowance", allowance)
    return booked


def _held(by: User, case: MedicalCase) -> MedicalCase:
    """Under lock, and still open."""
    _refuse_foreign(by, case.resident)
    held = MedicalCase.objects.select_for_update().get(pk=case.pk)
    if held.closed_on is not None:
        raise CaseIsClosed
    return held


def _refuse_foreign(by: User, resident: Resident) -> None:
    """Whoever calls without the view's door must not get past; nor who had them and sees them no more."""
    if not Resident.objects.in_the_care_of(by).filter(pk=resident.pk).exists():
        raise PermissionDenied
