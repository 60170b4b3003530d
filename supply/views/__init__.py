from supply.views.levels import alerts, check_levels, levels, set_level
from supply.views.months import close_month, months, reopen_month
from supply.views.movements import movement, take_back
from supply.views.office import add_item, add_pack, book, change_item, places
from supply.views.routes import recipients, reveal_recipient, reveal_route, routes
from supply.views.sheets import (
    add_count_line,
    begin_count,
    count,
    counts,
    finish_count,
    recount,
    set_count_aside,
)
from supply.views.stock import items, movements, on_day, start

__all__ = [
    "set_count_aside",
    "recount",
    "finish_count",
    "counts",
    "count",
    "begin_count",
    "add_count_line",
    "set_level",
    "levels",
    "check_levels",
    "alerts",
    "on_day",
    "places",
    "change_item",
    "book",
    "add_pack",
    "add_item",
    "close_month",
    "items",
    "months",
    "movement",
    "movements",
    "recipients",
    "reopen_month",
    "reveal_recipient",
    "reveal_route",
    "routes",
    "start",
    "take_back",
]
