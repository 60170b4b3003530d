"""The activity log of the year: the dated list of the report, and what it tells without a day.

A rescue counts by people who reached a safe zone (S003-029, S003-030). The same report's dated lines (three
who entered Japan on 2 February, two and one who joined a couple on 23 August) are other milestones of people
and never add to it. The entries stand in `activities.toml`.
"""

import tomllib
from datetime import date
from pathlib import Path

from scripts.samples.book import Book

ENTRIES = Path(__file__).with_name("activities.toml")
# "In the fiscal year", where the source gives no more.
IN_THE_YEAR = {"starts_on": "2011-09", "ends_on": "2012-08"}
# Fiscal year → articles put on the English website, and the fact that says so.
ARTICLES = {2011: (19, "S003-060"), 2012: (34, "S003-061")}


def add(book: Book) -> None:
    for entry in tomllib.loads(ENTRIES.read_text())["activity"]:
        _add_entry(book, **entry)
    for year, (count, fact) in ARTICLES.items():
        _add_articles(book, year, count, fact)


def _add_entry(
    book: Book,
    *,
    fact: str,
    note: str = "",
    measures: dict[str, int | str] | None = None,
    derived: bool = False,
    **values: object,
) -> None:
    """One activity and its numbers; a text instead of a number is its qualifier ("not_counted")."""
    code = f"Y12-{fact}"
    values = values if "starts_on" in values else values | IN_THE_YEAR
    listed = isinstance(values["starts_on"], date)
    noted = "; ".join(part for part in (fact, note) if part)
    book.add("Activities", code=code, is_listed=listed, disclosure="public", note=noted, **values)
    for name, value in (measures or {}).items():
        number, qualifier = (value, "exact") if isinstance(value, int) else (None, value)
        book.add("Measures", activity=code, name=name, value=number, qualifier=qualifier, is_derived=derived)


def _add_articles(book: Book, year: int, count: int, fact: str) -> None:
    """One row an article; the months are made up, spread over the year."""
    for number in range(count):
        month = 8 + 12 * number // count  # 8 is September, counted from January of the year before
        book.add(
            "Activities",
            code=f"Y12-A{year}-{number + 1:02}",
            kind="article",
            starts_on=f"{year - 1 + month // 12}-{month % 12 + 1:02}",
            title=f"Article {number + 1} on the English website",
            title_ja=f"英語サイトの記事 {number + 1}",
            disclosure="public",
            note__reconstructed=True,
            note=f"{fact}: title and month are not published",
        )
