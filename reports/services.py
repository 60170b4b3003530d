from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import User
from core import audit, leaks
from core.enums import Channel
from core.fiscal import FiscalYear
from core.services import queue_job, save_record
from reports import selectors
from reports.documents import Document, gathered, texts_of
from reports.models import AnnualReport, Section
from reports.sections import drafted_sections
from reports.selectors import Reading, shown


@transaction.atomic
def start_draft(*, by: User, year: FiscalYear, language: str) -> AnnualReport:
    """The draft in the making of this year and language, with a job to watch; asked twice, it is the same."""
    report = selectors.unfinished_draft(year, language) or _new_draft(by, year, language)
    job = selectors.job_of(report)
    if job is None or job.is_over:
        job = queue_job(by=by, kind="annual_report", title=str(report))
        report.job_uuid = job.uuid
        report.save(update_fields=["job_uuid"])
    return report


def _new_draft(by: User, year: FiscalYear, language: str) -> AnnualReport:
    with translation.override(language):  # the label is printed in the report
        label = year.label
    try:
        with transaction.atomic():
            report = AnnualReport.objects.create(year=year.number, label=label, language=language, by=by)
    except IntegrityError as error:
        broken = getattr(error.__cause__, "diag", None)
        if getattr(broken, "constraint_name", "") != "annual_report_one_in_the_making":
            raise
        return AnnualReport.objects.get(year=year.number, language=language, drafted_at=None)
    audit.record(by=by, action="reports.draft_started", subject=report)
    return report


@transaction.atomic
def draft_annual_report(
    *, by: User, report: AnnualReport, readings: Iterable[Reading], now: datetime
) -> AnnualReport:
    """All sections and the figures as they stand, or nothing. A report once drafted is left alone.

    The language now spoken is the report's: the caller switches to it before reading the figures.
    """
    report = AnnualReport.objects.select_for_update().get(pk=report.pk)
    if report.drafted_at is not None:
        return report
    year = FiscalYear(report.year)
    material = gathered(year, shown(readings))
    sections = drafted_sections(year, material, label=report.label)
    Section.objects.bulk_create(
        Section(report=report, position=position, heading=section.heading, text=section.text)
        for position, section in enumerate(sections, start=1)
    )
    report.drafted_figures = {key: as_kept(reading) for key, reading in material.readings.items()}
    report.drafted_at = now
    report.save(update_fields=["drafted_figures", "drafted_at"])
    audit.record(by=by, action="reports.drafted", subject=report, changes={"sections": [0, len(sections)]})
    return report


def as_kept(reading: Reading) -> dict[str, Any]:
    """What a draft remembers of a figure, to tell later what would differ."""
    value = reading.exact.value
    return {
        "value": None if value is None else f"{value.normalize():f}",
        "qualifier": str(reading.exact.qualifier),
        "count": reading.count,
    }


def check_document(
    *, by: User | None, document: Document, report: AnnualReport | None = None
) -> leaks.Verdict:
    """Look through all that a report says before it leaves; without a kept report, through a passing one.

    Raises core.leaks.CannotCheck.
    """
    authors = {person.pk for person in (by, report and report.by) if person}
    outgoing = leaks.Outgoing(
        channel=Channel.REPORT,
        pieces=texts_of(document),
        text_type=AnnualReport._meta.label_lower,
        text_uuid=report.uuid if report else None,
        authors=frozenset(authors),
    )
    return leaks.check(by=by, outgoing=outgoing)


def edit_section(*, by: User, section: Section, heading: str, text: str) -> Section:
    """Raises ValidationError with the sentence of the broken rule."""
    return save_record(by=by, record=section, action="reports.section_edited", heading=heading, text=text)
