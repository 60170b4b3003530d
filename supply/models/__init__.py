from supply.models.checks import LedgerCheck
from supply.models.consignments import (
    Confirmation,
    Consignment,
    ConsignmentBooking,
    ConsignmentCost,
    ConsignmentLine,
    ConsignmentQuerySet,
    ConsignmentStep,
)
from supply.models.counts import StockCount
from supply.models.items import Item, Lot, Pack, lot_number
from supply.models.ledger import Balance, Movement, MovementQuerySet
from supply.models.levels import StockAlert, StockLevel
from supply.models.months import MonthClosing
from supply.models.on_day import balances_on
from supply.models.places import Place, PlaceQuerySet, Recipient, RecipientQuerySet
from supply.models.plans import StandingPlan, StandingPlanLine, StandingPlanQuerySet
from supply.models.routes import Route, RouteQuerySet, RouteStatus, RouteTarget
from supply.models.sheets import CountLine, CountSheet
from supply.models.sites import RouteSite

__all__ = [
    "Balance",
    "Confirmation",
    "Consignment",
    "ConsignmentBooking",
    "ConsignmentCost",
    "ConsignmentLine",
    "ConsignmentQuerySet",
    "ConsignmentStep",
    "CountLine",
    "CountSheet",
    "Item",
    "LedgerCheck",
    "Lot",
    "MonthClosing",
    "Movement",
    "MovementQuerySet",
    "Pack",
    "Place",
    "PlaceQuerySet",
    "Recipient",
    "RecipientQuerySet",
    "Route",
    "RouteQuerySet",
    "RouteSite",
    "RouteStatus",
    "RouteTarget",
    "StandingPlan",
    "StandingPlanLine",
    "StandingPlanQuerySet",
    "StockAlert",
    "StockCount",
    "StockLevel",
    "balances_on",
    "lot_number",
]
