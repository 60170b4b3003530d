"""The demo's ledger since September 2025: bought, brought to shelters, eaten, carried over routes, lost.

Rice in the shelters' stores ends at different covers: Maple has two days left, Cedar more than a month. Every
month's purchases are what the month hands on, so warehouses never run below zero.
"""

from collections import defaultdict
from datetime import date, timedelta
from math import ceil
from random import Random

from scripts.samples.book import Book
from scripts.samples.demo.calendar import FIRST_DAY, MONTHS, TODAY, after
from scripts.samples.demo.ledger import Ledger
from scripts.samples.demo.routes import add_plans, add_recipients, add_routes, plan
from scripts.samples.demo.shelters import CLOSED, SHELTERS, eaten, grams_on, heads_on, store
from scripts.samples.shared import LOST, OPENING, USED_UP, add_items, add_sinks

HARBOUR, VALLEY, MARKET, GIVERS = "WH-HARBOUR", "WH-VALLEY", "GRAIN-MARKET", "GIVERS"
KEEPERS = {"WILLOW": "Mei", "CEDAR": "Mei", "ALDER": "Mei", "MAPLE": "Jun", "BIRCH": "Jun", "PINE": "Jun"}
# Days of food in the store on the last day.
COVER = {"WILLOW": 19, "MAPLE": 2, "CEDAR": 41, "BIRCH": 8, "PINE": 26}
# Smallest amount that is brought, and the months between two deliveries.
FOOD = {"RICE": (5, 1), "BEANS": (10, 2), "OIL": (1, 2)}
EATEN_ON = {"RICE": (15, 28), "BEANS": (25,), "OIL": (26,)}
YESTERDAY = TODAY - timedelta(1)
LOTS = (
    ("AMOXI", "A24-07", date(2026, 12, 31)),
    ("AMOXI", "A26-02", date(2028, 3, 31)),
    ("PARACET", "P24-11", date(2026, 12, 15)),
    ("PARACET", "P25-11", date(2027, 11, 30)),
)
# Place, item, at least so much: rice at Maple is below it.
LEVELS = (
    (HARBOUR, "RICE", 50),
    (VALLEY, "WINTERSET", 40),
    ("ST-MAPLE", "RICE", 40),
    ("ST-WILLOW", "RICE", 30),
    ("ST-WILLOW", "AMOXI", 60),
)
LAST_CLOSED = date(2026, 9, 1)


def add(book: Book, random: Random) -> None:
    add_items(
        book,
        (
            "RICE", "MAIZE", "OIL", "BEANS", "WINTERSET", "SUMMERSET", "BLANKET", "SOAP", "AMOXI", "PARACET",
            "MEDKIT",
        ),
    )  # fmt: skip
    add_sinks(book, (USED_UP, LOST, OPENING))
    for code, name, kind in (
        (HARBOUR, "Warehouse Harbour", "warehouse"),
        (VALLEY, "Warehouse Valley", "warehouse"),
        (MARKET, "Grain market", "supplier"),
        (GIVERS, "Givers of goods", "supplier"),
    ):
        book.add("Places", code=code, name=name, kind=kind)
    add_recipients(book)
    add_routes(book)
    add_plans(book)
    for item, code, expires in LOTS:
        book.add("Lots", item=item, code=code, expires_on=expires)
    ledger = Ledger()
    for shelter in SHELTERS:
        for item in FOOD:
            _feed(ledger, shelter, item)
    _close_alder(ledger)
    _carry(ledger, random)
    _buy(ledger)
    _add_goods(ledger)
    ledger.write(book)
    for place, item, minimum in LEVELS:
        book.add("Minimum levels", place=place, item=item, minimum=minimum)
    for month in MONTHS:
        if month <= LAST_CLOSED:
            book.add("Closed months", month=f"{month:%Y-%m}", reason="reported")


# --- shelters -------------------------------------------------------------------------------------------


def _feed(ledger: Ledger, shelter: str, item: str) -> None:
    """Opening stock, then deliveries that last until the next one, and what was eaten, logged as it went."""
    place, logged_until = store(shelter), max(FIRST_DAY, SHELTERS[shelter].opened) - timedelta(1)
    last_day = CLOSED - timedelta(1) if shelter == "ALDER" else YESTERDAY
    step, months = FOOD[item]
    if logged_until < FIRST_DAY:
        opening = _rounded_up(eaten(item, shelter, FIRST_DAY, FIRST_DAY + timedelta(20)), step)
        ledger.move(FIRST_DAY, item, opening, OPENING, place, "opening", KEEPERS[shelter])
    for number, month in enumerate(MONTHS):
        if month > last_day or after(month, 1) <= SHELTERS[shelter].opened:
            continue
        if number % months == 0 or month == MONTHS[-1]:
            _bring(ledger, shelter, item, month, number + months, last_day)
        for day in (month.replace(day=day) for day in EATEN_ON[item]):
            day = min(day, last_day)
            if day > logged_until:
                quantity = eaten(item, shelter, logged_until + timedelta(1), day)
                ledger.move(day, item, quantity, place, USED_UP, "used", KEEPERS[shelter])
                logged_until = day
    if logged_until < last_day:
        quantity = eaten(item, shelter, logged_until + timedelta(1), last_day)
        ledger.move(last_day, item, quantity, place, USED_UP, "used", KEEPERS[shelter])


