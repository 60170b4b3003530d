"""Money out that the office typed; what incidents, the sick and consignments cost is there by itself."""

from datetime import date

from core.fiscal import next_month
from scripts.samples.book import Book
from scripts.samples.demo.calendar import TODAY

FIRST = date(2025, 9, 1)
# Nature, what, yen, fund, programme, on which day of each month.
MONTHLY = (
    ("rent", "rent and electricity of the office", 82_000, "GENERAL", "SHELTER", 1),
    ("fee", "fee of the bank for transfers abroad", 4_500, "GENERAL", "SHELTER", 27),
)
# Day, nature, what, amount, currency, fund, programme.
ONCE = (
    (date(2025, 9, 9), "other", "school fees and books, autumn term", 6_400, "CNY", "CHILDREN", "FOSTER"),
    (date(2025, 11, 18), "goods", "40 coats and 60 blankets", 412_000, "JPY", "WINTER", "SHELTER"),
    (date(2025, 12, 2), "food", "rice and flour for the winter", 18_500, "CNY", "WINTER", "FOOD"),
    (date(2026, 2, 24), "other", "school fees and books, spring term", 6_800, "CNY", "CHILDREN", "FOSTER"),
    (date(2026, 5, 12), "medical", "medicine kits", 96_000, "JPY", "GENERAL", "FOOD"),
    (date(2026, 6, 30), "transport", "travel of two lecturers", 38_400, "JPY", "GENERAL", "SHELTER"),
    (date(2026, 9, 8), "other", "school fees and books, autumn term", 6_900, "CNY", "CHILDREN", "FOSTER"),
    (date(2026, 11, 10), "goods", "50 coats", 305_000, "JPY", "WINTER", "SHELTER"),
)


def add(book: Book) -> None:
    rows = [*ONCE, *_monthly()]
    for number, (day, nature, what, amount, currency, fund, programme) in enumerate(sorted(rows), 1):
        book.add(
            "Expenses",
            code=f"E-{number:04}",
            paid_on=day.isoformat(),
            nature=nature,
            what=what,
            value=amount,
            currency=currency,
            fund=fund,
            programme=programme,
        )


def _monthly() -> list[tuple]:
    rows, month = [], FIRST
    while month <= TODAY:
        for nature, what, yen, fund, programme, day in MONTHLY:
            if month.replace(day=day) <= TODAY:
                rows.append((month.replace(day=day), nature, what, yen, "JPY", fund, programme))
        month = next_month(month)
    return rows
