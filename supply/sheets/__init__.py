"""The stock and its routes in the workbook."""

from supply.sheets.carried import ClosedMonths, Levels, OfMovement, StandingPlans
from supply.sheets.registers import (
    Items,
    Lots,
    Movements,
    Packs,
    Places,
    Recipients,
    Routes,
    RouteStatuses,
    RouteTargets,
)
from supply.sheets.sites import RouteSites

__all__ = [
    "ClosedMonths",
    "Items",
    "Levels",
    "Lots",
    "Movements",
    "OfMovement",
    "Packs",
    "Places",
    "Recipients",
    "RouteSites",
    "RouteStatuses",
    "RouteTargets",
    "Routes",
    "StandingPlans",
]
