"""Six shelters under the names of trees, who stays in them, and what a person is given a day.

Maple has more people than places, Cedar is at risk, Alder is closed, and at Birch people are only counted.
Willow, Cedar and Birch lie in another time zone than the office.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from scripts.samples.book import Book
from scripts.samples.demo.calendar import FIRST_DAY, after, days_ago
from scripts.samples.demo.people import address

FURTHER_WEST = "Asia/Shanghai"
CLOSED = date(2026, 5, 31)  # nobody has slept at Alder since the night before


@dataclass(frozen=True)
class Shelter:
    kind: str
    region: str
    capacity: int
    blocked: int
    opened: date
    closed: date | None = None
    time_zone: str = "Asia/Tokyo"

    def is_open_on(self, day: date) -> bool:
        return self.opened <= day and (self.closed is None or day < self.closed)


SHELTERS = {
    "WILLOW": Shelter("shelter", "border region", 12, 0, date(2019, 4, 1), time_zone=FURTHER_WEST),
    "MAPLE": Shelter("shelter", "coast", 9, 1, date(2021, 9, 15)),
    "CEDAR": Shelter("shelter", "border region", 10, 0, date(2020, 6, 1), time_zone=FURTHER_WEST),
    "BIRCH": Shelter("hut", "mountain region", 16, 0, date(2023, 5, 10), time_zone=FURTHER_WEST),
    "PINE": Shelter("retreat", "south", 6, 0, date(2026, 2, 1)),
    "ALDER": Shelter("shelter", "coast", 8, 0, date(2018, 3, 1), CLOSED),
}
STATUSES = (
    ("WILLOW", "open", date(2019, 4, 1), ""),
    ("MAPLE", "open", date(2021, 9, 15), ""),
    ("CEDAR", "open", date(2020, 6, 1), ""),
    ("CEDAR", "at_risk", date(2026, 2, 12), "strangers asked in the neighbourhood"),
    ("CEDAR", "open", date(2026, 3, 20), "quiet for a month"),
    ("CEDAR", "at_risk", date(2026, 11, 10), "papers checked twice in one week"),
    ("BIRCH", "open", date(2023, 5, 10), ""),
    ("PINE", "open", date(2026, 2, 1), ""),
    ("ALDER", "open", date(2018, 3, 1), ""),
    ("ALDER", "exposed", date(2026, 5, 24), "the landlord was questioned"),
    ("ALDER", "closed", CLOSED, "everybody has moved on"),
)
# Resident → birth year, sex, origin, needs, stays: shelter, arrived and left so many days ago (None: still
# there).
RESIDENTS = {
    "R-101": (1961, "female", "North Hamgyong", "knee: no stairs", [("WILLOW", 410, None)]),
    "R-102": (1988, "female", "North Hamgyong", "", [("ALDER", 480, 177), ("WILLOW", 177, None)]),
    "R-103": (2014, "male", "North Hamgyong", "child of R-102", [("ALDER", 480, 177), ("WILLOW", 177, None)]),
    "R-104": (1979, "male", "Ryanggang", "insulin, twice a day", [("WILLOW", 230, None)]),
    "R-105": (1995, "female", "South Hamgyong", "", [("WILLOW", 96, None)]),
    "R-106": (2025, "female", "", "baby food, nappies", [("WILLOW", 96, None)]),
    "R-107": (2001, "female", "Ryanggang", "speaks some Chinese", [("CEDAR", 300, 40), ("WILLOW", 40, None)]),
    "R-108": (1970, "male", "Chagang", "glasses", [("WILLOW", 33, None)]),
    "R-109": (1999, "male", "North Hamgyong", "", [("WILLOW", 12, None)]),
    "R-110": (1983, "female", "North Hamgyong", "", [("MAPLE", 350, None)]),
    "R-111": (2011, "female", "", "child of R-110; school books", [("MAPLE", 350, None)]),
    "R-112": (2016, "male", "", "child of R-110", [("MAPLE", 350, None)]),
    "R-113": (
        1966,
        "female",
        "Ryanggang",
        "blood pressure tablets",
        [("ALDER", 400, 178), ("MAPLE", 178, None)],
    ),
    "R-114": (1990, "male", "South Pyongan", "", [("MAPLE", 120, None)]),
    "R-115": (1992, "female", "South Pyongan", "expects a child in February", [("MAPLE", 120, None)]),
    "R-116": (2003, "male", "North Hamgyong", "", [("MAPLE", 61, None)]),
    "R-117": (2005, "male", "North Hamgyong", "", [("MAPLE", 61, None)]),
    "R-118": (1975, "female", "Kangwon", "no peanuts", [("MAPLE", 20, None)]),
    "R-119": (2009, "female", "Kangwon", "with R-118", [("MAPLE", 20, None)]),
    "R-120": (1958, "male", "North Hamgyong", "hard of hearing", [("CEDAR", 395, None)]),
    "R-121": (1986, "female", "Ryanggang", "", [("CEDAR", 210, None)]),
    "R-122": (2018, "female", "", "child of R-121; milk", [("CEDAR", 210, None)]),
    "R-123": (1997, "male", "North Hamgyong", "dressing on the left foot", [("CEDAR", 75, None)]),
    "R-124": (2000, "female", "North Hamgyong", "", [("CEDAR", 18, None)]),
    "R-125": (1980, "male", "South Hamgyong", "", [("MAPLE", 200, 55), ("PINE", 55, None)]),
    "R-126": (1994, "female", "South Hamgyong", "", [("PINE", 30, None)]),
    "R-127": (1972, "female", "Ryanggang", "", [("ALDER", 500, 250)]),
    "R-128": (1998, "male", "North Hamgyong", "", [("ALDER", 420, 190), ("CEDAR", 190, 100)]),
    "R-129": (2002, "female", "Chagang", "", [("WILLOW", 380, 140)]),
    "R-130": (2004, "female", "Chagang", "", [("WILLOW", 380, 140)]),
    "R-131": (1985, "male", "North Pyongan", "", [("CEDAR", 330, 205)]),
    "R-132": (1991, "female", "North Hamgyong", "", [("MAPLE", 280, 90)]),
    "R-133": (1977, "male", "South Hamgyong", "", [("PINE", 240, 66)]),
    "R-134": (2007, "male", "Ryanggang", "", [("PINE", 150, 66)]),
}
# How the last stay ended; who is at another shelter afterwards has moved there.
OUTCOMES = {
    "R-128": "arrested",
    "R-129": "safe_country",
    "R-130": "safe_country",
    "R-131": "returned",
    "R-132": "safe_country",
    "R-133": "returned",
    "R-134": "safe_country",
}
# Expected: resident, shelter, first and last night from today. The first two move on from Maple.
EXPECTED = (
    ("R-116", "PINE", 20, 90),
    ("R-117", "PINE", 20, 90),
    ("R-135", "WILLOW", 12, None),
    ("R-136", "WILLOW", 12, None),
)
NEWCOMERS = {
    "R-135": (1993, "female", "North Hamgyong", "with a child"),
    "R-136": (2020, "male", "", "child of R-135"),
}
COUNTED = "BIRCH"
# Grams a person and day: item, shelter or all, grams, from.
RATIONS = (
    ("RICE", None, 350, date(2024, 9, 1)),
    ("RICE", None, 400, date(2026, 4, 1)),
    ("RICE", "PINE", 450, date(2026, 2, 1)),
    ("OIL", None, 25, date(2024, 9, 1)),
    ("BEANS", None, 60, date(2024, 9, 1)),
)


def store(shelter: str) -> str:
    return f"ST-{shelter}"


def add(book: Book) -> None:
    for number, (code, shelter) in enumerate(SHELTERS.items(), 1):
        _add_shelter(book, number, code, shelter)
    for code, state, since, reason in STATUSES:
        book.add("Shelter statuses", shelter=code, state=state, since=since, reason=reason)
    for number, (code, (*about, stays)) in enumerate(RESIDENTS.items(), 1):
        _add_resident(book, number, code, *about)
        for turn, (shelter, arrived, left) in enumerate(stays, 1):
            is_last = turn == len(stays)
            book.add(
                "Stays",
                resident=code,
                shelter=shelter,
                nights__first=days_ago(arrived),
                nights__last=None if left is None else days_ago(left),
                outcome=None if left is None else OUTCOMES.get(code, "unknown") if is_last else "moved",
            )
    for number, (code, about) in enumerate(NEWCOMERS.items(), 1 + len(RESIDENTS)):
        _add_resident(book, number, code, *about)
    for code, shelter, arrives, leaves in EXPECTED:
        book.add(
            "Stays",
            resident=code,
            shelter=shelter,
            nights__first=days_ago(-arrives),
            leaves_on=None if leaves is None else days_ago(-leaves),
            is_planned=True,
        )
    for day in head_count_days():
        book.add("Head counts", shelter=COUNTED, counted_on=day, people=_counted_on(day), by=address("Jun"))
    for item, code, grams, since in RATIONS:
        book.add("Rations", item=item, shelter=code, grams=grams, valid_from=since)


def _add_shelter(book: Book, number: int, code: str, shelter: Shelter) -> None:
    book.add(
        "Shelters",
        code=code,
        kind=shelter.kind,
        region=shelter.region,
        time_zone=shelter.time_zone,
        capacity=shelter.capacity,
        blocked_places=shelter.blocked,
        opened_on=shelter.opened,
        closed_on=shelter.closed,
        store=store(code),
        address=f"{number} Nowhere Lane, Sampleton (invented)",
        map_point=f"0.00{number}, 0.00{number} (invented)",
        contact=f"+00 000 000 00{number} (invented)",
        disclosure="internal",
    )


def _add_resident(
    book: Book, number: int, code: str, birth_year: int, sex: str, origin: str, needs: str
) -> None:
    book.add(
        "Residents",
        code=code,
        birth_year=birth_year,
        sex=sex,
        origin=origin,
        needs=needs,
        real_name=f"Invented Person {number:02}",
    )


def head_count_days() -> list[date]:
    return [after(FIRST_DAY, month) + timedelta(2) for month in range(15)] + [days_ago(4)]


def _counted_on(day: date) -> int:
    """Between 11 and 14: fewer in summer, 14 at the end."""
    return 14 if day >= days_ago(4) else 11 + (day.month + day.year) % 3


def heads_on(shelter: str, day: date) -> int:
    """How many people stay in the night that begins on this day."""
    if shelter == COUNTED:
        known = [count_day for count_day in head_count_days() if count_day <= day]
        return _counted_on(known[-1] if known else FIRST_DAY)
    return sum(
        there == shelter and days_ago(arrived) <= day and (left is None or day < days_ago(left))
        for *_about, stays in RESIDENTS.values()
        for there, arrived, left in stays
    )


def grams_on(item: str, shelter: str, day: date) -> int:
    """The ration in force: a shelter's own goes before the one for all."""
    rules = [rule for rule in RATIONS if rule[0] == item and rule[3] <= day and rule[1] in (shelter, None)]
    return max(rules, key=lambda rule: (rule[1] is not None, rule[3]))[2]


def eaten(item: str, shelter: str, first: date, last: date) -> float:
    """Kilograms at the ration from the first to the last day, both inside."""
    days = (first + timedelta(number) for number in range((last - first).days + 1))
    return sum(heads_on(shelter, day) * grams_on(item, shelter, day) for day in days) / 1000
