from shelters.services.day_sheets import Cell, SheetRefused, key_of_cell, log_day_sheet
from shelters.services.lock_downs import lift_shelter_lock_down, lock_down_shelter
from shelters.services.supplies import (
    UNDO_MINUTES,
    NowhereToMove,
    TooLateToUndo,
    log_supplies,
    may_take_back,
    take_back,
)

__all__ = [
    "Cell",
    "NowhereToMove",
    "SheetRefused",
    "TooLateToUndo",
    "UNDO_MINUTES",
    "key_of_cell",
    "lift_shelter_lock_down",
    "lock_down_shelter",
    "log_day_sheet",
    "log_supplies",
    "may_take_back",
    "take_back",
]
