from celery import shared_task
from django.utils import timezone

from accounts import services
from accounts.selectors import system_user
from core import trail


@shared_task(name="accounts.send_trail_digest")
def send_trail_digest() -> None:
    """The day's digest of all logs, by mail to whoever audits: out of reach of who could rewrite a log."""
    digest = trail.take_digest()
    services.mail_trail_digest(by=system_user(), line=trail.line_of(digest), today=timezone.localdate())
