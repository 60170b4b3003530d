from datetime import date

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from core.fiscal import month_of, next_month
from supply.enums import MonthState
from supply.models import MonthClosing, Movement


def month_closings() -> QuerySet[MonthClosing]:
    """Annotated `is_closed`: whether this row is what keeps its month closed now."""
    newer = MonthClosing.objects.filter(month=OuterRef("month"), pk__gt=OuterRef("pk"))
    closing = Q(state=MonthState.CLOSED) & ~Exists(newer)
    return MonthClosing.objects.select_related("by").annotate(is_closed=closing)


def closing_of(month: date) -> MonthClosing | None:
    """What was done last with the month."""
    return MonthClosing.objects.filter(month=month).order_by("-id").first()


def is_closed(day: date) -> bool:
    last = closing_of(month_of(day))
    return last is not None and last.state == MonthState.CLOSED


def closed_months() -> set[date]:
    return set(month_closings().filter(is_closed=True).values_list("month", flat=True))


def months_to_close(today: date) -> list[date]:
    """Months that are over and not closed, newest first, back to the first movement."""
    first = Movement.objects.aggregate(first=Min("occurred_on"))["first"]
    closed = closed_months()
    found: list[date] = []
    month = month_of(first or today)
    while month < month_of(today):
        found.insert(0, month)
        month = next_month(month)
    return [month for month in found if month not in closed]
