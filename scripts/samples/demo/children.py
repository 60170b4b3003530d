"""Fourteen children: waiting, in care, lost and in care again, still lost, resettled, of age.

They stand in `children.toml`.
"""

import tomllib
from datetime import date
from pathlib import Path

from scripts.samples.book import Book

CHILDREN = Path(__file__).with_name("children.toml")
# Half terms paid: school year, half, day, amount in yuan, the numbers of those in school.
TERMS = (
    (2025, "1", date(2025, 8, 28), 2400, (1, 2, 4, 5, 7, 9, 11, 13, 14)),
    (2025, "2", date(2026, 2, 20), 2400, (1, 2, 4, 6, 7, 9, 11, 13, 14)),
    (2026, "1", date(2026, 8, 25), 2600, (1, 2, 3, 4, 5, 6, 7, 9, 10)),
)


def add(book: Book) -> None:
    for number, child in enumerate(tomllib.loads(CHILDREN.read_text())["child"], 1):
        history = child.pop("history")
        sealed = {"real_name": f"Hong Gildong {number:02}", "family": f"Hong Gilsun {number:02}, Sampleton"}
        book.add("Children", **child, **sealed)
        for status in history:
            book.add("Child statuses", child=child["code"], **status)
    for year, half, day, amount, numbers in TERMS:
        paid = {"school_year": year, "half": half, "funded_on": day, "amount": amount, "currency": "CNY"}
        for number in numbers:
            book.add("School terms", child=f"K-{number:02}", **paid)
