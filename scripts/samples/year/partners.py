"""More than 20 partners, 11 of them named in print, and the figures of others with their source."""

from datetime import date

from scripts.samples.book import Book

# As the facts abbreviate them → as a report prints them. The source gives no countries.
NAMED = {
    "HRW": "Human Rights Watch",
    "AI": "Amnesty International",
    "CSW": "Christian Solidarity Worldwide",
    "HRWF": "Human Rights Without Frontiers",
    "Defense Forum": "Defense Forum",
    "Freedom House": "Freedom House",
    "US Commission for HR in NK": "US Commission for Human Rights in North Korea",
    "Open Radio": "Open Radio",
    "Democracy Network": "Democracy Network",
    "No Fence": "No Fence",
    "Society to Help Returnees": "Society to Help Returnees",
}
UNNAMED = 11
SINCE = date(2011, 9, 1)
# What was taken: the report, released at the general meeting of this day (S003-001).
TAKEN = date(2012, 10, 8)
MINISTRY = "South Korean ministry"
ARRIVALS = {
    "topic": "Refugees from North Korea who arrived in South Korea",
    "topic_ja": "韓国に入国した北朝鮮からの難民",
    "place": "South Korea",
    "publisher": MINISTRY,
}


def add(book: Book) -> None:
    for number, (printed, name) in enumerate(NAMED.items(), 1):
        note = f"S003-049: in the facts “{printed}”; since when is not published"
        _add_partner(book, number, note, name=name, may_be_named=True)
    last = len(NAMED) + UNNAMED
    for number in range(len(NAMED) + 1, last):
        _add_partner(book, number, "S003-048: more than 20 partners, 11 of them named", reconstructed=True)
    note = (
        "S003-059: medical aid; tie-up ended in September 2012 (day not published), after the reported year"
    )
    _add_partner(book, last, note, reconstructed=True, ended_on=date(2012, 9, 30))
    _add_statistics(book)


def _add_partner(
    book: Book, number: int, note: str, *, reconstructed: bool = False, **values: object
) -> None:
    note = f"[reconstructed] {note}" if reconstructed else note
    book.add("Partners", code=f"Y12-N{number:02}", started_on=SINCE, note=note, **values)


def _add_statistics(book: Book) -> None:
    a_year, people = "people per year", "people"
    _add_statistic(book, "S003-004", 1000, "about", a_year, "2002", "2006", **ARRIVALS)
    _add_statistic(book, "S003-005", 2000, "about", people, "2007", **ARRIVALS)
    _add_statistic(book, "S003-006", 2737, "exact", people, "2011", **ARRIVALS)
    _add_statistic(book, "S003-007", 1300, "over", people, "2012-01", "2012-06", **ARRIVALS)
    _add_statistic(
        book,
        "S003-011",
        2,
        "over",
        "times capacity",
        "2012",
        topic="Occupancy of a detention centre",
        topic_ja="収容施設の収容率",
        place="Bangkok, Thailand",
        publisher="not named in the report",
        undated=True,
    )


def _add_statistic(
    book: Book,
    fact: str,
    value: int,
    qualifier: str,
    unit: str,
    start: str,
    end: str | None = None,
    *,
    undated: bool = False,
    **values: str,
) -> None:
    without = ", which gives no date" if undated else ""
    source = f"quoted in the annual report for fiscal year 2012{without} ({fact})"
    book.add(
        "Outside statistics",
        code=f"Y12-{fact}",
        value=value,
        qualifier=qualifier,
        unit=unit,
        starts_on=start,
        ends_on=end,
        source=source,
        taken_on=TAKEN,
        report_year=2012,
        **values,
    )
