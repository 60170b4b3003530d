from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.gate import requires
from accounts.permissions import Right
from core.lists import list_page
from supply import selectors, tables


@requires(Right.STOCK_READ)
def start(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Stock"),
        queryset=selectors.balances(request.user),
        table=tables.StockTable,
        filters=tables.StockFilters,
    )


@requires(Right.STOCK_READ)
def movements(request: HttpRequest) -> HttpResponse:
    sees_routes = request.user.may(Right.ROUTES_READ)
    return list_page(
        request,
        heading=_("Movements"),
        queryset=selectors.movements(request.user),
        table=tables.RoutedMovementTable if sees_routes else tables.MovementTable,
        filters=tables.MovementFilters,
    )


@requires(Right.STOCK_READ)
def items(request: HttpRequest) -> HttpResponse:
    return list_page(
        request,
        heading=_("Items"),
        queryset=selectors.items_with_totals(request.user),
        table=tables.ItemTable,
        filters=tables.ItemFilters,
        template="supply/items.html",
    )
