from celery import shared_task
from django.utils import timezone

from accounts.selectors import system_user
from core.fiscal import month_of, next_month
from supply import services


@shared_task(name="supply.make_drafts")
def make_drafts() -> int:
    """Next month's consignments of the standing plans, by beat. Safe to run again and twice at once."""
    today = timezone.localdate()
    return services.make_drafts(by=system_user(), month=next_month(month_of(today)), today=today)
