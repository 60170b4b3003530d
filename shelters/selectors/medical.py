"""Medical cases, what they cost, and who is given money: persons for who works there, sums for others."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import BooleanField, Case, Count, ExpressionWrapper, F, Q, QuerySet, Sum, When
from django.db.models.expressions import Combinable

from core.fiscal import FiscalYear, month_of
from core.models import AmountField, DayAt
from core.money import Money
from shelters.models import (
    Allowance,
    ClothingGiven,
    MedicalCase,
    MedicalCost,
    MedicalSupply,
    Resident,
    Shelter,
)

if TYPE_CHECKING:
    from accounts.models import User


def in_care(user: "User") -> QuerySet[Resident]:
    """Whose illnesses whoever the transaction acts for may write down."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT shelters_in_my_care()")
        [mine] = cursor.fetchone()
    return Resident.objects.in_the_care_of(user).filter(pk__in=mine)


def cases(user: "User") -> QuerySet[MedicalCase]:
    """Annotated `given`: how often medicine or a kit was handed out."""
    found: QuerySet[MedicalCase] = MedicalCase.objects.visible_to(user).select_related("resident")
    real = Q(supplies__isnull=False, supplies__movement__reversed_by__isnull=True)
    return found.prefetch_related("costs").annotate(given=Count("supplies", filter=real))


def allowances(user: "User") -> QuerySet[Allowance]:
    """Annotated `is_mistake`: taken back; `altogether`: amount × months, of a mistake nothing."""
    found: QuerySet[Allowance] = Allowance.objects.visible_to(user)
    is_mistake = ExpressionWrapper(Q(taken_back__isnull=False), output_field=BooleanField())
    return found.select_related("resident", "by", "taken_back").annotate(
        is_mistake=is_mistake,
        altogether=Case(
            When(taken_back__isnull=True, then=F("amount") * F("months")),
            default=Decimal(0),
            output_field=AmountField(),
        ),
    )


def supplies(case: MedicalCase) -> QuerySet[MedicalSupply]:
    """Handed out for it, without what was taken back."""
    found = case.supplies.filter(movement__reversed_by__isnull=True)
    return found.select_related("movement__item", "movement__lot", "movement__by")


def shelters_of(case: MedicalCase, user: "User") -> QuerySet[Shelter]:
    """Out of whose store it can be handed out: where the resident sleeps tonight, if that is one's own."""
    there = Q(stays__resident=case.resident_id, stays__is_planned=False)
    tonight = there & Q(stays__nights__contains=DayAt(F("time_zone")))
    return Shelter.objects.visible_to(user).filter(tonight).select_related("store")


def clothing() -> QuerySet[ClothingGiven]:
    """Without what was taken back; newest first. The row policies say to whom."""
    found = ClothingGiven.objects.filter(movement__reversed_by__isnull=True)
    return found.select_related("shelter", "movement__item", "movement__by").order_by(
        "-movement__occurred_on"
    )


def last_currency(rows: QuerySet) -> str | None:
    """In which the newest of these was booked: the next one is likely in the same."""
    return rows.order_by("-id").values_list("currency", flat=True).first()


def costs_of(case: MedicalCase) -> QuerySet[MedicalCost]:
    """As they were booked, with what took them back whole; its mirrors left out."""
    return case.costs.filter(corrects__isnull=True).select_related("corrected_by__by")


def spent(case: MedicalCase) -> list[Money]:
    """What it cost altogether, a line a currency."""
    return _money(case.costs.all(), "amount")


# --- for the coordinator and the annual report -------------------------------------------------------------


@dataclass(frozen=True)
class MedicalYear:
    """Sums of a span of days, no person in them. `cases`: kind → number of those open on one of the days."""

    cases: dict[str, int]
    opened: int
    costs: list[Money]
    allowances: list[Money]

    @property
    def open(self) -> int:
        return sum(self.cases.values())


def cases_by_kind(first: date, last: date) -> dict[str, int]:
    """Kind → cases open on one of these days, both inside: one that runs over years counts in each."""
    touching = MedicalCase.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gte=first), opened_on__lte=last
    )
    return dict(touching.order_by().values_list("kind").annotate(number=Count("pk")))


def cases_opened_between(first: date, last: date) -> int:
    return MedicalCase.objects.filter(opened_on__range=(first, last)).count()


def medical_costs_between(first: date, last: date) -> list[Money]:
    """Of the months that begin in these days, a line a currency."""
    return _money(MedicalCost.objects.filter(month__range=(month_of(first), last)), "amount")


def medical_year(year: FiscalYear) -> MedicalYear:
    """Allowances count whole in the year in which they begin, but for those taken back."""
    begun = Allowance.objects.filter(from_month__range=year.days, taken_back__isnull=True)
    return MedicalYear(
        cases=cases_by_kind(*year.days),
        opened=cases_opened_between(*year.days),
        costs=medical_costs_between(*year.days),
        allowances=_money(begun, F("amount") * F("months")),
    )


def _money(rows: QuerySet, what: str | Combinable) -> list[Money]:
    summed = rows.order_by("currency").values_list("currency")
    return [
        Money(amount, currency)
        for currency, amount in summed.annotate(sum=Sum(what, output_field=AmountField()))
        if amount != Decimal(0)
    ]
