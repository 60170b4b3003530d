from tests.access import Row
from tests.factories import MonthClosingFactory, MovementFactory, RecipientFactory, RouteFactory

STOCK = {"supply_coordinator", "auditor"}


def _route(get):
    get("db")
    return {"uuid": RouteFactory().uuid}


def _recipient(get):
    get("db")
    return {"uuid": RecipientFactory().uuid}


def _month(get):
    get("db")
    return {"uuid": MonthClosingFactory().uuid}


def _movement(get):
    get("db")
    return {"uuid": MovementFactory().uuid}


ROWS = [
    Row("supply:start", STOCK),
    Row("supply:movements", STOCK),
    Row("supply:movement", STOCK, _movement),
    Row("supply:take_back", {"supply_coordinator"}, _movement),
    Row("supply:routes", {"supply_coordinator"}),
    Row("supply:reveal_route", {"supply_coordinator"}, _route),
    Row("supply:recipients", STOCK),
    Row("supply:reveal_recipient", {"supply_coordinator"}, _recipient),
    Row("supply:items", STOCK),
    Row("supply:months", STOCK),
    Row("supply:close_month", {"supply_coordinator"}),
    Row("supply:reopen_month", {"supply_coordinator"}, _month),
]
