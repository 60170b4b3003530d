from shelters.views.day_sheets import day_sheet, type_day_sheet
from shelters.views.lock_downs import lift_lock_down, lock_down, lock_downs, locked_people
from shelters.views.openings import break_glass, reveal_address, reveal_resident
from shelters.views.stock import cover, log, register, start, stock, undo

__all__ = [
    "break_glass",
    "cover",
    "day_sheet",
    "lift_lock_down",
    "lock_down",
    "lock_downs",
    "locked_people",
    "log",
    "register",
    "reveal_address",
    "reveal_resident",
    "start",
    "stock",
    "type_day_sheet",
    "undo",
]
