from shelters.services.arrivals import confirm_arrival
from shelters.services.lock_downs import lift_shelter_lock_down, lock_down_shelter
from shelters.services.supplies import UNDO_MINUTES, TooLateToUndo, log_supplies, may_take_back, take_back

__all__ = [
    "TooLateToUndo",
    "UNDO_MINUTES",
    "confirm_arrival",
    "lift_shelter_lock_down",
    "lock_down_shelter",
    "log_supplies",
    "may_take_back",
    "take_back",
]
