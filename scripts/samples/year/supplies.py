"""50 t of food to orphanages and hospitals in two provinces, food for 20 children in hiding, 600 kits.

The quantity for the children in hiding was not published: 400 g of rice a child and day are assumed, and the
rows are marked as reconstructed. It stands apart from the 50 t.
"""

from calendar import monthrange
from datetime import date
from random import Random

from scripts.samples.book import Book
from scripts.samples.shared import LOST, USED_UP, add_items, add_sinks, shares

WAREHOUSE, SUPPLIER = "Y12-WAREHOUSE", "Y12-SUPPLIERS"
HIDDEN = "Y12-HIDDEN"
HIDDEN_ROUTE = "Y12-03"
HIDDEN_CHILDREN, GRAMS_A_DAY = 20, 400
FOOD_KILOGRAMS, KITS = 50_000, 600
BAG = 25
MONTHS = [date(2011 + (month > 12), (month - 1) % 12 + 1, 1) for month in range(9, 21)]
RYANGGANG, NORTH_HAMGYONG = "Ryanggang", "North Hamgyong"
# Code → kind, publishable province, route.
HOMES = {
    "Y12-R-ORPH-1": ("orphanage", RYANGGANG, "Y12-01"),
    "Y12-R-ORPH-2": ("orphanage", RYANGGANG, "Y12-01"),
    "Y12-R-HOSP-1": ("hospital", RYANGGANG, "Y12-01"),
    "Y12-N-ORPH-1": ("orphanage", NORTH_HAMGYONG, "Y12-02"),
    "Y12-N-ORPH-2": ("orphanage", NORTH_HAMGYONG, "Y12-02"),
    "Y12-N-HOSP-1": ("hospital", NORTH_HAMGYONG, "Y12-02"),
    "Y12-N-HOSP-2": ("hospital", NORTH_HAMGYONG, "Y12-02"),
}
HOUSEHOLDS = "Y12-HOUSEHOLDS"
# A mark for readers, in sheets whose records keep no note.
RECONSTRUCTED = {"_reconstructed": True}
KIT_MONTHS = (MONTHS[1], MONTHS[4], MONTHS[7], MONTHS[10])


def add(book: Book, random: Random) -> None:
    add_items(book, ("RICE", "MAIZE", "MEDKIT"))
    add_sinks(book, (USED_UP, LOST))  # nothing of this year's went there, but a ledger has them
    book.add("Places", code=WAREHOUSE, name="Store abroad, fiscal year 2012", kind="warehouse")
    book.add("Places", code=SUPPLIER, name="Sellers of food and medicine", kind="supplier")
    _add_routes(book)
    _add_recipients(book)
    food = shares(FOOD_KILOGRAMS // BAG, len(MONTHS) * len(HOMES), random)
    kits = shares(KITS, len(KIT_MONTHS), random, spread=0.1)
    for number, month in enumerate(MONTHS):
        first = number * len(HOMES)
        _add_food(book, month, food[first : first + len(HOMES)])
        _add_hidden_food(book, month)
        if month in KIT_MONTHS:
            _add_kits(book, month, kits[KIT_MONTHS.index(month)])


def _add_routes(book: Book) -> None:
    routes = (
        ("Y12-01", "regular", RYANGGANG),
        ("Y12-02", "regular", NORTH_HAMGYONG),
        (HIDDEN_ROUTE, "irregular", "China, mountain area at the border"),
    )
    for code, regularity, region in routes:
        book.add("Routes", kind="food", code=code, regularity=regularity, region=region, **RECONSTRUCTED)
        cause = "[reconstructed] neither code nor days of the routes are published"
        book.add("Route statuses", route=code, state="open", since=MONTHS[0], cause=cause)


def _add_recipients(book: Book) -> None:
    for code, (kind, province, _route) in HOMES.items():
        _add_recipient(book, code, "S003-038", kind, province, "inside", **RECONSTRUCTED)
    _add_recipient(book, HOUSEHOLDS, "S003-043", "households", "North Korea", "inside", **RECONSTRUCTED)
    border = "China, mountain area at the border"
    _add_recipient(book, HIDDEN, "S003-039", "children_in_hiding", border, "shelters", people=HIDDEN_CHILDREN)


def _add_recipient(
    book: Book, code: str, fact: str, kind: str, place: str, area: str, **values: object
) -> None:
    book.add(
        "Recipients",
        code=code,
        kind=kind,
        publishable_place=place,
        area=area,
        disclosure="public",
        _fact=fact,
        **values,
    )


def _add_food(book: Book, month: date, bags: list[int]) -> None:
    """Bought on the 3rd, handed over between the 8th and the 20th: two fifths maize, the rest rice."""
    document = "S003-037, S003-038"
    maize = [2 * count // 5 for count in bags]
    rice = [count - part for count, part in zip(bags, maize, strict=True)]
    for item, counts in (("RICE", rice), ("MAIZE", maize)):
        _move(book, month.replace(day=3), item, sum(counts) * BAG, SUPPLIER, WAREHOUSE, "bought", document)
    for number, (home, (_kind, _place, route)) in enumerate(HOMES.items()):
        day = month.replace(day=8 + 2 * number)
        for item, counts in (("RICE", rice), ("MAIZE", maize)):
            kilograms = counts[number] * BAG
            _move(book, day, item, kilograms, WAREHOUSE, home, "handed_out", document, route)


def _add_hidden_food(book: Book, month: date) -> None:
    days = monthrange(month.year, month.month)[1]
    kilograms = HIDDEN_CHILDREN * GRAMS_A_DAY * days / 1000
    document = "S003-039; quantity not published: 400 g a child and day assumed"
    _move(book, month.replace(day=3), "RICE", kilograms, SUPPLIER, WAREHOUSE, "bought", document)
    _move(
        book, month.replace(day=5), "RICE", kilograms, WAREHOUSE, HIDDEN, "handed_out", document, HIDDEN_ROUTE
    )


def _add_kits(book: Book, month: date, kits: int) -> None:
    document = "S003-043"
    _move(book, month.replace(day=4), "MEDKIT", kits, SUPPLIER, WAREHOUSE, "bought", document)
    _move(
        book, month.replace(day=22), "MEDKIT", kits, WAREHOUSE, HOUSEHOLDS, "handed_out", document, "Y12-01"
    )


def _move(
    book: Book,
    day: date,
    item: str,
    quantity: float,
    source: str,
    destination: str,
    reason: str,
    document: str,
    route: str | None = None,
) -> None:
    number = 1 + len(book.rows["Movements"])
    book.add(
        "Movements",
        key=f"Y12-M{number:04}",
        occurred_on=day,
        item=item,
        quantity=quantity,
        source=source,
        destination=destination,
        reason=reason,
        route=route,
        document__reconstructed=True,
        document=document,
    )