def _bring(ledger: Ledger, shelter: str, item: str, month: date, next_number: int, last_day: date) -> None:
    """Enough to last until some days after the next delivery; in the last month, for the cover wanted."""
    day = month.replace(day=4 + list(SHELTERS).index(shelter))
    place, step = store(shelter), FOOD[item][0]
    eaten_since = ledger.first_unlogged(place, item, max(FIRST_DAY, SHELTERS[shelter].opened))
    is_last = next_number >= len(MONTHS)
    until = last_day if is_last else min(last_day, MONTHS[next_number].replace(day=14))
    wanted = eaten(item, shelter, eaten_since, until)
    if is_last and item == "RICE":
        wanted += COVER.get(shelter, 0) * heads_on(shelter, TODAY) * grams_on(item, shelter, TODAY) / 1000
    elif is_last:
        wanted += 12 * heads_on(shelter, TODAY) * grams_on(item, shelter, TODAY) / 1000
    missing = _rounded_up(wanted - ledger.stock(place, item), step)
    if missing > 0:
        ledger.move(day, item, missing, HARBOUR, place, "delivered", KEEPERS[shelter])


def _rounded_up(quantity: float, step: int) -> int:
    return ceil(round(quantity, 3) / step) * step


def _close_alder(ledger: Ledger) -> None:
    """What lay there when the house was given up went back to the warehouse."""
    for item in FOOD:
        left = ledger.stock(store("ALDER"), item)
        if left > 0:
            ledger.move(CLOSED, item, left, store("ALDER"), HARBOUR, "transfer", "Mei")


# --- routes and purchases -------------------------------------------------------------------------------


def _carry(ledger: Ledger, random: Random) -> None:
    for day, item, quantity, recipient, route in plan(random):
        ledger.move(day, item, quantity, VALLEY, recipient, "handed_out", "Sora", route=route)


def _buy(ledger: Ledger) -> None:
    """On the 2nd of a month, what the month hands on and a little more, in whole bags."""
    bag = {"RICE": 25, "MAIZE": 25, "BEANS": 10, "OIL": 16.5}
    handed_on: dict[tuple[date, str, str], float] = defaultdict(float)
    for row in list(ledger.rows):
        if row.source in (HARBOUR, VALLEY) and row.item in bag:
            handed_on[row.day.replace(day=1), row.source, row.item] += row.quantity
    for (month, warehouse, item), quantity in sorted(handed_on.items()):
        bags = ceil((quantity + 15 - min(15, ledger.spare[warehouse, item])) / bag[item])
        ledger.spare[warehouse, item] += bags * bag[item] - quantity
        ledger.move(month.replace(day=2), item, bags * bag[item], MARKET, warehouse, "bought", "Sora")


# --- clothing, medicine, mishaps ------------------------------------------------------------------------


def _add_goods(ledger: Ledger) -> None:
    """Day, item, quantity, from, to, reason, who, lot, document."""
    _add_clothing(ledger)
    _buy_medicine(ledger)
    _add_medicine(ledger)
    _add_mishaps(ledger)


def _add_clothing(ledger: Ledger) -> None:
    winter = {"WILLOW": (9, "Mei"), "MAPLE": (10, "Jun"), "CEDAR": (5, "Mei"), "BIRCH": (14, "Jun")}
    for year in (2025, 2026):
        received = date(year, 10, 18)
        for item, count in (("WINTERSET", 120), ("BLANKET", 90)):
            ledger.move(received, item, count, GIVERS, VALLEY, "given", "Sora", document="autumn collection")
        for shelter, (heads, keeper) in winter.items():
            day = date(year, 11, 3)
            ledger.move(day, "WINTERSET", heads, VALLEY, store(shelter), "delivered", keeper)
            ledger.move(day, "BLANKET", heads, VALLEY, store(shelter), "delivered", keeper)
            _give(ledger, date(year, 11, 9), "WINTERSET", heads - 1, shelter, keeper, "winter")
        ledger.move(
            date(year, 11, 12), "WINTERSET", 60, VALLEY, "HOUSEHOLDS-21", "handed_out", "Sora", route="RN-21"
        )
    ledger.move(
        date(2026, 5, 6), "SUMMERSET", 40, GIVERS, VALLEY, "given", "Sora", document="spring collection"
    )
    for shelter, heads, keeper in (("WILLOW", 6, "Mei"), ("MAPLE", 7, "Jun")):
        ledger.move(date(2026, 5, 20), "SUMMERSET", heads, VALLEY, store(shelter), "delivered", keeper)
        _give(ledger, date(2026, 6, 3), "SUMMERSET", heads, shelter, keeper, "summer")


