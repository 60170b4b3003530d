from celery import shared_task
from django.utils import timezone

from accounts.selectors import system_user
from supply import services


@shared_task(name="supply.watch_levels")
def watch_levels() -> int:
    """Alerts of low stock open and clear. Safe to run at once with itself."""
    return services.watch_levels(by=system_user(), now=timezone.now())
