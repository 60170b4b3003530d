from celery import shared_task
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from core.fiscal import FiscalYear
from core.services import advance_job, begin_job, finish_job
from reports import selectors, services
from reports.models import AnnualReport
from reports.registry import figures_of


@shared_task(name="reports.draft_annual_report")
def draft_annual_report(report_uuid: str) -> None:
    """Reads figure by figure, then writes the whole draft at once. Run twice, or killed, it harms nothing."""
    report = selectors.report_with_author(report_uuid)
    job = selectors.job_of(report)
    if job is None:
        return
    with translation.override(report.language):
        try:
            _draft(report, job)
        except Exception:
            finish_job(job=job, trouble=_("The draft could not be made. Please start it again."))
            raise
    finish_job(job=job)


def _draft(report: AnnualReport, job: selectors.Job) -> None:
    year = FiscalYear(report.year)
    figures = list(figures_of(year))
    begin_job(job=job, total=len(figures))
    readings = []
    for done, figure in enumerate(figures, start=1):
        readings.append(selectors.read(figure, year))
        advance_job(job=job, done=done)
    services.draft_annual_report(by=report.by, report=report, readings=readings, now=timezone.now())


def queue_draft(report: AnnualReport) -> None:
    """Once the report's row is there for a worker to see. Without a queue the page offers to start again."""
    transaction.on_commit(lambda: _send(report))


def _send(report: AnnualReport) -> None:
    try:
        draft_annual_report.apply_async((str(report.uuid),), retry=False)
    except OperationalError:
        return
