"""Days, months, dates as exact as they are known, and ranges of days."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from core.enums import Precision
from core.workbook import cells
from core.workbook.cells import CellRefused
from core.workbook.columns.base import Column, Values, Words

if TYPE_CHECKING:
    from core.workbook.lookups import Lookups
    from core.workbook.rows import Row


class Day(Column):
    number_format = "yyyy-mm-dd"
    width = 12

    def __init__(self, *args: Any, past: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.past = past

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        day = cells.as_day(value)
        if self.past and day > row.today:
            raise CellRefused(_("This day is still to come."))
        return day

    def usual_help(self) -> str:
        return _("a day, like 2012-02-09")


class Month(Column):
    """Kept as its first day."""

    width = 12

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        return cells.as_month(value)

    def export(self, stored: Values, lookups: "Lookups") -> Any:
        month = self.show(stored)
        return None if month is None else f"{month:%Y-%m}"

    def usual_help(self) -> str:
        return _("a month, like 2012-02")


class PreciseDay(Column):
    """A day, month or year in one cell; `precision` is the field beside it."""

    width = 12

    def __init__(self, field: str, precision: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(field, *args, **kwargs)
        self.precision = precision

    @property
    def stored_names(self) -> tuple[str, ...]:
        return self.field, self.precision

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        dated = isinstance(value, date)
        day, precision = cells.as_precise(value, shows_day=dated and "d" in cell.number_format.lower())
        return day, str(precision)

    def show(self, stored: Values) -> Any:
        return None if stored[self.field] is None else (stored[self.field], stored[self.precision])

    def export(self, stored: Values, lookups: "Lookups") -> Any:
        value = self.show(stored)
        if value is None:
            return None
        day, precision = value
        return f"{day:%Y-%m-%d}"[: {Precision.YEAR: 4, Precision.MONTH: 7}.get(precision, 10)]

    def put(self, draft: Values, value: Any, lookups: "Lookups") -> None:
        draft[self.field], draft[self.precision] = value or (None, Precision.DAY)

    def usual_help(self) -> str:
        return _("as exactly as known: 2012-02-09, 2012-02 or 2012")


class Moment(Column):
    """A point in time, known to the sheet by its day at the office."""

    number_format = "yyyy-mm-dd"
    width = 12

    def value_of(self, value: Any, cell: Any, row: "Row") -> Any:
        return cells.as_day(value)

    def show(self, stored: Values) -> Any:
        moment = stored[self.field]
        return None if moment is None else timezone.localdate(moment)

    def put(self, draft: Values, value: Any, lookups: "Lookups") -> None:
        draft[self.field] = value and timezone.make_aware(datetime.combine(value, time()))

    def usual_help(self) -> str:
        return _("a day, like 2012-02-09")


class FirstDay(Day):
    """The first day of a range of days."""

    def __init__(self, field: str, heading: Words, help: Words = "") -> None:
        super().__init__(field, heading, help, required=True)
        self.name = f"{field}.first"

    def show(self, stored: Values) -> Any:
        return stored[self.field].lower

    def put(self, draft: Values, value: Any, lookups: "Lookups") -> None:
        known = draft.get(self.field)
        draft[self.field] = DateRange(value, known.upper if known else None)


class LastDay(Day):
    """The end of a range. `inside`: the day of the cell still belongs to it; else it is the first day after.

    Stands behind its FirstDay.
    """

    def __init__(self, field: str, heading: Words, help: Words, *, inside: bool) -> None:
        super().__init__(field, heading, help, required=False)
        self.name = f"{field}.last"
        self.inside = inside

    def when_empty(self) -> Any:
        return None

    def show(self, stored: Values) -> Any:
        upper = stored[self.field].upper
        return upper - timedelta(days=1) if upper and self.inside else upper

    def put(self, draft: Values, value: Any, lookups: "Lookups") -> None:
        first = draft[self.field].lower
        upper = value + timedelta(days=1) if value and self.inside else value
        if upper and upper <= first:
            raise CellRefused(_("The end lies before the beginning, or on it."))
        draft[self.field] = DateRange(first, upper)
