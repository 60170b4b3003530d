"""The demo's fixed today, and its months."""

from datetime import date, timedelta

TODAY = date(2026, 11, 24)
FIRST_DAY = date(2025, 9, 1)
MONTHS = [date(2025 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(9, 24)]


def days_ago(days: int) -> date:
    return TODAY - timedelta(days)


def after(month: date, months: int) -> date:
    """The first day of the month so many months later."""
    index = month.month - 1 + months
    return date(month.year + index // 12, index % 12 + 1, 1)
