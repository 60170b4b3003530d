from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce, Round

from core.fiscal import month_of, next_month
from core.models import QuantityField, TokyoToday
from core.quantities import GRAMS_PER_KILOGRAM
from supply.enums import PlaceKind, Unit
from supply.models import Movement, Route, RouteStatus, RouteTarget
from supply.selectors.stock import ZERO


def routes(today: date) -> QuerySet[Route]:
    """Annotated `state` now, `target` kg this month, `carried`, `carried_before`: kg this and last month."""
    month = month_of(today)
    before = month_of(month - timedelta(days=1))
    newest_first = RouteStatus.objects.filter(route=OuterRef("pk"), since__lte=today).order_by(
        "-since", "-id"
    )
    targets = RouteTarget.objects.filter(route=OuterRef("pk"), from_month__lte=month).order_by("-from_month")
    return Route.objects.annotate(
        state=Subquery(newest_first.values("state")[:1]),
        target=Subquery(targets.values("kilograms_a_month")[:1]),
        carried=_carried(month, next_month(month)),
        carried_before=_carried(before, month),
    )


def route_state(route: Route) -> str | None:
    """By the database's Tokyo day. None: nobody has said one."""
    return states_said(route).values_list("state", flat=True).first()


def states_said(route: Route | OuterRef) -> QuerySet[RouteStatus]:
    """Up to today, the newest first."""
    return RouteStatus.objects.filter(route=route, since__lte=TokyoToday()).order_by("-since", "-id")


# Of rice or the equivalent: what the item says it stands for, else its weight. The rest is left out.
KILOGRAMS = Case(
    When(
        item__rice_kilograms__isnull=False,
        then=Round(F("quantity") * F("item__rice_kilograms"), precision=3),
    ),
    When(item__base_unit=Unit.KILOGRAM, then=F("quantity")),
    When(item__base_unit=Unit.GRAM, then=F("quantity") / GRAMS_PER_KILOGRAM),
    output_field=QuantityField(),
)


NOT_COUNTED = Q(item__rice_kilograms__isnull=True) & ~Q(item__base_unit__in=(Unit.KILOGRAM, Unit.GRAM))


def arrivals_over(routes: Iterable[Route] | OuterRef) -> QuerySet[Movement]:
    """What arrived over these routes, at a shelter or at recipients."""
    over = {"route": routes} if isinstance(routes, OuterRef) else {"route__in": routes}
    ends = (PlaceKind.STORE, PlaceKind.RECIPIENT)
    return Movement.objects.effective().filter(**over, destination__kind__in=ends)


def _carried(first: date, end: date) -> Coalesce:
    arrived = arrivals_over(OuterRef("pk")).filter(occurred_on__gte=first, occurred_on__lt=end)
    summed = arrived.order_by().values("route").annotate(kilograms=Sum(KILOGRAMS)).values("kilograms")
    return Coalesce(Subquery(summed), ZERO)
