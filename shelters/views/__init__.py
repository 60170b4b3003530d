from shelters.views.arrivals import arriving, log_arrival
from shelters.views.day_sheets import day_sheet, type_day_sheet
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
from shelters.views.openings import break_glass, reveal_address, reveal_resident, reveal_stay
from shelters.views.people import arrive, call_off, came, come_back, count_heads, leave, people, resident
from shelters.views.rations import forecast, rations, set_ration, used
from shelters.views.registers import (
    add_shelter,
    change_shelter,
    change_state,
    end_posting,
    post_person,
    postings,
    report_danger,
    write_place,
)
from shelters.views.stock import cover, log, register, start, stock, undo

__all__ = [
    "add_incident_note",
    "add_incident_payment",
    "add_shelter",
    "arrive",
    "arriving",
    "break_glass",
    "call_off",
    "came",
    "change_shelter",
    "change_state",
    "come_back",
    "count_heads",
    "cover",
    "day_sheet",
    "end_posting",
    "forecast",
    "incident",
    "incidents",
    "leave",
    "lift_lock_down",
    "link_incident_effect",
    "lock_down",
    "lock_downs",
    "locked_people",
    "log",
    "log_arrival",
    "log_incident",
    "people",
    "post_person",
    "postings",
    "rations",
    "register",
    "report_danger",
    "resident",
    "reveal_address",
    "reveal_incident_note",
    "reveal_resident",
    "reveal_stay",
    "set_ration",
    "start",
    "stock",
    "type_day_sheet",
    "undo",
    "used",
    "write_place",
]
