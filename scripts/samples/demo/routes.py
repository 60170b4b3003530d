"""Three routes, one of each regularity, their monthly targets and histories, and what each carried."""

from collections.abc import Iterator
from datetime import date
from random import Random

from scripts.samples.book import Book
from scripts.samples.demo.calendar import MONTHS, TODAY

# Recipient → kind, publishable place, area, people, route, share of the route's food.
RECIPIENTS = {
    "ORPHANAGE-21": ("orphanage", "northern province", "inside", 60, "RN-21", 0.45),
    "HOSPITAL-21": ("hospital", "northern province", "inside", None, "RN-21", 0.3),
    "SCHOOL-21": ("school", "eastern province", "inside", 45, "RN-21", 0.25),
    "ORPHANAGE-22": ("orphanage", "eastern province", "inside", 25, "RR-22", 1.0),
    "HIDING-21": ("children_in_hiding", "mountain area at the border", "shelters", 12, "RT-23", 1.0),
    "HOUSEHOLDS-21": ("households", "northern province", "inside", None, None, 0),
}
# Route → regularity, region, targets (from month, kg a month), months without any delivery.
ROUTES = {
    "RN-21": (
        "regular",
        "northern and eastern province",
        ((date(2025, 9, 1), 800), (date(2026, 4, 1), 1000)),
        (),
    ),
    "RR-22": (
        "irregular",
        "eastern province",
        ((date(2025, 9, 1), 300),),
        (date(2026, 3, 1), date(2026, 4, 1)),
    ),
    "RT-23": ("temporary", "mountain area at the border", ((date(2026, 6, 1), 150),), ()),
}
STATUSES = (
    ("RN-21", "open", date(2019, 3, 1), ""),
    ("RN-21", "at_risk", date(2026, 1, 20), "new guards at the crossing"),
    ("RN-21", "open", date(2026, 2, 15), "another hour of the day"),
    ("RR-22", "open", date(2022, 10, 1), ""),
    ("RR-22", "lost", date(2026, 2, 27), "the carrier did not come back"),
    ("RR-22", "open", date(2026, 5, 4), "a new carrier"),
    ("RR-22", "at_risk", date(2026, 11, 8), "prices asked for passage doubled"),
    ("RT-23", "open", date(2026, 6, 1), "while the children stay in the mountains"),
)
# Route → its way: kind, place or code name, since, until.
SITES = {
    "RN-21": (
        ("depot", "WH-VALLEY", date(2019, 3, 1), None),
        ("crossing", "FORD", date(2019, 3, 1), date(2026, 1, 20)),
        ("crossing", "OTTER", date(2026, 2, 15), None),
        ("hand_over", "HERON", date(2019, 3, 1), None),
        ("recipient", "ORPHANAGE-21", date(2019, 3, 1), None),
        ("recipient", "HOSPITAL-21", date(2021, 5, 1), None),
        ("recipient", "SCHOOL-21", date(2022, 9, 1), None),
    ),
    "RR-22": (
        ("depot", "WH-VALLEY", date(2022, 10, 1), None),
        ("resting", "LARCH", date(2026, 5, 4), None),
        ("recipient", "ORPHANAGE-22", date(2022, 10, 1), None),
    ),
    "RT-23": (
        ("depot", "WH-VALLEY", date(2026, 6, 1), None),
        ("hand_over", "CAIRN", date(2026, 6, 1), None),
        ("recipient", "HIDING-21", date(2026, 6, 1), None),
    ),
}
# Route, from, day of the month, first and last month, item, to, kilograms: what is sent alike each month.
PLANS = (
    ("RR-22", "WH-VALLEY", 12, date(2026, 6, 1), None, "RICE", "ORPHANAGE-22", 150),
    ("RR-22", "WH-VALLEY", 12, date(2026, 6, 1), None, "MAIZE", "ORPHANAGE-22", 100),
    ("RT-23", "WH-VALLEY", 20, date(2026, 6, 1), date(2026, 10, 1), "RICE", "HIDING-21", 75),
)


def add_plans(book: Book) -> None:
    for route, source, day, first, last, item, to, kilograms in PLANS:
        book.add(
            "Standing plans",
            plan__route=route,
            plan__source=source,
            plan__day=day,
            plan__from_month=f"{first:%Y-%m}",
            plan__until_month=last and f"{last:%Y-%m}",
            item=item,
            destination=to,
            quantity=kilograms,
            typed=f"{kilograms / 25:g} × bag of 25 kg",
        )


def add_recipients(book: Book) -> None:
    for number, (code, (kind, place, area, people, *_route)) in enumerate(RECIPIENTS.items(), 1):
        book.add(
            "Recipients",
            code=code,
            kind=kind,
            publishable_place=place,
            area=area,
            people=people,
            disclosure="public",
            real_name=f"Invented House {number}",
            address=f"{number} Sample Road, Nowhere (invented)",
        )


def add_routes(book: Book) -> None:
    for number, (code, (regularity, region, targets, _gap)) in enumerate(ROUTES.items(), 1):
        book.add(
            "Routes",
            kind="food",
            code=code,
            regularity=regularity,
            region=region,
            disclosure="internal",
            drop_points=f"behind the invented mill {number}; at the invented bridge {number}",
        )
        for month, kilograms in targets:
            book.add("Route targets", route=code, from_month=f"{month:%Y-%m}", kilograms_a_month=kilograms)
    for route, sites in SITES.items():
        for position, (kind, site, since, until) in enumerate(sites, 1):
            known = kind in ("depot", "recipient")
            book.add(
                "Route sites",
                route=route,
                key=f"{route}-S{position}",
                position=position,
                kind=kind,
                place=site if known else None,
                name=None if known else site,
                since=since,
                until=until,
                whereabouts=None if known else f"at the invented stone {position} (invented)",
            )
    for route, state, since, cause in STATUSES:
        book.add("Route statuses", route=route, state=state, since=since, cause=cause)


def plan(random: Random) -> Iterator[tuple[date, str, int, str, str]]:
    """Day, item, kilograms, recipient, route: between four fifths of the target and a little above it."""
    for month in MONTHS:
        for recipient, (*_about, route, share) in RECIPIENTS.items():
            if route is None or month in ROUTES[route][3]:
                continue
            target = _target(route, month)
            kilograms = target * share * random.uniform(0.78, 1.04)
            day = month.replace(day=6 + int(random.random() * 16))
            if target and day < TODAY:
                rice = 25 * round(kilograms * 0.6 / 25)
                yield day, "RICE", rice, recipient, route
                yield day, "MAIZE", max(25, 25 * round((kilograms - rice) / 25)), recipient, route


def _target(route: str, month: date) -> int:
    return next((kilograms for since, kilograms in reversed(ROUTES[route][2]) if since <= month), 0)
