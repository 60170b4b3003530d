from supply.views.routes import recipients, reveal_recipient, reveal_route, routes
from supply.views.stock import items, movements, start

__all__ = [
    "items",
    "movements",
    "recipients",
    "reveal_recipient",
    "reveal_route",
    "routes",
    "start",
]
