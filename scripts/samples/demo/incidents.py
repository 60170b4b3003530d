"""What befell the demo's shelters and routes: each with people, some with payments and a change of state."""

from dataclasses import dataclass, field
from datetime import date

from scripts.samples.book import Book
from scripts.samples.demo.people import address
from scripts.samples.demo.shelters import CLOSED


@dataclass(frozen=True)
class Incident:
    """`people`: who → how many, how exact. `payments`: value, upper value, how exact, payer, fund.

    `effects`: day and state. `told`: day, step, what is sealed.
    """

    kind: str
    on: str  # as exactly as known
    who: str
    people: dict[str, tuple[int | None, str]]
    told: tuple[tuple[date, str, str], ...]
    shelter: str | None = None
    route: str | None = None
    payments: tuple[tuple[int | None, int | None, str, str, str | None], ...] = ()
    effects: tuple[tuple[date, str], ...] = field(default=())


INCIDENTS = {
    "I-21": Incident(
        "exposure",
        "2026-05-24",
        "Mei",
        {"residents": (3, "exact")},
        (
            (date(2026, 5, 24), "recorded", "the invented landlord was asked about his guests"),
            (date(2026, 5, 31), "moved", "everybody sleeps elsewhere"),
            (date(2026, 6, 14), "over", ""),
        ),
        shelter="ALDER",
        effects=((date(2026, 5, 24), "exposed"), (CLOSED, "closed")),
    ),
    "I-22": Incident(
        "arrest",
        "2026-02-27",
        "Sora",
        {"helpers": (1, "exact"), "others": (None, "not_counted")},
        (
            (date(2026, 2, 27), "recorded", "the invented carrier Wren did not come back"),
            (date(2026, 3, 9), "lawyer", "an invented lawyer asked at the station"),
            (date(2026, 4, 20), "paid", ""),
            (date(2026, 4, 22), "released", "Wren is with the family"),
        ),
        route="RR-22",
        payments=(
            (8000, 10000, "range", "the carrier's family", None),
            (3000, None, "about", "K-21", "GENERAL"),
        ),
        effects=((date(2026, 2, 27), "lost"), (date(2026, 5, 4), "open")),
    ),
    "I-23": Incident(
        "fine",
        "2026-11",
        "Mei",
        {"residents": (2, "exact")},
        (
            (date(2026, 11, 9), "recorded", "two were asked for papers at the invented market"),
            (date(2026, 11, 9), "paid", "paid on the spot"),
        ),
        shelter="CEDAR",
        payments=((400, None, "exact", "shelter's cash", "GENERAL"),),
        effects=((date(2026, 11, 10), "at_risk"),),
    ),
    "I-24": Incident(
        "extortion",
        "2026-10-17",
        "Jun",
        {"staff": (1, "exact")},
        (
            (date(2026, 10, 17), "recorded", "somebody asked for money at the invented door"),
            (date(2026, 10, 18), "mistake", "it was the invented gas man"),
        ),
        shelter="MAPLE",
    ),
}


def add(book: Book) -> None:
    for code, incident in INCIDENTS.items():
        _add(book, code, incident)


def _add(book: Book, code: str, incident: Incident) -> None:
    book.add(
        "Incidents",
        code=code,
        kind=incident.kind,
        shelter=incident.shelter,
        route=incident.route,
        starts_on=incident.on,
        by=address(incident.who),
    )
    for kind, (value, qualifier) in incident.people.items():
        book.add("People of incidents", incident=code, kind=kind, value=value, qualifier=qualifier)
    for number, (value, upper, qualifier, payer, fund) in enumerate(incident.payments, 1):
        book.add(
            "Payments of incidents",
            key=f"{code}-P{number}",
            incident=code,
            value=value,
            value_upper=upper,
            qualifier=qualifier,
            currency="CNY",
            payer=payer,
            paid_from=fund,
        )
    place = "shelter_status" if incident.shelter else "route_status"
    for day, state in incident.effects:
        book.add("Effects of incidents", incident=code, **{f"{place}__since": day, f"{place}__state": state})
    for number, (day, step, words) in enumerate(incident.told, 1):
        book.add(
            "Incident timeline",
            key=f"{code}-N{number}",
            incident=code,
            happened_on=day,
            step=step,
            note=words,
            by=address(incident.who),
        )
