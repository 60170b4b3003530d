"""Days that are only known by their month or year are never printed with a day nobody knows."""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.enums import Precision
from core.fiscal import next_month


def written(day: date, form: str = "DATE_FORMAT") -> str:
    """As `date_format`, for cells and lines: those of a page are the same few days, and slow to write.

    A time is written as it stands: the caller has brought it to where the reader is.
    """
    if isinstance(day, datetime):
        day = day.replace(tzinfo=None)  # equal moments are written otherwise in another zone
    return _written(day, form, get_language())


@lru_cache(maxsize=4096)
def _written(day: date, form: str, _language: str | None) -> str:
    return date_format(day, form)


def first_and_last(day: date, precision: str) -> tuple[date, date]:
    """The days a date of this precision may mean: 2012-02 of month precision is 1–29 February."""
    if precision == Precision.YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if precision == Precision.MONTH:
        first = day.replace(day=1)
        return first, next_month(first) - timedelta(days=1)
    return day, day


def printed(day: date, precision: str) -> str:
    if precision == Precision.YEAR:
        return _("%(year)s") % {"year": day.year}
    if precision == Precision.MONTH:
        return date_format(day, "YEAR_MONTH_FORMAT")
    return date_format(day, "DATE_FORMAT")


def parse_precise(text: str) -> tuple[date, str]:
    """'2012-02-09', '2012-02' or '2012', also '2012/2/9' → (first day, precision). Raises ValueError.

    The year first and whole: 26-11-20 would be a day of the year 26.
    """
    parts = re.split("[-/.]", text.strip())
    if len(parts[0]) != 4 or len(parts) > 3:
        raise ValueError(_("Write the date as 2012-02-09, 2012-02 or 2012."))
    try:
        numbers = [int(part) for part in parts]
        day = date(*(numbers + [1, 1])[:3])
    except ValueError:
        raise ValueError(_("Write the date as 2012-02-09, 2012-02 or 2012.")) from None
    return day, (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(parts) - 1]
