from shelters.services.arrivals import confirm_arrival
from shelters.services.lock_downs import lift_shelter_lock_down, lock_down_shelter
from shelters.services.rations import NotARation, NotWeighed, RationAlreadySet, RationInThePast, set_ration
from shelters.services.supplies import (
    UNDO_MINUTES,
    NowhereToMove,
    TooLateToUndo,
    log_supplies,
    may_take_back,
    take_back,
)

__all__ = [
    "NotARation",
    "NotWeighed",
    "NowhereToMove",
    "RationAlreadySet",
    "RationInThePast",
    "TooLateToUndo",
    "UNDO_MINUTES",
    "confirm_arrival",
    "lift_shelter_lock_down",
    "lock_down_shelter",
    "log_supplies",
    "may_take_back",
    "set_ration",
    "take_back",
]
