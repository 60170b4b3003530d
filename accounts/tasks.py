from celery import shared_task
from django.utils import timezone

from accounts import selectors, services
from core import trail


@shared_task(name="accounts.send_trail_digest")
def send_trail_digest() -> None:
    """The day's digest of all logs, by mail to whoever audits: out of reach of who could rewrite a log."""
    digest, today = trail.take_digest(), timezone.localdate()
    services.mail_trail_digest(by=selectors.system_user(), line=trail.line_of(digest), today=today)


@shared_task(name="accounts.answer_mail_requests")
def answer_mail_requests() -> int:
    """The mail that somebody asked for on the log-in page. Safe to run at once with itself."""
    return services.answer_requests(by=selectors.system_user(), now=timezone.now())


@shared_task(name="accounts.tidy_log_ins")
def tidy_log_ins() -> None:
    """Rows of log-ins and links that let nobody in any more."""
    system, now = selectors.system_user(), timezone.now()
    services.forget_links(by=system, now=now)
    services.forget_dead_devices(by=system, now=now)
