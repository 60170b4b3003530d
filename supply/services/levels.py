"""Minimum levels, and the alerts that open and clear by them."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.timezone import localdate

from accounts.enums import RoleName
from accounts.models import User
from core import audit, outbox
from core.services import save_record
from supply import selectors
from supply.models import Item, Place, StockAlert, StockLevel
from supply.services.calling import call
from supply.services.ledger import refuse_quantity
from supply.services.refusals import WrongPlace


@transaction.atomic
def set_level(*, by: User, place: Place, item: Item, minimum: Decimal, now: datetime) -> StockLevel:
    """`minimum` in the base unit; 0 ends it. Raises WrongPlace, NotAnAmount, WholeUnitsOnly."""
    if not place.is_real:
        raise WrongPlace(place)
    refuse_quantity(item, minimum, zero=True)
    known = StockLevel.objects.filter(place=place, item=item).first()
    level = save_record(
        by=by, record=known or StockLevel(), action="stock.level_set", place=place, item=item, minimum=minimum
    )
    watch_levels(by=by, now=now)
    return level


@transaction.atomic
def watch_levels(*, by: User, now: datetime) -> int:
    """Open an alert for each place newly below a minimum, clear those that have enough. How many opened.

    What has expired by the day of `now` is not counted, so that an alert opens by itself over night. Nothing
    is called for where nothing goes now: a shelter that is exposed, closed or being evacuated.

    Safe at once with itself: the levels are held meanwhile. Who is called learns of each alert once.
    """
    today, shut = localdate(now), [*selectors.shut_stores()]
    held = StockLevel.objects.order_by("pk").select_for_update(no_key=True)
    list(held.values_list("pk", flat=True))
    for alert in selectors.having_enough(today, shut):
        alert.cleared_at = max(now, alert.opened_at)
        alert.save(update_fields=["cleared_at"])
        audit.record(by=by, action="stock.alert_cleared", subject=alert)
    kept = StockLevel.objects.exclude(place__in=shut)
    opened = [_open(by, level) for level in selectors.falling_short(kept, today)]
    if opened:
        call((RoleName.SUPPLY_COORDINATOR,), kind=outbox.STOCK_MAIL, event=f"stock-alert:{opened[0].uuid}")
    return len(opened)


def _open(by: User, level: StockLevel) -> StockAlert:
    held = level.held  # type: ignore[attr-defined]
    alert = StockAlert(place=level.place, item=level.item, minimum=level.minimum, held=held)
    alert.save(force_insert=True)
    told = {"held": [None, str(held)], "minimum": [None, str(level.minimum)]}
    audit.record(by=by, action="stock.alert_opened", subject=alert, changes=told)
    return alert
