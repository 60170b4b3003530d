from supply.selectors.checking import Difference, check_ledger
from supply.selectors.figures import (
    brought_to_shelters_between,
    deliveries_between,
    recipients_served_between,
)
from supply.selectors.levels import alerts, falling_short, having_enough, levels, open_alerts
from supply.selectors.months import closing_of, is_closed, month_closings, months_to_close
from supply.selectors.movements import (
    counts_of,
    last_entry,
    last_used,
    movements,
    movements_of,
    movements_with_links,
)
from supply.selectors.office import booked_with, givers, has_moved, own_places
from supply.selectors.routes import routes
from supply.selectors.stock import (
    ZERO,
    balances,
    held,
    held_on,
    items,
    items_with_totals,
    lots_at,
    places,
    recipients,
    stock_everywhere_on,
    stock_of,
    stock_on,
    totals,
)

__all__ = [
    "open_alerts",
    "levels",
    "having_enough",
    "falling_short",
    "alerts",
    "own_places",
    "has_moved",
    "givers",
    "booked_with",
    "months_to_close",
    "month_closings",
    "is_closed",
    "closing_of",
    "Difference",
    "ZERO",
    "balances",
    "brought_to_shelters_between",
    "check_ledger",
    "counts_of",
    "deliveries_between",
    "held",
    "held_on",
    "items",
    "items_with_totals",
    "last_entry",
    "last_used",
    "lots_at",
    "movements",
    "movements_of",
    "movements_with_links",
    "places",
    "recipients",
    "recipients_served_between",
    "routes",
    "stock_everywhere_on",
    "stock_of",
    "stock_on",
    "totals",
]
