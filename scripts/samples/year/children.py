"""20 children in the programme on the last day of the year, their first half term paid within it.

The term begins in September 2012, after the year: paid on is not the time it covers. Codes, invented names
and the days of enrolment and payment are made up; no amount was published.
"""

from datetime import date

from scripts.samples.book import Book
from scripts.samples.year.supplies import RECONSTRUCTED

# Invented: the source names nobody.
CALLED = (
    "Ara",
    "Boram",
    "Chorong",
    "Dasom",
    "Eunbi",
    "Garam",
    "Haneul",
    "Iseul",
    "Jiu",
    "Kippeum",
    "Mari",
    "Namu",
    "Ona",
    "Podo",
    "Raon",
    "Saebom",
    "Taeyang",
    "Uri",
    "Yeoul",
    "Zion",
)
ENROLLED, PAID = date(2010, 9, 1), date(2012, 8, 20)


def add(book: Book) -> None:
    for number, called in enumerate(CALLED, 1):
        code = f"Y12-C{number:02}"
        book.add(
            "Children",
            code=code,
            called=called,
            origin="child of the programme",
            _fact="S003-046",
            **RECONSTRUCTED,
        )
        book.add(
            "Child statuses",
            child=code,
            state="in_care",
            since=ENROLLED,
            reason="[reconstructed] S003-046: the day of enrolment is not published",
        )
        book.add(
            "School terms",
            child=code,
            school_year=2012,
            half="1",
            funded_on=PAID,
            currency="CNY",
            note__reconstructed=True,
            note="S003-044: day and amount are not published",
        )
