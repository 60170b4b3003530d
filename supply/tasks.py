from celery import shared_task
from django.utils import timezone

from accounts.selectors import system_user
from core.fiscal import month_of, next_month
from supply import selectors, services


@shared_task(name="supply.make_drafts")
def make_drafts() -> int:
    """Next month's consignments of the standing plans, by beat. Safe to run again and twice at once."""
    today = timezone.localdate()
    return services.make_drafts(by=system_user(), month=next_month(month_of(today)), today=today)


@shared_task(name="supply.watch_levels")
def watch_levels() -> int:
    """Alerts of low stock open and clear. Safe to run at once with itself."""
    return services.watch_levels(by=system_user(), now=timezone.now())


@shared_task(name="supply.check_ledger")
def check_ledger() -> int:
    """Add the whole ledger up anew. How many differences there are; `manage.py check_ledger` names them."""
    differences = len(selectors.check_ledger())
    services.record_check(by=system_user(), differences=differences)
    return differences
