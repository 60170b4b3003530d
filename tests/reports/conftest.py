"""A year of an invented NGO, 1 September 2025 – 31 August 2026, with a record behind every figure."""

from datetime import date
from decimal import Decimal

import pytest

from core.fiscal import FiscalYear
from reports.models import Activity
from reports.registry import figure_named
from reports.selectors import Reading, read
from supply.models import Recipient
from tests import factories as make

YEAR = FiscalYear(2026)
SECRETS = (
    "Hidden Lane", "Real Orphanage", "Secret Giver", "Secret Child", "Called By Sponsors", "WILLOW-X",
    "Secret Partner",
)  # fmt: skip


@pytest.fixture
def year() -> FiscalYear:
    return YEAR


@pytest.fixture
def reading(db):
    """`reading("food_inside")`: the figure as the records give it now."""

    def made(key: str, in_year: FiscalYear = YEAR) -> Reading:
        return read(figure_named(key, in_year), in_year)

    return made


def recipient(**values) -> Recipient:
    told = {"real_name": "Real Orphanage", "address": "1 Hidden Lane", "disclosure": "public"}
    return make.RecipientFactory(**told | values)


def deliver(to: Recipient, item, quantity, day: date = date(2026, 1, 15)):
    return make.MovementFactory(
        item=item, quantity=quantity, destination=to.place, occurred_on=day, reason="handed_out"
    )


def log(kind: str, measures: dict | None = None, **values) -> Activity:
    """One line of the activity log with its numbers: name → value, or a dict of the measure's fields."""
    activity = make.ActivityFactory(kind=kind, **{"starts_on": date(2026, 1, 15)} | values)
    for name, value in (measures or {}).items():
        fields = value if isinstance(value, dict) else {"value": Decimal(value)}
        make.MeasureFactory(activity=activity, name=name, **fields)
    return activity


@pytest.fixture
def food(rice, db):
    """5,250.5 kg inside the country, 40 kg to nine children in hiding, 30 kg to a shelter."""
    orphanage = recipient(kind="orphanage", publishable_place="North Province")
    hospital = recipient(kind="hospital", publishable_place="South Province")
    children = recipient(kind="children_in_hiding", area="shelters", publishable_place="the hills", people=9)
    noodles = make.ItemFactory(code="NOODLES", base_unit="g")
    deliver(orphanage, rice, 3000)
    deliver(orphanage, rice, 2000, date(2026, 3, 1))
    deliver(hospital, rice, 250)
    deliver(hospital, noodles, 500)
    deliver(children, rice, 40)
    willow = make.ShelterFactory(code="WILLOW-X", region="border region")
    make.MovementFactory(item=rice, quantity=30, destination=willow.store, occurred_on=date(2026, 2, 2))


@pytest.fixture
def goods(db):
    clinic = recipient(kind="clinic", publishable_place="North Province")
    deliver(clinic, make.ItemFactory(code="KIT", kind="kit", base_unit="kit"), 12)
    deliver(clinic, make.ItemFactory(code="COATS", kind="clothing", base_unit="set"), 7)
    deliver(clinic, make.ItemFactory(code="SOCKS", kind="clothing", base_unit="piece"), 80)
    log("medical", {"cases": 1}, title="An operation", starts_on=date(2026, 5, 5))


@pytest.fixture
def children(db):
    for _ in range(3):
        child = make.ChildFactory(called="Called By Sponsors")
        make.ChildStatusFactory(child=child)
        make.SchoolTermFactory(child=child, funded_on=date(2026, 8, 20))
    make.SponsorshipFactory(child=child)
    make.SponsorshipFactory(started_on=date(2026, 5, 1), child=None)


@pytest.fixture
def activities(db):
    log("rescue", {"people": 2}, milestone="safe_zone", starts_on=date(2026, 2, 1), starts_precision="month")
    log("rescue", {"people": 4}, milestone="safe_zone", starts_on=date(2026, 7, 1), starts_precision="month")
    log("rescue", {"people": 2}, milestone="final_country", is_listed=True, title="Two people entered Japan")
    log("rescue", milestone="started")
    log("resettlement", {"people": 1})
    log("language_term", {"hours": 50}, ordinal=1, funder="an agency", starts_on=date(2025, 12, 20))
    log(
        "language_term", {"hours": {"value": 40, "is_derived": True}}, ordinal=2, funder="own funds",
        is_listed=True, title="Second term concluded", starts_on=date(2026, 6, 30),
    )  # fmt: skip
    log(
        "event", {"NGOs": 30, "nations": 8}, title="A conference", is_listed=True,
        starts_on=date(2025, 9, 30), ends_on=date(2025, 10, 1), publishable_place="Tokyo",
    )  # fmt: skip
    log("advocacy", {"bodies": 5, "NGOs": 6}, title="A petition")
    log("lecture", {"lectures": {"value": None, "qualifier": "not_counted"}})
    log("lecture", {"lectures": 1})
    log("shelter_visit", {"visits": {"value": None, "qualifier": "not_counted"}})
    log("volunteers", {"volunteers": 2, "applications": {"value": 10, "qualifier": "about"}})
    log("volunteers", {"profiles": 1}, title="Someone who translates")
    for day in (date(2025, 9, 1), date(2026, 8, 31), date(2026, 1, 1)):
        log("article", starts_on=day)
    log("article", starts_on=date(2025, 8, 31))
    log("publication")
    log("meeting", ordinal=4, starts_on=date(2025, 10, 9), is_listed=True, title="Fourth general meeting")
    log(
        "meeting", {"guests": 2, "months": 3}, ordinal=5, starts_on=date(2026, 10, 8),
        publishable_place="Tokyo",
    )  # fmt: skip


@pytest.fixture
def partners(db):
    for number in range(12):
        make.PartnerFactory(name=f"Friend {number:02}", country="Spain", may_be_named=True)
    make.PartnerFactory(name="Secret Partner")
    make.PartnerFactory(started_on=date(2020, 1, 1), ended_on=date(2026, 9, 30))


@pytest.fixture
def gifts(db):
    giver = make.DonorFactory(name="Secret Giver")
    for number in range(12):
        make.DonationFactory(
            donor=giver, channel="paypal", received_on=date(2026, 1, 1 + number), gross=Decimal(1000)
        )
    make.DonationFactory(channel="paypal", received_on=date(2026, 4, 1), currency="USD", gross=Decimal(30))
    for day in (date(2025, 8, 31), date(2025, 1, 1)):
        make.DonationFactory(channel="paypal", received_on=day, gross=Decimal(6000))
    make.DonationFactory(channel="bank", received_on=date(2026, 8, 31), gross=Decimal(5000))


@pytest.fixture
def full_year(food, goods, children, activities, partners, gifts):
    make.ExternalStatisticFactory(value=Decimal(4000), qualifier="about", unit="people")
    return YEAR
