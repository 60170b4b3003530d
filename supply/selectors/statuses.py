from datetime import date

from django.db.models import QuerySet

from supply.models import RouteStatus


def statuses_since(route: int, day: date) -> QuerySet[RouteStatus]:
    """How a route's state changed from a day on, oldest first."""
    return RouteStatus.objects.filter(route=route, since__gte=day).select_related("route")
