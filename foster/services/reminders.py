"""The monthly reminders: dues, payments, then one mail a sponsor. Safe to run again and twice at once."""

from collections.abc import Callable
from datetime import date

import structlog
from billiard.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from core import audit, leaks, outbox
from core import services as core
from core.models import Job, OutboxMessage
from foster import selectors
from foster.enums import ReminderResult
from foster.models import Reminder, ReminderOutcome, ReminderRun, Sponsor
from foster.selectors import Standing
from foster.services.dues import allocate_payments, lock_sponsor, make_dues

REMINDER_MAIL = "reminder"  # the kind of mail
FIRST_LEVEL = 1

log = structlog.get_logger(__name__)


class MonthNotBegun(Exception):
    def __str__(self) -> str:
        return _("This month has not begun yet. Choose the current month or an earlier one.")


def check_month(*, month: date, today: date) -> None:
    if month > today:
        raise MonthNotBegun


@transaction.atomic
def begin_run(*, by: User, month: date, today: date) -> ReminderRun:
    """A run with its job, waiting to be carried out. Raises MonthNotBegun."""
    check_month(month=month, today=today)
    title = _("Reminders for %(month)s") % {"month": date_format(month, "YEAR_MONTH_FORMAT")}
    job = core.queue_job(by=by, kind="reminders", title=title)
    run = ReminderRun.objects.create(month=month, level=FIRST_LEVEL, by=by, job_uuid=job.uuid)
    audit.record(
        by=by, action="foster.reminders_begun", subject=run, changes={"month": [None, f"{month:%Y-%m}"]}
    )
    return run


def carry_out_run(*, run: ReminderRun, today: date) -> None:
    """Everything for the run's month; commits sponsor by sponsor, so that a page can watch it.

    A sponsor that cannot be worked through is written down as such and does not stop the others.
    """
    job = selectors.job_of(run)
    try:
        make_dues(by=run.by, run=run)
        with leaks.guarding():
            failed = _work_through(run, job, today)
    except Exception:
        _drop_broken_connection()
        core.finish_job(job=job, trouble=_in_their_language(run.by, _broke_off))
        raise
    core.finish_job(job=job, trouble=_in_their_language(run.by, lambda: _failures(failed)))


def _work_through(run: ReminderRun, job: Job, today: date) -> int:
    """Sponsor by sponsor. Returns how many failed."""
    sponsors = list(selectors.sponsors_to_work_through(run.month))
    concerned = set(selectors.sponsors_concerned(run.month).values_list("pk", flat=True))
    core.begin_job(job=job, total=len(sponsors))
    failed = 0
    for done, sponsor in enumerate(sponsors, start=1):
        try:
            remind_sponsor(
                by=run.by, run=run, sponsor=sponsor, today=today, is_concerned=sponsor.pk in concerned
            )
        except SoftTimeLimitExceeded:  # the worker's, not this sponsor's
            raise
        except Exception as error:
            _drop_broken_connection()
            log.exception("reminders.sponsor_failed", run=str(run.uuid), sponsor=str(sponsor.uuid))
            _note(run, sponsor, ReminderResult.FAILED, trouble=type(error).__name__)
            failed += 1
        core.advance_job(job=job, done=done)
    return failed


def _drop_broken_connection() -> None:
    """If it is the connection that failed, what follows gets a new one."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def _in_their_language(reader: User, sentence: Callable[[], str]) -> str:
    with translation.override(reader.language):
        return sentence()


def _broke_off() -> str:
    return _("The run stopped early. What it did stays; start the month again for the rest.")


def _failures(count: int) -> str:
    text = ngettext(
        "%(count)s sponsor could not be processed. Tell the operator, then start the month again.",
        "%(count)s sponsors could not be processed. Tell the operator, then start the month again.",
        count,
    )
    return text % {"count": count} if count else ""


@transaction.atomic
def remind_sponsor(
    *, by: User, run: ReminderRun, sponsor: Sponsor, today: date, is_concerned: bool = True
) -> ReminderResult | None:
    """Share out one sponsor's payments, then remind them if something is still open.

    `is_concerned`: False for who only owes for other months: no outcome, no mail.
    """
    lock_sponsor(sponsor=sponsor)
    [standing] = selectors.standings(
        Sponsor.objects.filter(pk=sponsor.pk), month=run.month, level=run.level, today=today
    )
    allocate_payments(by=by, balance=standing.balance)
    if not is_concerned:
        return None
    result = standing.result
    if result == ReminderResult.TO_SEND:
        result = _post(by, run, standing)
    elif result == ReminderResult.ALREADY and sponsor.reminders.filter(run=run).exists():
        result = ReminderResult.POSTED  # this very run, begun again after a crash
    _note(run, sponsor, result)
    return result


def _post(by: User, run: ReminderRun, standing: Standing) -> ReminderResult:
    """Row first, mail second, both in one transaction."""
    sponsor = standing.sponsor
    reminder, is_new = Reminder.objects.get_or_create(
        sponsor=sponsor, month=run.month, level=run.level, defaults={"run": run}
    )
    if not is_new:
        return ReminderResult.ALREADY
    outbox.post(
        key=reminder.key,
        kind=REMINDER_MAIL,
        to_address=sponsor.address,
        to_user_id=sponsor.user_id,
        language=sponsor.speaks,
        **mail_text(standing=standing, month=run.month),
    )
    reminder.message_uuid = OutboxMessage.objects.get(key=reminder.key).uuid
    reminder.save(update_fields=["message_uuid"])
    audit.record(by=by, action="foster.reminded", subject=reminder)
    return ReminderResult.POSTED


def mail_text(*, standing: Standing, month: date) -> dict[str, str]:
    """`outbox.rendered` in the sponsor's language. No name and no child: whoever reads a mailbox reads it."""
    sponsor = standing.sponsor
    with translation.override(sponsor.speaks):
        context = {
            "month": date_format(month, "YEAR_MONTH_FORMAT"),
            "count": standing.sponsorships,
            "open": " + ".join(str(money) for money in standing.open),
            "earlier": " + ".join(str(money) for money in standing.earlier),
            "payment_number": sponsor.code,
            "link": settings.SITE_URL + reverse("foster:payments"),
            "has_log_in": sponsor.user_id is not None,
        }
        return outbox.rendered("emails/reminder", context)


def _note(run: ReminderRun, sponsor: Sponsor, result: ReminderResult, trouble: str = "") -> None:
    ReminderOutcome.objects.update_or_create(
        run=run, sponsor=sponsor, defaults={"result": result, "trouble": trouble}
    )


@transaction.atomic
def choose_reminders(*, by: User, sponsor: Sponsor, wanted: bool, today: date) -> None:
    """A sponsor says whether they want reminders at all."""
    if wanted == (sponsor.no_reminders_since is None):
        return
    core.save_record(
        by=by,
        record=sponsor,
        action="foster.reminders_chosen",
        no_reminders_since=None if wanted else today,
    )
