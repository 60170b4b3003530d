"""Invented partners, and the figures of an invented ministry."""

from datetime import date

from scripts.samples.book import Book

NAMED = (
    ("Kawasemi Relief (invented)", "Japan", date(2014, 4, 1)),
    ("Open Hands Seoul (invented)", "South Korea", date(2015, 9, 1)),
    ("River Clinic (invented)", "Thailand", date(2017, 2, 1)),
    ("Lantern Schools (invented)", "Japan", date(2018, 10, 1)),
    ("Northern Voices Radio (invented)", "South Korea", date(2019, 1, 1)),
    ("Bridge Lawyers (invented)", "UK", date(2020, 6, 1)),
    ("Second Home Foundation (invented)", "USA", date(2021, 3, 1)),
    ("Warm Coat Collective (invented)", "Japan", date(2023, 11, 1)),
)
UNNAMED, ENDED = 5, date(2026, 10, 31)
MINISTRY, YEARBOOK = "Ministry of Arrivals (invented)", "Yearbook of Arrivals 2026, table 3 (invented)"
# Period, people, qualifier.
ARRIVALS = (("2024", None, 236, "exact"), ("2025", None, 224, "exact"), ("2026-01", "2026-06", 100, "over"))


def add(book: Book) -> None:
    for number, (name, country, since) in enumerate(NAMED, 1):
        book.add(
            "Partners", code=f"N-{number:02}", name=name, country=country, started_on=since, may_be_named=True
        )
    for number in range(len(NAMED) + 1, len(NAMED) + 1 + UNNAMED):
        ended = ENDED if number == len(NAMED) + UNNAMED else None
        book.add(
            "Partners",
            code=f"N-{number:02}",
            started_on=date(2022, 4, 1),
            ended_on=ended,
            note="not named, for their safety",
        )
    for number, (start, end, value, qualifier) in enumerate(ARRIVALS, 1):
        book.add(
            "Outside statistics",
            code=f"E-{number:02}",
            topic="Refugees who arrived in a neighbouring country",
            topic_ja="隣国に到着した難民",
            place="neighbouring country",
            starts_on=start,
            ends_on=end,
            value=value,
            qualifier=qualifier,
            unit="people",
            publisher=MINISTRY,
            source=YEARBOOK,
            taken_on=date(2026, 9, 15),
            report_year=2026,
        )
