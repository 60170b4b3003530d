from shelters.selectors.booked import Booked, all_booked, booked
from shelters.selectors.covers import (
    FAR_DAYS,
    LOW_DAYS,
    Cover,
    covers,
    days_left,
    ration_on,
    rations_on,
    weighed_out,
)
from shelters.selectors.expiring import Expiring, expiring
from shelters.selectors.forecasts import FORECAST_DAYS, Forecast, Night, forecasts
from shelters.selectors.incidents import (
    effects,
    incidents,
    incidents_between,
    incidents_by_kind,
    people_struck,
    states_to_link,
    timeline,
)
from shelters.selectors.lock_downs import lock_down_of, lock_downs_visible_to, locked_with, shelters_of_code
from shelters.selectors.nights import heads_by_night
from shelters.selectors.people import (
    colleagues_of,
    counts_of,
    expected_at,
    heads_on,
    may_take,
    own_stores,
    people_at,
    posted_now,
    staying,
    stays_of,
)
from shelters.selectors.person_days import person_days, with_person_days
from shelters.selectors.postings import people_to_post, postings_visible_to, statuses_of
from shelters.selectors.rations import Rations, rations_visible
from shelters.selectors.registers import in_use, with_heads, with_state
from shelters.selectors.usage import Usage, usage
from shelters.selectors.usual import Usual, usual_rations

__all__ = [
    "Booked",
    "Cover",
    "Expiring",
    "FAR_DAYS",
    "FORECAST_DAYS",
    "Forecast",
    "LOW_DAYS",
    "Night",
    "Rations",
    "Usage",
    "Usual",
    "all_booked",
    "booked",
    "colleagues_of",
    "counts_of",
    "covers",
    "days_left",
    "effects",
    "expected_at",
    "expiring",
    "forecasts",
    "heads_by_night",
    "heads_on",
    "in_use",
    "incidents",
    "incidents_between",
    "incidents_by_kind",
    "lock_down_of",
    "lock_downs_visible_to",
    "locked_with",
    "may_take",
    "own_stores",
    "people_at",
    "people_struck",
    "people_to_post",
    "person_days",
    "posted_now",
    "postings_visible_to",
    "ration_on",
    "rations_on",
    "rations_visible",
    "shelters_of_code",
    "states_to_link",
    "statuses_of",
    "staying",
    "stays_of",
    "timeline",
    "usage",
    "usual_rations",
    "weighed_out",
    "with_heads",
    "with_person_days",
    "with_state",
]
