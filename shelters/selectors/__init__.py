from shelters.selectors.booked import Booked, all_booked, booked
from shelters.selectors.covers import (
    FAR_DAYS,
    LOW_DAYS,
    Cover,
    covers,
    covers_of,
    days_left,
    ration_on,
    rations_on,
)
from shelters.selectors.lock_downs import lock_down_of, lock_downs_visible_to, locked_with, shelters_of_code
from shelters.selectors.people import colleagues_of, heads_on, people_at, posted_now, staying
from shelters.selectors.registers import in_use, with_heads, with_state
from shelters.selectors.usual import Usual, usual_rations

__all__ = [
    "Booked",
    "Cover",
    "FAR_DAYS",
    "LOW_DAYS",
    "Usual",
    "all_booked",
    "booked",
    "colleagues_of",
    "covers",
    "covers_of",
    "days_left",
    "heads_on",
    "in_use",
    "lock_down_of",
    "lock_downs_visible_to",
    "locked_with",
    "people_at",
    "posted_now",
    "ration_on",
    "rations_on",
    "shelters_of_code",
    "staying",
    "usual_rations",
    "with_heads",
    "with_state",
]