def _give(ledger: Ledger, day: date, item: str, sets: int, shelter: str, keeper: str, season: str) -> None:
    ledger.move(day, item, sets, store(shelter), USED_UP, "handed_out", keeper, season=season)


def _buy_medicine(ledger: Ledger) -> None:
    for day, item, lot, quantity in (
        (date(2025, 9, 20), "AMOXI", "A24-07", 600),
        (date(2025, 9, 20), "PARACET", "P24-11", 100),
        (date(2025, 12, 5), "PARACET", "P25-11", 2000),
        (date(2026, 3, 11), "AMOXI", "A26-02", 800),
    ):
        ledger.move(day, item, quantity, MARKET, VALLEY, "bought", "Sora", lot=lot)


def _add_medicine(ledger: Ledger) -> None:
    for shelter, keeper in (("WILLOW", "Mei"), ("MAPLE", "Jun"), ("BIRCH", "Jun")):
        place = store(shelter)
        for day, item, lot, quantity in (
            (date(2026, 1, 12), "AMOXI", "A24-07", 120),
            (date(2026, 1, 12), "PARACET", "P24-11", 30),
            (date(2026, 1, 12), "PARACET", "P25-11", 200),
            (date(2026, 7, 6), "AMOXI", "A26-02", 100),
        ):
            ledger.move(day, item, quantity, VALLEY, place, "delivered", keeper, lot=lot)
        for month in (2, 4, 6, 8, 10):
            ledger.move(date(2026, month, 20), "PARACET", 30, place, USED_UP, "used", keeper, lot="P25-11")
        ledger.move(date(2026, 3, 2), "AMOXI", 42, place, USED_UP, "used", keeper, lot="A24-07")
    for day, item, quantity, where, keeper, lot, case in (
        (date(2026, 9, 14), "AMOXI", 21, "WILLOW", "Mei", "A26-02", "M-22"),
        (date(2026, 10, 5), "PARACET", 20, "MAPLE", "Jun", "P25-11", "M-25"),
    ):
        ledger.move(day, item, quantity, store(where), USED_UP, "handed_out", keeper, lot=lot, case=case)
    ledger.move(
        date(2026, 6, 15),
        "AMOXI",
        200,
        VALLEY,
        "HOSPITAL-21",
        "handed_out",
        "Sora",
        lot="A24-07",
        route="RN-21",
    )
    for day, kits in ((date(2025, 11, 20), 60), (date(2026, 4, 17), 80), (date(2026, 10, 16), 50)):
        ledger.move(day - timedelta(9), "MEDKIT", kits + 10, MARKET, VALLEY, "bought", "Sora")
        ledger.move(day, "MEDKIT", kits, VALLEY, "HOUSEHOLDS-21", "handed_out", "Sora", route="RN-21")
    for month in (1, 5, 9):
        ledger.move(date(2026, month, 8), "SOAP", 192, GIVERS, HARBOUR, "given", "Sora")
        for shelter in ("WILLOW", "MAPLE", "CEDAR", "BIRCH"):
            ledger.move(
                date(2026, month, 13), "SOAP", 40, HARBOUR, store(shelter), "delivered", KEEPERS[shelter]
            )
            ledger.move(date(2026, month, 27), "SOAP", 33, store(shelter), USED_UP, "used", KEEPERS[shelter])


def _add_mishaps(ledger: Ledger) -> None:
    """Lost goods are bought beside the plan, so that covers and purchases stay as they are."""
    for day, item, quantity, reason, document in (
        (date(2025, 12, 18), "RICE", 50, "taken", "stopped at a checkpoint on the way"),
        (date(2026, 2, 27), "MAIZE", 75, "lost", "the carrier of RR-22 did not come back"),
        (date(2026, 7, 19), "RICE", 25, "spoiled", "wet in the rains"),
        (date(2026, 10, 29), "BEANS", 10, "spoiled", "weevils"),
    ):
        ledger.move(day - timedelta(3), item, quantity, MARKET, VALLEY, "bought", "Sora")
        ledger.move(day, item, quantity, VALLEY, LOST, reason, "Sora", document=document)
    ledger.move(
        date(2026, 8, 11), "BLANKET", 2, store("BIRCH"), LOST, "lost", "Jun", document="left behind in haste"
    )
    ledger.move(
        date(2026, 11, 16), "SOAP", 4, store("MAPLE"), LOST, "spoiled", "Jun", document="the roof leaks"
    )
