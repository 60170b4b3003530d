from supply.models.checks import LedgerCheck
from supply.models.counts import StockCount
from supply.models.items import Item, Lot, Pack
from supply.models.ledger import Balance, Movement, MovementQuerySet
from supply.models.levels import StockAlert, StockLevel
from supply.models.months import MonthClosing
from supply.models.on_day import balances_on
from supply.models.places import Place, PlaceQuerySet, Recipient, RecipientQuerySet
from supply.models.routes import Route, RouteQuerySet, RouteStatus, RouteTarget
from supply.models.sheets import CountLine, CountSheet

__all__ = [
    "CountSheet",
    "CountLine",
    "LedgerCheck",
    "StockLevel",
    "StockAlert",
    "Balance",
    "Item",
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
    "RouteStatus",
    "RouteTarget",
    "StockCount",
    "balances_on",
]
