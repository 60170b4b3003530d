from supply.selectors.checking import Difference, check_ledger
from supply.selectors.figures import (
    brought_to_shelters_between,
    deliveries_between,
    recipients_served_between,
)
from supply.selectors.movements import (
    counts_of,
    last_entry,
    last_movements,
    last_used,
    movements,
    movements_of,
    used_on,
)
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
    stock_of,
    stock_on,
    totals,
)

__all__ = [
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
    "last_movements",
    "last_used",
    "lots_at",
    "movements",
    "movements_of",
    "places",
    "recipients",
    "recipients_served_between",
    "routes",
    "stock_of",
    "stock_on",
    "totals",
    "used_on",
]
