"""For how many of the days of an exposure report somebody was posted: against counting day by day."""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given
from hypothesis import strategies as some

from accounts.exposure import Sight
from accounts.models import User
from shelters.exposure import _days_inside
from shelters.models import Posting

DAYS = some.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(first=DAYS, more=some.integers(0, 40), begins=DAYS, lasts=some.none() | some.integers(1, 60))
def test_days_are_those_inside_both(first, more, begins, lasts):
    sight = Sight(User(), first, first + timedelta(days=more))
    days = {first + timedelta(days=number) for number in range(more + 1)}
    end = None if lasts is None else begins + timedelta(days=lasts)
    inside = {day for day in days if day >= begins and (end is None or day < end)}
    if inside:  # the others are not looked at: the database finds postings that overlap
        assert _days_inside(Posting(days=DateRange(begins, end)), sight) == len(inside)
