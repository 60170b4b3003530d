"""342 PayPal gifts, and "slightly more than 100" fewer the year before, whose sum was not lower.

Only the numbers were published: days and amounts of the single gifts are made up. 239 is the reconstruction
of the year before (342 - 103).
"""

from datetime import date, timedelta
from random import Random

from scripts.samples.book import Book

FUND = "Y12-GENERAL"
GIFTS = {2011: 239, 2012: 342}
# Yen; the smaller gifts were more frequent in the year with more gifts.
AMOUNTS = {
    2011: (2000, 3000, 5000, 5000, 10000, 10000, 30000),
    2012: (1000, 2000, 3000, 5000, 5000, 10000, 10000),
}
FACTS = {2011: "S003-065", 2012: "S003-064, S003-066"}


def fee(gross: int) -> int:
    """What PayPal kept of a gift in yen: 3.6 % and 40 yen."""
    return gross * 36 // 1000 + 40


def add(book: Book, random: Random) -> None:
    name = "General fund (fiscal year 2012)"
    book.add("Funds", code=FUND, name=name, is_restricted=False, settles_dues=False)
    sums = {year: _add_gifts(book, year, random) for year in GIFTS}
    if sums[2012] > sums[2011]:
        raise ValueError("S003-066: the sum was not above the year before.")


def _add_gifts(book: Book, year: int, random: Random) -> int:
    """The year's gifts in order of their days; gives their sum."""
    first = date(year - 1, 9, 1)
    length = (date(year, 9, 1) - first).days
    total = 0
    for number, offset in enumerate(sorted(int(random.random() * length) for _ in range(GIFTS[year])), 1):
        gross = AMOUNTS[year][int(random.random() * len(AMOUNTS[year]))]
        total += gross
        book.add(
            "Donations",
            code=f"Y12-PP{year}-{number:03}",
            received_on=first + timedelta(offset),
            channel="paypal",
            currency="JPY",
            gross=gross,
            fee=fee(gross),
            net=gross - fee(gross),
            yen=gross,
            fund=FUND,
            note__reconstructed=True,
            note=f"{FACTS[year]}: only the number of gifts is published",
        )
    return total
