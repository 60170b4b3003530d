"""What people leave in a cell, read strictly: what can be read in one way is taken, the rest is refused.

Each reader takes a cell with something in it. Raises CellRefused with a sentence saying what to do.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.dates import parse_precise
from core.enums import Precision

# Excel keeps fifteen digits of a number; more are noise of binary fractions.
_EXCEL_DIGITS = ".15g"
_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_YEAR = re.compile(r"(\d{4})年?")
_YES = ("yes", "y", "true", "1", "はい", "○")
_NO = ("no", "n", "false", "0", "いいえ", "×")
EARLIEST_YEAR, LATEST_YEAR = 1900, 2999


class CellRefused(ValueError):
    """A sentence for the person who filled the cell in."""


def folded(text: object) -> str:
    """For comparing headings, titles and choices: width, case and spacing do not matter."""
    return " ".join(unicodedata.normalize("NFKC", str(text)).casefold().split())


def narrow(text: str) -> str:
    """Codes, numbers and dates typed full-width become ordinary characters."""
    return unicodedata.normalize("NFKC", text).strip()


def content(cell: Any) -> Any:
    """The value of a cell, None when it is blank."""
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        raise CellRefused(_("It holds a formula. Copy the column and paste it back as values."))
    if cell.data_type == "e":
        raise CellRefused(_("It holds an Excel error (%(error)s). Type the value.") % {"error": value})
    if isinstance(value, str):
        return tidy(value) or None
    return value


def tidy(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return format(Decimal(format(value, _EXCEL_DIGITS)), "f")
    raise CellRefused(
        _("Excel has turned this into a date or time. Format the cell as text and type it again.")
    )


def as_code(value: Any) -> str:
    return narrow(as_text(value))


def as_number(value: Any, places: int) -> Decimal:
    """At most `places` digits after the decimal point."""
    number = _number(value)
    if number != round(number, places):
        raise CellRefused(
            _("It has more than %(places)s digits after the decimal point. Round it.") % {"places": places}
            if places
            else _("Write a whole number.")
        )
    return number


def _number(value: Any) -> Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Decimal(format(value, _EXCEL_DIGITS))
    if isinstance(value, str):
        text = narrow(value).replace("−", "-").replace(" ", "")
        if _NUMBER.fullmatch(text):
            return Decimal(text.replace(",", ""))
    raise CellRefused(_("This is not a number. Write digits alone, like 1250 or 0.75, without a unit."))


def as_day(value: Any) -> date:
    day, precision = as_precise(value, shows_day=True)
    if precision != Precision.DAY:
        raise CellRefused(_("Write a whole date, like 2012-02-09."))
    return day


def as_month(value: Any) -> date:
    """The first day of the month."""
    day, precision = as_precise(value, shows_day=False)
    if precision == Precision.YEAR or day.day != 1:
        raise CellRefused(_("Write a month, like 2012-02."))
    return day


def as_precise(value: Any, *, shows_day: bool) -> tuple[date, Precision]:
    """First day and precision. `shows_day`: whether the cell's format prints the day of an Excel date."""
    if isinstance(value, datetime):
        if value.time() != time():
            raise CellRefused(_("It holds a time of day as well. Write the day alone, like 2012-02-09."))
        value = value.date()
    if isinstance(value, date):
        known_by_day = shows_day or value.day != 1
        return _plausible(value), Precision.DAY if known_by_day else Precision.MONTH
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = format(value, "g")
        if value.endswith(".1"):  # of 2026.10 Excel keeps 2026.1: January or October
            raise CellRefused(_not_a_date())
    if not isinstance(value, str):
        raise CellRefused(_not_a_date())
    return _date_in(narrow(value))


def _date_in(text: str) -> tuple[date, Precision]:
    for pattern in (_DAY, _MONTH, _YEAR):
        if found := pattern.fullmatch(text):
            try:
                day, precision = parse_precise("-".join(found.groups()))
            except ValueError:
                raise CellRefused(_("There is no such day.")) from None
            return _plausible(day), Precision(precision)
    raise CellRefused(_not_a_date())


def _plausible(day: date) -> date:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise CellRefused(_("The year %(year)s cannot be right.") % {"year": day.year})
    return day


def _not_a_date() -> str:
    return _("This is not a date that can be read in one way. Write it as 2012-02-09.")


def as_yes(value: Any) -> bool:
    if not isinstance(value, datetime | date | time | timedelta):
        word = folded(as_text(value))
        if word in _YES or word in _NO:
            return word in _YES
    raise CellRefused(_("Write yes or no."))


def as_choice(value: Any, choices: Mapping[str, Iterable[str]]) -> str:
    """`choices`: stored value → the words under which it is accepted, the English label first."""
    word = folded(as_text(value))
    for stored, words in choices.items():
        if word in {folded(stored), *map(folded, words)}:
            return stored
    allowed = ", ".join(next(iter(words)) for words in choices.values())
    raise CellRefused(
        _("“%(word)s” is not one of: %(allowed)s.") % {"word": as_text(value), "allowed": allowed}
    )
