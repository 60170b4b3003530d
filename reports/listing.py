"""The lists of a report: the year day by day, outside statistics, steps of advocacy, helpers wanted."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.dates import printed
from core.enums import Precision
from core.fiscal import FiscalYear
from core.models import Spanned
from reports import selectors
from reports.enums import ActivityKind, MeasureName
from reports.models import Activity, ExternalStatistic, Measure
from reports.units import CountedIn, in_prose


@dataclass(frozen=True)
class DatedLine:
    """A line of the dated list. `part`: 1 to 31 December, 2 from 1 January. `day`: as exactly as known."""

    day: str
    printed_day: str
    text: str
    part: int

    def __str__(self) -> str:
        return _("%(day)s: %(what)s") % {"day": self.printed_day, "what": self.text}


def dated_lines(year: FiscalYear) -> list[DatedLine]:
    return [
        DatedLine(
            day=iso(activity),
            printed_day=short(activity),
            text=what_and_where(activity),
            part=1 if activity.starts_on < new_year(year) else 2,
        )
        for activity in selectors.listed_activities(year)
    ]


def new_year(year: FiscalYear) -> date:
    return date(year.last_day.year, 1, 1)


def lists_of(year: FiscalYear) -> dict[str, list[str]]:
    """Name of the slot → its lines, in the language now spoken."""
    lines = dated_lines(year)
    return {
        "first_part": [str(line) for line in lines if line.part == 1],
        "second_part": [str(line) for line in lines if line.part == 2],
        "outside_statistics": [statistic_line(row) for row in selectors.outside_statistics(year)],
        "advocacy": [
            _("%(day)s: %(what)s") % {"day": row.when, "what": with_measures(row)}
            for row in selectors.public_activities(year, ActivityKind.ADVOCACY)
        ],
        "wanted": [
            title(row)
            for row in selectors.public_activities(year, ActivityKind.VOLUNTEERS)
            if any(measure.name == MeasureName.PROFILES for measure in row.measures.all())
        ],
        "others": [
            what_and_where(row)
            for row in selectors.public_activities(year, ActivityKind.OTHER)
            if not row.is_listed
        ],
    }


def title(activity: Activity) -> str:
    return activity.title_ja if activity.title_ja and get_language() == "ja" else activity.title


def what_and_where(activity: Activity) -> str:
    what, place = title(activity), activity.publishable_place
    if not place or place in what:
        return what
    if ";" in place:  # several places
        return f"{what} ({place.replace(';', ',')})"
    return _("%(what)s in %(place)s") % {"what": what, "place": place}


def with_measures(activity: Activity) -> str:
    numbers = [measured(measure) for measure in activity.measures.all()]
    what = what_and_where(activity)
    return f"{what} ({', '.join(numbers)})" if numbers else what


def measured(measure: Measure) -> str:
    known = measure.name in set(CountedIn)
    return in_prose(measure.quantity, measure.name) if known else str(measure.quantity)


def topic(statistic: ExternalStatistic) -> str:
    return statistic.topic_ja if statistic.topic_ja and get_language() == "ja" else statistic.topic


def statistic_line(statistic: ExternalStatistic) -> str:
    return _("%(topic)s, %(period)s: %(value)s (%(publisher)s; %(source)s, taken on %(day)s)") % {
        "topic": topic(statistic),
        "period": statistic.when,
        "value": f"{statistic.quantity} {statistic.unit}".strip(),
        "publisher": statistic.publisher,
        "source": statistic.source,
        "day": printed(statistic.taken_on, Precision.DAY),
    }


def iso(spanned: Spanned) -> str:
    """2012-02-02, 2012-02, 2012, or two of them with a slash between."""
    start = _iso(spanned.starts_on, spanned.starts_precision)
    if spanned.ends_on is None:
        return start
    return f"{start}/{_iso(spanned.ends_on, spanned.ends_precision)}"


def _iso(day: date, precision: str) -> str:
    return day.isoformat()[: {"year": 4, "month": 7}.get(precision, 10)]


def short(spanned: Spanned) -> str:
    """Without the year: "Feb. 2", "Sept. 7–8", "Feb."; the year alone where nothing else is known."""
    start = _short(spanned.starts_on, spanned.starts_precision)
    if spanned.ends_on is None:
        return start
    end = _short(spanned.ends_on, spanned.ends_precision)
    days = {spanned.starts_precision, spanned.ends_precision} == {Precision.DAY}
    if days and spanned.starts_on.month == spanned.ends_on.month:
        return _("%(start)s–%(day)s") % {"start": start, "day": spanned.ends_on.day}
    return start if start == end else f"{start}–{end}"


def _short(day: date, precision: str) -> str:
    if precision == Precision.YEAR:
        return printed(day, precision)
    month = _month(day.month)
    return (
        month if precision == Precision.MONTH else _("%(month)s %(day)s") % {"month": month, "day": day.day}
    )


def _month(number: int) -> str:
    return [
        _("Jan."), _("Feb."), _("Mar."), _("Apr."), _("May"), _("June"),
        _("July"), _("Aug."), _("Sept."), _("Oct."), _("Nov."), _("Dec."),
    ][number - 1]  # fmt: skip
