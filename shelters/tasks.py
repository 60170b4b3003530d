from celery import shared_task

from accounts.selectors import system_user
from shelters import services


@shared_task(name="shelters.call_for_missing")
def call_for_missing() -> int:
    """Mails about who was handed on and did not arrive. Safe to run again and twice at once."""
    return services.call_for_missing(by=system_user())
