"""What a report of a year is made of: figures read from the records, dated lists, outside statistics."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Min, QuerySet
from django.db.models.functions import Coalesce

from core.fiscal import FiscalYear, fiscal_year_of
from core.models import Job
from core.quantities import Quantity
from reports.enums import ActivityKind, FigureKind
from reports.figures import Figure, Total
from reports.models import Activity, AnnualReport, ExternalStatistic, Partner
from reports.registry import figures_of


@dataclass(frozen=True)
class Reading:
    """A figure as the records give it now, and the same of the year before."""

    figure: Figure
    year: FiscalYear
    now: Total
    before: Total | None

    @property
    def key(self) -> str:
        return self.figure.key

    @property
    def count(self) -> int:
        return self.now.count

    @property
    def exact(self) -> Quantity:
        return self.now.quantity

    @property
    def quantity(self) -> Quantity:
        """As it is printed: rounded down where the figure says so."""
        return self.figure.printed(self.exact)

    @property
    def previous(self) -> Quantity | None:
        """None when the year before has no such records: nothing is known, which is not zero."""
        return self.before.quantity if self.before and self.before.count else None

    @property
    def is_shown(self) -> bool:
        return not self.figure.optional or bool(self.count) or self.previous is not None

    def rows(self) -> QuerySet:
        return self.figure.records(self.year)


def read(figure: Figure, year: FiscalYear) -> Reading:
    compares_already = figure.kind == FigureKind.COMPARISON
    before = None if compares_already else figure.total(figure.records(year.previous))
    return Reading(figure, year, figure.total(figure.records(year)), before)


def read_all(year: FiscalYear) -> list[Reading]:
    return shown(read(figure, year) for figure in figures_of(year))


def shown(readings: Iterable[Reading]) -> list[Reading]:
    return [reading for reading in readings if reading.is_shown]


def listed_activities(year: FiscalYear) -> QuerySet:
    """Public lines of the dated list, in order: those that began in the year, or ended in it."""
    ended = Coalesce("ends_on", "starts_on")
    return (
        Activity.objects.printable()
        .filter(is_listed=True)
        .annotate(ended=ended)
        .filter(ended__range=year.days)
        .order_by("starts_on", F("ends_on").asc(nulls_first=True), "id")
    )


def public_activities(year: FiscalYear, kind: ActivityKind) -> QuerySet:
    ended = Coalesce("ends_on", "starts_on")
    rows = Activity.objects.printable().annotate(ended=ended)
    return rows.filter(kind=kind, ended__range=year.days).prefetch_related("measures")


def outside_statistics(year: FiscalYear) -> QuerySet[ExternalStatistic]:
    return ExternalStatistic.objects.filter(report_year=year.number)


def reports_by_year() -> QuerySet[AnnualReport]:
    return AnnualReport.objects.select_related("by")


def report_with_author(uuid: str) -> AnnualReport:
    return AnnualReport.objects.select_related("by").get(uuid=uuid)


def unfinished_draft(year: FiscalYear, language: str) -> AnnualReport | None:
    return AnnualReport.objects.filter(year=year.number, language=language, drafted_at=None).first()


def job_of(report: AnnualReport) -> Job | None:
    """None until the draft has been started."""
    return Job.objects.filter(uuid=report.job_uuid).first()


def years_with_records(today: date) -> list[FiscalYear]:
    """From the first activity written down to the year of today, newest first; at least the last two."""
    first = Activity.objects.aggregate(first=Min("starts_on"))["first"]
    this = fiscal_year_of(today)
    oldest = min(this.previous, fiscal_year_of(first)) if first else this.previous
    return [FiscalYear(number) for number in range(this.number, oldest.number - 1, -1)]


@dataclass(frozen=True)
class Needed:
    """What the report of a year still lacks."""

    year: FiscalYear
    draft: bool
    statistics: bool
    meeting: bool

    def __bool__(self) -> bool:
        return self.draft or self.statistics or self.meeting


def needed(year: FiscalYear) -> Needed:
    """Asked of the last finished year, on the start page."""
    held = Activity.objects.filter(kind=ActivityKind.MEETING, starts_on__range=year.next.days)
    return Needed(
        year=year,
        draft=not AnnualReport.objects.filter(year=year.number, drafted_at__isnull=False).exists(),
        statistics=not outside_statistics(year).exists(),
        meeting=not held.exists(),
    )


def activities() -> QuerySet[Activity]:
    return Activity.objects.order_by("-starts_on", "-id")


def partners() -> QuerySet[Partner]:
    return Partner.objects.all()


def statistics() -> QuerySet[ExternalStatistic]:
    return ExternalStatistic.objects.order_by("-report_year", "starts_on", "id")
