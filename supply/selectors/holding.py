"""A row as it is now, held until the transaction ends: for a form that compares what its page showed."""

from datetime import date

from supply.models import Item, Place, Route, RouteTarget, StockLevel


def level_held(place: Place, item: Item) -> StockLevel | None:
    """`place`: of those the person may see."""
    return StockLevel.objects.select_for_update(no_key=True).filter(place=place, item=item).first()


def target_held(route: Route, month: date) -> RouteTarget | None:
    return RouteTarget.objects.select_for_update(no_key=True).filter(route=route, from_month=month).first()


def hold_route(route: Route) -> None:
    """As who moves a site of it holds it."""
    Route.objects.select_for_update().get(pk=route.pk)
