from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import TruncMonth

from accounts.models import User
from core.fiscal import FiscalYear
from supply.models import Consignment, Item, Movement, Place, Route, RouteTarget, StandingPlan
from supply.selectors.routes import KILOGRAMS, NOT_COUNTED, arrivals_over, states_said


def standing_plans(user: User) -> QuerySet[StandingPlan]:
    found = StandingPlan.objects.visible_to(user).select_related("route", "source")
    return found.prefetch_related("lines__item", "lines__destination__recipient")


def plans_to(place: Place) -> QuerySet[StandingPlan]:
    """Which plans carry something there; one with two such lines comes twice."""
    return StandingPlan.objects.filter(lines__destination=place).order_by()


def plans_to_draft(month: date) -> QuerySet[StandingPlan]:
    """In force in the month and without a consignment for it; annotated `state` of the route today.

    `month`: its first day.
    """
    drafted = Consignment.objects.filter(plan=OuterRef("pk"), plan_month=month)
    # As planning asks (`route_state`): one that it refused would keep all others from being drafted.
    newest = states_said(OuterRef("route")).values("state")
    plans = StandingPlan.objects.in_force(month).filter(~Exists(drafted)).annotate(state=Subquery(newest[:1]))
    return plans.select_related("route", "source").prefetch_related("lines__item", "lines__destination")


@dataclass(frozen=True)
class Month:
    """Kilograms of one month. `target` None: nothing was planned."""

    month: date
    target: Decimal | None
    carried: Decimal
    has_begun: bool

    @property
    def percent(self) -> int | None:
        return int(100 * self.carried / self.target) if self.target and self.has_begun else None

    @property
    def is_short(self) -> bool:
        return self.has_begun and self.target is not None and self.carried < self.target


@dataclass(frozen=True)
class RouteYear:
    """The twelve months of a fiscal year, in order, those without a delivery too."""

    route: Route
    months: list[Month]
    not_counted: list[tuple[Item, Decimal]]  # without weight, and standing for no rice

    @cached_property
    def target(self) -> Decimal:
        return sum((month.target or Decimal(0) for month in self.months), Decimal(0))

    @cached_property
    def carried(self) -> Decimal:
        return sum((month.carried for month in self.months), Decimal(0))

    @property
    def without(self) -> int:
        """Months that have begun and in which nothing arrived."""
        return sum(month.has_begun and not month.carried for month in self.months)


def board(routes: Iterable[Route], year: FiscalYear, today: date) -> list[RouteYear]:
    """Planned against actual kilograms per route and month; three queries, however many routes."""
    found = list(routes)
    targets: dict[int, list[tuple[date, Decimal]]] = {}
    set_for = RouteTarget.objects.filter(route__in=found, from_month__lte=year.last_day)
    for target in set_for.order_by("from_month"):
        targets.setdefault(target.route_id, []).append((target.from_month, target.kilograms_a_month))
    carried = _carried_by_month(found, year)
    not_counted = _not_counted(found, year)
    return [
        RouteYear(
            route,
            [
                Month(
                    month,
                    _in_force(targets.get(route.pk, []), month),
                    carried.get((route.pk, month), Decimal(0)),
                    has_begun=month <= today,
                )
                for month in year.months()
            ],
            not_counted.get(route.pk, []),
        )
        for route in found
    ]


def _in_force(targets: list[tuple[date, Decimal]], month: date) -> Decimal | None:
    return next((kilograms for since, kilograms in reversed(targets) if since <= month), None)


def _carried_by_month(routes: list[Route], year: FiscalYear) -> dict[tuple[int, date], Decimal]:
    arrived = arrivals_over(routes).filter(occurred_on__range=year.days).order_by()
    by_month = arrived.annotate(month=TruncMonth("occurred_on")).values_list("route", "month")
    summed = by_month.annotate(kilograms=Sum(KILOGRAMS)).values_list("route", "month", "kilograms")
    return {(route, month): kilograms or Decimal(0) for route, month, kilograms in summed}


def _not_counted(routes: list[Route], year: FiscalYear) -> dict[int, list[tuple[Item, Decimal]]]:
    """Route → what arrived and has no kilograms, by item."""
    arrived = arrivals_over(routes).filter(NOT_COUNTED, occurred_on__range=year.days).order_by()
    summed = arrived.values_list("route", "item").annotate(sum=Sum("quantity")).order_by("item__code")
    rows = list(summed)
    items = Item.objects.in_bulk({item for _route, item, _sum in rows}) if rows else {}
    found: dict[int, list[tuple[Item, Decimal]]] = {}
    for route, item, quantity in rows:
        found.setdefault(route, []).append((items[item], quantity))
    return found


def sites_of(route: Route) -> QuerySet[Place]:
    """Where the route delivers: what arrived there and what is planned; annotated `times`, `last_on`."""
    arrived = Movement.objects.effective().filter(route=route, destination=OuterRef("pk")).order_by()
    counted = arrived.values("destination").annotate(times=Count("pk"), last=Max("occurred_on"))
    carried = route.consignments.exclude(state="cancelled").filter(lines__planned__gt=0)
    planned = carried.values("lines__destination")
    standing = route.plans.values("lines__destination")
    sites = Place.objects.annotate(
        times=Subquery(counted.values("times")), last_on=Subquery(counted.values("last"))
    ).filter(
        Q(times__gt=0) | Q(pk__in=planned) | Q(pk__in=standing), kind__in=("store", "recipient", "warehouse")
    )
    return sites.select_related("recipient").order_by("kind", "code")
