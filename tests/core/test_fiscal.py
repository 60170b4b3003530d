from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from core.fiscal import FiscalYear, fiscal_year_of, month_of, next_month


def test_year_runs_from_september_to_august():
    assert FiscalYear(2012).days == (date(2011, 9, 1), date(2012, 8, 31))


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2012, 8, 31), 2012),
        (date(2012, 9, 1), 2013),
        (date(2012, 12, 31), 2013),
        (date(2013, 1, 1), 2013),
    ],
)
def test_day_belongs_to_one_year(day, number):
    assert fiscal_year_of(day) == FiscalYear(number)
    assert day in FiscalYear(number)
    assert day not in FiscalYear(number).previous
    assert day not in FiscalYear(number).next


def test_last_evening_of_august_in_tokyo_is_still_the_old_year():
    just_before = datetime(2012, 8, 31, 14, 59, 59, tzinfo=UTC)  # 23:59:59 in Tokyo
    midnight = datetime(2012, 8, 31, 15, 0, 0, tzinfo=UTC)
    assert fiscal_year_of(timezone.localdate(just_before)) == FiscalYear(2012)
    assert fiscal_year_of(timezone.localdate(midnight)) == FiscalYear(2013)


def test_other_first_month_needs_no_change_of_code(settings):
    settings.FISCAL_YEAR_FIRST_MONTH = 4
    assert FiscalYear(2012).days == (date(2011, 4, 1), date(2012, 3, 31))
    settings.FISCAL_YEAR_FIRST_MONTH = 1
    assert FiscalYear(2012).days == (date(2012, 1, 1), date(2012, 12, 31))


def test_twelve_months_in_order():
    months = list(FiscalYear(2012).months())
    assert months[0] == date(2011, 9, 1)
    assert months[-1] == date(2012, 8, 1)
    assert len(months) == 12
    assert month_of(date(2012, 2, 29)) == date(2012, 2, 1)
    assert next_month(date(2011, 12, 1)) == date(2012, 1, 1)
