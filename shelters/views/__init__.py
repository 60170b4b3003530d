from shelters.views.arrivals import arrive, arriving
from shelters.views.lock_downs import lift_lock_down, lock_down, lock_downs, locked_people
from shelters.views.openings import break_glass, reveal_address, reveal_resident
from shelters.views.rations import forecast, rations, set_ration, used
from shelters.views.stock import cover, log, register, start, stock, undo

__all__ = [
    "arrive",
    "arriving",
    "break_glass",
    "cover",
    "forecast",
    "lift_lock_down",
    "lock_down",
    "lock_downs",
    "locked_people",
    "log",
    "rations",
    "register",
    "reveal_address",
    "reveal_resident",
    "set_ration",
    "start",
    "stock",
    "undo",
    "used",
]
