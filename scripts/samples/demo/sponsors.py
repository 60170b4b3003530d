"""Foster parents: what each promised, what was due until last month, and what each has paid.

Dues stand until October; November's are for the foster officer to make. Of November some have paid, one in
part, one ahead, and some not yet.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from scripts.samples.book import Book
from scripts.samples.demo.calendar import FIRST_DAY, MONTHS, after
from scripts.samples.demo.people import address

NOVEMBER = MONTHS[-1]
YEN = 15_000


@dataclass(frozen=True)
class Promise:
    """`pause`: first and last day without dues, and why."""

    child: str | None
    start: date
    rates: tuple[tuple[date, int], ...]
    end: date | None = None
    why_ended: str = ""
    goes_on_as: str | None = None
    pause: tuple[date, date, str] | None = None

    def due(self, month: date) -> int:
        """What a month owes: nothing before, after and inside a pause."""
        over = self.end is not None and self.end <= month
        paused = self.pause is not None and self.pause[0] <= month <= self.pause[1]
        if month < self.start or over or paused:
            return 0
        return next((amount for since, amount in reversed(self.rates) if since <= month), 0)


@dataclass(frozen=True)
class Sponsor:
    """`paid_until`: the last month paid in full. `day`: when the money comes. `extra`: further payments."""

    name: str
    kana: str
    promises: dict[str, Promise]
    paid_until: date
    day: int = 10
    every: int = 1
    channel: str = "bank"
    language: str = "ja"
    kind: str = "person"
    email: bool = True
    has_log_in: bool = False
    no_reminders_since: date | None = None
    extra: tuple[tuple[date, int], ...] = field(default=())

    def due(self, month: date) -> int:
        return sum(promise.due(month) for promise in self.promises.values())


def _promise(child: str | None, start: date = FIRST_DAY, amount: int = YEN, **more: object) -> Promise:
    return Promise(child, start, ((start, amount),), **more)  # type: ignore[arg-type]


SPONSORS = {
    "S-101": Sponsor("Yuna", "ユナ", {"P-101": _promise("K-01")}, NOVEMBER, day=3, has_log_in=True),
    "S-102": Sponsor(
        "Daichi",
        "ダイチ",
        {"P-102": _promise("K-02"), "P-103": _promise("K-03", date(2026, 4, 1))},
        after(NOVEMBER, -1),
        day=12,
        language="en",
        has_log_in=True,
        extra=((date(2026, 11, 12), YEN),),
    ),
    "S-103": Sponsor(
        "Minori",
        "ミノリ",
        {"P-104": Promise("K-04", FIRST_DAY, ((FIRST_DAY, YEN), (date(2026, 4, 1), 20_000)))},
        NOVEMBER,
        day=5,
    ),
    "S-104": Sponsor(
        "Sena",
        "セナ",
        {
            "P-105": _promise(
                "K-05", pause=(date(2026, 9, 1), date(2027, 2, 28), "works abroad for half a year")
            )
        },
        date(2026, 8, 1),
        day=20,
        channel="post",
    ),
    "S-105": Sponsor(
        "Haruto",
        "ハルト",
        {"P-106": _promise("K-06", end=date(2026, 5, 31), why_ended="sponsor_stopped")},
        date(2026, 5, 1),
        day=15,
    ),
    "S-106": Sponsor(
        "Jiwoo", "ジウ", {"P-107": _promise("K-06", date(2026, 7, 1))}, NOVEMBER, day=8, language="en"
    ),
    "S-107": Sponsor(
        "Kumo-no-Ki Books (invented)",
        "クモノキショテン",
        {"P-108": _promise(None, amount=10_000)},
        NOVEMBER,
        day=1,
        every=3,
        kind="company",
        extra=((date(2026, 11, 20), 30_000),),
    ),
    "S-108": Sponsor(
        "Mio",
        "ミオ",
        {"P-109": _promise("K-07")},
        date(2026, 8, 1),
        day=25,
        no_reminders_since=date(2026, 2, 1),
    ),
    "S-109": Sponsor(
        "Tomoe",
        "トモエ",
        {"P-110": _promise("K-08")},
        after(NOVEMBER, -1),
        day=18,
        channel="post",
        email=False,
    ),
    "S-110": Sponsor("Riku", "リク", {"P-111": _promise("K-09")}, date(2026, 8, 1), day=28),
    "S-111": Sponsor(
        "Nari",
        "ナリ",
        {"P-112": _promise("K-01", date(2026, 1, 1))},
        after(NOVEMBER, -1),
        day=14,
        channel="paypal",
        language="en",
    ),
    "S-112": Sponsor(
        "Kaede",
        "カエデ",
        {
            "P-113": _promise("K-14", end=date(2026, 6, 30), why_ended="replaced", goes_on_as="P-114"),
            "P-114": _promise("K-10", date(2026, 7, 1)),
        },
        NOVEMBER,
        day=2,
    ),
    "S-113": Sponsor(
        "Shion",
        "シオン",
        {"P-115": _promise("K-13", end=date(2026, 3, 31), why_ended="child_left")},
        date(2026, 3, 1),
        day=9,
    ),
    "S-114": Sponsor("Hikari", "ヒカリ", {"P-116": _promise("K-11")}, after(NOVEMBER, -1), day=21),
}


def donor_of(sponsor: str) -> str:
    return sponsor.replace("S-", "D-")


def add(book: Book) -> None:
    for code, sponsor in SPONSORS.items():
        _add_sponsor(book, code, sponsor)
    for code, sponsor in SPONSORS.items():
        for promise_code, promise in sponsor.promises.items():
            _add_promise(book, code, promise_code, promise)


def _add_sponsor(book: Book, code: str, sponsor: Sponsor) -> None:
    email = address(sponsor.name.split("-")[0]) if sponsor.email else None
    book.add(
        "Donors",
        code=donor_of(code),
        kind=sponsor.kind,
        name=sponsor.name,
        name_kana=sponsor.kana,
        country="JP",
    )
    book.add(
        "Sponsors",
        code=code,
        name=sponsor.name,
        donor=donor_of(code),
        email=email,
        language=sponsor.language,
        user=email if sponsor.has_log_in else None,
        no_reminders_since=sponsor.no_reminders_since,
    )


def _add_promise(book: Book, sponsor: str, code: str, promise: Promise) -> None:
    book.add(
        "Sponsorships",
        code=code,
        sponsor=sponsor,
        child=promise.child,
        started_on=promise.start,
        ended_on=promise.end,
        end_reason=promise.why_ended,
        replaced_by=promise.goes_on_as,
    )
    for month, amount in promise.rates:
        book.add(
            "Sponsorship rates", sponsorship=code, from_month=f"{month:%Y-%m}", amount=amount, currency="JPY"
        )
    if promise.pause:
        first, last, reason = promise.pause
        book.add("Pauses", sponsorship=code, days__first=first, days__last=last, reason=reason)
    for month in MONTHS[:-1]:
        if amount := promise.due(month):
            book.add("Dues", sponsorship=code, month=f"{month:%Y-%m}", amount=amount, currency="JPY")


def payments() -> Iterator[tuple[date, str, Sponsor, int]]:
    """Day, code of the sponsor, sponsor, yen."""
    for code, sponsor in SPONSORS.items():
        for month in MONTHS[:: sponsor.every]:
            amount = sum(sponsor.due(after(month, number)) for number in range(sponsor.every))
            if amount and month <= sponsor.paid_until:
                yield month.replace(day=sponsor.day), code, sponsor, amount
        for day, amount in sponsor.extra:
            yield day, code, sponsor, amount
