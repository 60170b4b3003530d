from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.gate import requires
from accounts.permissions import Right
from core.lists import day_in, list_page
from supply import selectors, tables


@requires(Right.STOCK_READ)
def start(request: HttpRequest) -> HttpResponse:
    lines, sees_plans = selectors.balances(request.user), request.user.may(Right.ROUTES_READ)
    return list_page(
        request,
        heading=_("Stock"),
        queryset=selectors.with_reserved(lines) if sees_plans else lines,
        by_keys=partial(selectors.balances_among, request.user, reserved=sees_plans),
        table=tables.ReservedStockTable if sees_plans else tables.StockTable,
        filters=tables.StockFilters,
        template="supply/stock.html",
        check=selectors.last_check(),
    )


@requires(Right.STOCK_READ)
def on_day(request: HttpRequest) -> HttpResponse:
    """What lay where at the end of a day; without one that can be read, of today."""
    today = timezone.localdate()
    asked = day_in(request.GET, "day") or today
    day = min(asked, today)
    return list_page(
        request,
        heading=_("Stock at the end of %(day)s") % {"day": date_format(day)},
        lead=_("Added up anew from the ledger, with what was recorded later for that day or before."),
        about=_("Nobody knows the stock of a day to come: this is today's.") if asked > today else "",
        queryset=selectors.stock_on(request.user, day),
        table=tables.StockTable,
        filters=tables.StockOnDayFilters,
    )


@requires(Right.STOCK_READ)
def movements(request: HttpRequest) -> HttpResponse:
    sees_routes = request.user.may(Right.ROUTES_READ)
    return list_page(
        request,
        heading=_("Movements"),
        queryset=selectors.movements(request.user),
        by_keys=partial(selectors.movements_among, request.user),
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


@requires(Right.STOCK_READ)
def delivered(request: HttpRequest) -> HttpResponse:
    """A year's sums by item and kind of recipient."""

    def worked_out(filters: tables.DeliveredFilters) -> list[selectors.Delivered]:
        return [line for line in selectors.delivered(*filters.days) if filters.keeps(line)]

    return list_page(
        request,
        heading=_("Handed over"),
        lead=_(
            "What recipients were given, without what was taken back. Each number leads to the movements "
            "that it is the sum of."
        ),
        queryset=selectors.movements(request.user),
        worked_out=worked_out,
        table=tables.DeliveredTable,
        filters=tables.DeliveredFilters,
    )
