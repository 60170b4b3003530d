"""The demo's activity log: fiscal year 2026, the beginning of 2027, and the articles of the year before.

The lines stand in `activities.toml`.
"""

import tomllib
from pathlib import Path

from scripts.samples.book import Book

LINES = Path(__file__).with_name("activities.toml")
# Articles put online, by fiscal year.
ARTICLES = {2025: 9, 2026: 14, 2027: 3}


def add(book: Book) -> None:
    for number, line in enumerate(tomllib.loads(LINES.read_text())["activity"], 1):
        code = f"A-{number:03}"
        measures = line.pop("measures", {})
        book.add("Activities", code=code, **({"disclosure": "public", "is_listed": True} | line))
        for name, value in measures.items():
            known = isinstance(value, int)
            book.add(
                "Measures",
                activity=code,
                name=name,
                value=value if known else None,
                qualifier="exact" if known else value,
            )
    for year, count in ARTICLES.items():
        _add_articles(book, year, count, months=3 if year == 2027 else 12)


def _add_articles(book: Book, year: int, count: int, months: int) -> None:
    for number in range(count):
        month = 8 + months * number // count
        book.add(
            "Activities",
            code=f"A-{year}-{number + 1:02}",
            kind="article",
            disclosure="public",
            is_listed=False,
            starts_on=f"{year - 1 + month // 12}-{month % 12 + 1:02}",
            title=f"Article {number + 1} of {year} put on the website",
            title_ja=f"{year}年度のウェブ記事 {number + 1}",
        )
