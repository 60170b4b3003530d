from datetime import date

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.selectors import system_user
from core import services as core
from core.fiscal import month_of
from core.models import OutboxMessage
from foster import selectors, services
from foster.models import ReminderRun


@shared_task(name="foster.send_monthly_reminders")
def send_monthly_reminders(run_uuid: str | None = None, month: str | None = None) -> None:
    """Carry out a run somebody began; without one (by beat) begin that of the month, by default today's.

    `month`: "2026-11". Safe to run again and twice at once.
    """
    today = timezone.localdate()
    if run_uuid is None:
        day = date.fromisoformat(f"{month}-01") if month else month_of(today)
        run = services.begin_run(by=system_user(), month=day, today=today)
    else:
        run = ReminderRun.objects.select_related("by").get(uuid=run_uuid)
    services.carry_out_run(run=run, today=today)


def queue_run(run: ReminderRun) -> None:
    """Hand a run to the worker; without a queue the run itself says so."""
    try:
        send_monthly_reminders.apply_async([str(run.uuid)], retry=False)
    except OperationalError:
        trouble = _("The queue cannot be reached, nothing was done. Start the month again later.")
        core.finish_job(job=selectors.job_of(run), trouble=trouble)


def is_still_wanted(message: OutboxMessage) -> bool:
    """The outbox asks this when it is about to send a reminder."""
    return selectors.is_still_wanted(message.key, today=timezone.localdate())
