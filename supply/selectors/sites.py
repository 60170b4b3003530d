from datetime import date

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from accounts.models import User
from supply.models import RouteSite


def route_sites(user: User, today: date) -> QuerySet[RouteSite]:
    """All sites of all routes in their order, past ones too; annotated `is_current`."""
    is_current = Q(until__isnull=True) | Q(until__gte=today)
    found = RouteSite.objects.visible_to(user).select_related("route", "place__recipient")
    return found.annotate(is_current=ExpressionWrapper(is_current, output_field=BooleanField())).order_by(
        "route__kind", "route__code", "position"
    )
