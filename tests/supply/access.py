from tests.access import Row
from tests.factories import (
    ItemFactory,
    MonthClosingFactory,
    MovementFactory,
    PlaceFactory,
    RecipientFactory,
    RouteFactory,
)

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


def _place(get):
    get("db")
    return {"uuid": PlaceFactory().uuid}


def _item(get):
    get("db")
    return {"uuid": ItemFactory().uuid}


ROWS = [
    Row("supply:start", STOCK),
    Row("supply:on_day", STOCK),
    Row("supply:movements", STOCK),
    Row("supply:movement", STOCK, _movement),
    Row("supply:take_back", {"supply_coordinator"}, _movement),
    Row("supply:routes", {"supply_coordinator"}),
    Row("supply:reveal_route", {"supply_coordinator"}, _route),
    Row("supply:recipients", STOCK),
    Row("supply:reveal_recipient", {"supply_coordinator"}, _recipient),
    Row("supply:items", STOCK),
    Row("supply:add_item", {"supply_coordinator"}),
    Row("supply:change_item", {"supply_coordinator"}, _item),
    Row("supply:add_pack", {"supply_coordinator"}, _item),
    Row("supply:places", STOCK),
    Row("supply:book", {"supply_coordinator"}, _place),
    Row("supply:levels", STOCK),
    Row("supply:set_level", {"supply_coordinator"}),
    Row("supply:check_levels", {"supply_coordinator"}, post={}),
    Row("supply:alerts", STOCK),
    Row("supply:months", STOCK),
    Row("supply:close_month", {"supply_coordinator"}),
    Row("supply:reopen_month", {"supply_coordinator"}, _month),
]
