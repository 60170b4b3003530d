from shelters.views.incidents import (
    add_incident_note,
    add_incident_payment,
    incident,
    incidents,
    link_incident_effect,
    log_incident,
    reveal_incident_note,
)
from shelters.views.lock_downs import lift_lock_down, lock_down, lock_downs, locked_people
from shelters.views.openings import break_glass, reveal_address, reveal_resident
from shelters.views.rations import forecast, rations, set_ration, used
from shelters.views.stock import cover, log, register, start, stock, undo

__all__ = [
    "add_incident_note",
    "add_incident_payment",
    "break_glass",
    "cover",
    "forecast",
    "incident",
    "incidents",
    "lift_lock_down",
    "link_incident_effect",
    "lock_down",
    "lock_downs",
    "locked_people",
    "log",
    "log_incident",
    "rations",
    "register",
    "reveal_address",
    "reveal_incident_note",
    "reveal_resident",
    "set_ration",
    "start",
    "stock",
    "undo",
    "used",
]
