from supply.tables.consignments import ConsignmentFilters, ConsignmentTable
from supply.tables.delivered import DeliveredFilters, DeliveredTable
from supply.tables.entries import EntryFilters, EntryTable
from supply.tables.levels import AlertFilters, AlertTable, LevelFilters, LevelTable
from supply.tables.months import MonthClosingFilters, MonthClosingTable
from supply.tables.places import PlaceFilters, PlaceTable
from supply.tables.plans import StandingPlanFilters, StandingPlanTable
from supply.tables.routes import RecipientFilters, RecipientTable, RouteFilters, RouteTable, opening_column
from supply.tables.sheets import CountSheetFilters, CountSheetTable
from supply.tables.sites import RouteSiteFilters, RouteSiteTable
from supply.tables.steps import StepsColumn, TableWithSteps
from supply.tables.stock import (
    ItemFilters,
    ItemTable,
    MovementFilters,
    MovementTable,
    PlaceColumn,
    ReservedStockTable,
    RoutedMovementTable,
    StockFilters,
    StockOnDayFilters,
    StockTable,
    UnitColumn,
)

__all__ = [
    "StandingPlanFilters",
    "StandingPlanTable",
    "AlertFilters",
    "AlertTable",
    "ConsignmentFilters",
    "ConsignmentTable",
    "CountSheetFilters",
    "CountSheetTable",
    "DeliveredFilters",
    "DeliveredTable",
    "EntryFilters",
    "EntryTable",
    "ItemFilters",
    "ItemTable",
    "LevelFilters",
    "LevelTable",
    "MonthClosingFilters",
    "MonthClosingTable",
    "MovementFilters",
    "MovementTable",
    "PlaceColumn",
    "PlaceFilters",
    "PlaceTable",
    "RecipientFilters",
    "RecipientTable",
    "ReservedStockTable",
    "RouteFilters",
    "RouteSiteFilters",
    "RouteSiteTable",
    "RouteTable",
    "RoutedMovementTable",
    "StepsColumn",
    "StockFilters",
    "StockOnDayFilters",
    "StockTable",
    "TableWithSteps",
    "UnitColumn",
    "opening_column",
]
