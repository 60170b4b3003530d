from shelters.views.lock_downs import lift_lock_down, lock_down, lock_downs, locked_people
from shelters.views.openings import break_glass, reveal_address, reveal_resident, reveal_stay
from shelters.views.people import arrive, call_off, came, come_back, count_heads, leave, people, resident
from shelters.views.stock import cover, log, register, start, stock, undo

__all__ = [
    "arrive",
    "break_glass",
    "call_off",
    "came",
    "come_back",
    "count_heads",
    "cover",
    "leave",
    "lift_lock_down",
    "lock_down",
    "lock_downs",
    "locked_people",
    "log",
    "people",
    "register",
    "resident",
    "reveal_address",
    "reveal_resident",
    "reveal_stay",
    "start",
    "stock",
    "undo",
]
