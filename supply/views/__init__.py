from supply.views.consignments import (
    change_journey,
    confirm_receipt,
    consignment,
    consignments,
    note_cost,
    pack_consignment,
    plan_consignment,
    reveal_consignment,
    take_back_part,
    take_step,
)
from supply.views.months import close_month, months, reopen_month
from supply.views.movements import movement, take_back
from supply.views.plans import (
    board,
    change_status,
    end_plan,
    make_drafts,
    make_plan,
    plans,
    route,
    set_target,
)
from supply.views.routes import recipients, reveal_recipient, reveal_route, routes
from supply.views.stock import items, movements, start

__all__ = [
    "board",
    "change_journey",
    "change_status",
    "close_month",
    "confirm_receipt",
    "consignment",
    "consignments",
    "end_plan",
    "items",
    "make_drafts",
    "make_plan",
    "months",
    "movement",
    "movements",
    "note_cost",
    "pack_consignment",
    "plan_consignment",
    "plans",
    "recipients",
    "reopen_month",
    "reveal_consignment",
    "reveal_recipient",
    "reveal_route",
    "route",
    "routes",
    "set_target",
    "start",
    "take_back",
    "take_back_part",
    "take_step",
]
