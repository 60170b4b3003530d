from supply.selectors.checking import Difference, check_ledger
from supply.selectors.figures import (
    brought_to_shelters_between,
    deliveries_between,
    recipients_served_between,
)
from supply.selectors.lots import dated_lots, lines_of
from supply.selectors.movements import counts_of, last_entry, last_used, movements, movements_of
from supply.selectors.routes import routes
from supply.selectors.statuses import statuses_since
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
    stock_of,
    stock_on,
    totals,
)
from supply.selectors.used import used_between

__all__ = [
    "Difference",
    "ZERO",
    "balances",
    "brought_to_shelters_between",
    "check_ledger",
    "counts_of",
    "dated_lots",
    "deliveries_between",
    "held",
    "held_on",
    "items",
    "items_with_totals",
    "last_entry",
    "lines_of",
    "last_used",
    "lots_at",
    "movements",
    "movements_of",
    "places",
    "recipients",
    "recipients_served_between",
    "routes",
    "statuses_since",
    "stock_of",
    "stock_on",
    "totals",
    "used_between",
]
