from shelters.selectors.booked import Booked, booked
from shelters.selectors.covers import FAR_DAYS, LOW_DAYS, Cover, covers, days_left, ration_on, rations_on
from shelters.selectors.evacuations import (
    evacuation_of,
    gone,
    lines_left,
    people_to_warn,
    state_on,
    still_there,
    stores_to_move_to,
    taken_out,
)
from shelters.selectors.lock_downs import lock_down_of, lock_downs_visible_to, locked_with, shelters_of_code
from shelters.selectors.people import (
    colleagues_of,
    counts_of,
    expected_at,
    heads_on,
    may_take,
    people_at,
    posted_now,
    staying,
    stays_of,
)
from shelters.selectors.person_days import person_days, with_person_days
from shelters.selectors.postings import people_to_post, postings_visible_to, statuses_of
from shelters.selectors.registers import in_use, with_heads, with_state

__all__ = [
    "Booked",
    "Cover",
    "FAR_DAYS",
    "LOW_DAYS",
    "booked",
    "colleagues_of",
    "counts_of",
    "covers",
    "days_left",
    "evacuation_of",
    "expected_at",
    "gone",
    "heads_on",
    "in_use",
    "lines_left",
    "lock_down_of",
    "lock_downs_visible_to",
    "locked_with",
    "may_take",
    "people_at",
    "people_to_post",
    "people_to_warn",
    "person_days",
    "posted_now",
    "postings_visible_to",
    "ration_on",
    "rations_on",
    "shelters_of_code",
    "state_on",
    "statuses_of",
    "staying",
    "stays_of",
    "still_there",
    "stores_to_move_to",
    "taken_out",
    "with_heads",
    "with_person_days",
    "with_state",
]
