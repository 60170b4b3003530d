from datetime import date, timedelta

from django.db.models import Case, F, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from core.fiscal import month_of, next_month
from core.models import QuantityField
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


def _carried(first: date, end: date) -> Coalesce:
    """Kilograms that arrived over a route, at a shelter or at recipients; what is not weighed is left out."""
    arrived = Movement.objects.effective().filter(
        route=OuterRef("pk"),
        occurred_on__gte=first,
        occurred_on__lt=end,
        destination__kind__in=(PlaceKind.STORE, PlaceKind.RECIPIENT),
    )
    kilograms = Case(
        When(item__base_unit=Unit.KILOGRAM, then=F("quantity")),
        When(item__base_unit=Unit.GRAM, then=F("quantity") / GRAMS_PER_KILOGRAM),
        output_field=QuantityField(),
    )
    summed = arrived.order_by().values("route").annotate(kilograms=Sum(kilograms)).values("kilograms")
    return Coalesce(Subquery(summed), ZERO)
