"""The fiscal year: one function decides it everywhere.

The year runs from 1 September to 31 August, days counted in Asia/Tokyo, and is known by the calendar year in
which it ends: FiscalYear(2012) is 1 September 2011 – 31 August 2012 (the report of that year prints
"fiscal year 2012"; other documents print "FY2011-2012").
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import total_ordering

from django.conf import settings
from django.utils.translation import gettext as _


@total_ordering
@dataclass(frozen=True)
class FiscalYear:
    """`number`: the calendar year in which it ends."""

    number: int

    @property
    def first_day(self) -> date:
        first_month = settings.FISCAL_YEAR_FIRST_MONTH
        return date(self.number - (1 if first_month > 1 else 0), first_month, 1)

    @property
    def last_day(self) -> date:
        return self.next.first_day - timedelta(days=1)

    @property
    def days(self) -> tuple[date, date]:
        """First and last day, both inside: what `__range` takes."""
        return self.first_day, self.last_day

    @property
    def previous(self) -> "FiscalYear":
        return FiscalYear(self.number - 1)

    @property
    def next(self) -> "FiscalYear":
        return FiscalYear(self.number + 1)

    @property
    def label(self) -> str:
        return _("fiscal year %(year)s") % {"year": self.number}

    def months(self) -> Iterator[date]:
        """The first days of its twelve months, in order."""
        month = self.first_day
        while month <= self.last_day:
            yield month
            month = next_month(month)

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def __lt__(self, other: "FiscalYear") -> bool:
        return self.number < other.number

    def __str__(self) -> str:
        return self.label


def fiscal_year_of(day: date) -> FiscalYear:
    """The fiscal year in which a day (as counted in Asia/Tokyo) lies."""
    year = FiscalYear(day.year)
    return year if day in year else year.next


def month_of(day: date) -> date:
    """A month is kept as its first day."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
