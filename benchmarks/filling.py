"""Some thousand rows in every register, straight into the tables."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import Model

from accounts.enums import RoleName
from accounts.models import User
from benchmarks.harness import say
from donations.models import Donation, Donor, Fund
from foster.models import Child, Sponsor, Sponsorship, SponsorshipRate
from shelters.models import Posting, Shelter, ShelterStatus
from supply.enums import PlaceKind
from supply.models import Item, Movement, Place
from tests import factories

FEW, MANY = 5_000, 100_000
BATCH = 5_000
FIRST = date(2020, 1, 1)


def _kept(model: type[Model], rows: Iterable[Model]) -> list[Any]:
    """Insert the rows a batch at a time."""
    say(f"Filling {model.__name__} …")
    left, done = iter(rows), []
    while batch := list(islice(left, BATCH)):
        done += model._default_manager.bulk_create(batch)
    return done


def fill() -> dict[str, User]:
    """The registers, and the people who will read them: {"finance": …, "sponsor": …}."""
    readers = {
        "field": factories.UserFactory(name="Hana", role=RoleName.FIELD_STAFF),
        "supply": factories.UserFactory(name="Sora", role=RoleName.SUPPLY_COORDINATOR),
        "foster": factories.UserFactory(name="Miki", role=RoleName.FOSTER_OFFICER),
        "finance": factories.UserFactory(name="Kenji", role=RoleName.FINANCE_OFFICER),
        "auditor": factories.UserFactory(name="Otto", role=RoleName.AUDITOR),
        "sponsor": factories.UserFactory(name="Yuki", role=RoleName.SPONSOR),
    }
    shelters = _fill_shelters(readers["field"])
    _fill_movements(readers["supply"], shelters)
    donors = _kept(Donor, (Donor(code=f"D-{n:06}", name=f"Donor {n}") for n in range(MANY)))
    fund = factories.FundFactory()
    _kept(Donation, _donations(donors, fund))
    _fill_children(readers["sponsor"], shelters, donors)
    return readers


def _fill_shelters(field: User) -> list[Shelter]:
    places = (Place(code=f"ST-{n:05}", name=f"Store {n}", kind=PlaceKind.STORE) for n in range(FEW))
    stores = _kept(Place, places)
    shelters = _kept(
        Shelter,
        (
            Shelter(code=f"S-{n:05}", region="coast", capacity=12, opened_on=FIRST, store=store)
            for n, store in enumerate(stores)
        ),
    )
    _kept(ShelterStatus, (ShelterStatus(shelter=one, state="open", since=FIRST) for one in shelters))
    for shelter in shelters[:3]:
        factories.PostingFactory(user=field, shelter=shelter)
    others = User.objects.create(name="Jin", email="jin@example.org", role=RoleName.FIELD_STAFF)
    always = factories.PostingFactory.days
    _kept(Posting, (Posting(user=others, shelter=one, days=always) for one in shelters[3:1_000]))
    return shelters


def _fill_movements(by: User, shelters: list[Shelter]) -> None:
    items = [factories.ItemFactory(code=f"ITEM{n}") for n in range(80)]
    giver = factories.sink(PlaceKind.SUPPLIER)
    _kept(Movement, _movements(by, items, giver, [shelter.store for shelter in shelters[:50]]))


def _movements(by: User, items: list[Item], giver: Place, stores: list[Place]) -> Iterator[Movement]:
    for number in range(MANY):
        yield Movement(
            item=items[number % len(items)],
            quantity=10,
            source=giver,
            destination=stores[number % len(stores)],
            reason="bought",
            occurred_on=FIRST + timedelta(days=number % 2_000),
            by=by,
        )


def _donations(donors: list[Donor], fund: Fund) -> Iterator[Donation]:
    for number in range(MANY):
        yield Donation(
            code=f"G-{number:06}",
            donor=donors[number % len(donors)],
            received_on=FIRST + timedelta(days=number % 2_000),
            channel="bank",
            currency="JPY",
            gross=15_000,
            fee=0,
            net=15_000,
            yen=15_000,
            fund=fund,
        )


def _fill_children(user: User, shelters: list[Shelter], donors: list[Donor]) -> None:
    children = _kept(
        Child,
        (
            Child(code=f"C-{n:05}", called=f"Child {n}", birth_year=2016, shelter=shelters[n % len(shelters)])
            for n in range(FEW)
        ),
    )
    sponsors = _kept(
        Sponsor,
        (
            Sponsor(
                code=f"F-{n:05}",
                name=f"Sponsor {n}",
                donor=donors[n],
                user=None if n else user,
                language="ja",
            )
            for n in range(FEW)
        ),
    )
    pairs = zip(sponsors, children, strict=True)
    sponsorships = _kept(
        Sponsorship,
        (
            Sponsorship(code=f"P-{n:05}", sponsor=sponsor, child=child, started_on=FIRST)
            for n, (sponsor, child) in enumerate(pairs)
        ),
    )
    rates = (SponsorshipRate(sponsorship=one, from_month=FIRST, amount=15_000) for one in sponsorships)
    _kept(SponsorshipRate, rates)
