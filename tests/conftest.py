"""The cast: named people in named shelters, and the real database and Redis they live in."""

import os
import uuid
from datetime import date

import pytest
from django.test import Client, TransactionTestCase
from django.utils import translation

from accounts.enums import RoleName
from accounts.models import User
from core.identity import run_as_system
from tests import database, factories, sessions
from tests.network import block_the_world

# One database and cache a run, so that two runs on one machine do not meet.
RUN = os.environ.get("TEST_RUN", uuid.uuid4().hex[:8])
TEST_DATABASE = f"test_{RUN}"

pytest_plugins = ["tests.journeys"]

block_the_world()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    with django_db_blocker.unblock():
        # A test sets up as the system; a request acts as its user alone (tests/middleware.py).
        run_as_system()
        database.create(TEST_DATABASE)
        # Django would TRUNCATE as the app's role, which may not.
        TransactionTestCase._fixture_teardown = lambda self: database.empty(TEST_DATABASE)
    yield
    with django_db_blocker.unblock():
        database.drop(TEST_DATABASE)


@pytest.fixture(autouse=True)
def _own_cache(settings):
    """A prefix a test: rate limits and counters of one test do not reach the next."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"KEY_PREFIX": uuid.uuid4().hex}}


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    """Around each request there is no identity but the one that the gate takes on."""
    settings.MIDDLEWARE = ["tests.middleware.nobody_before_the_gate", *settings.MIDDLEWARE]


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _static_files_when_asked_for(settings):
    """Each test client starts the app anew: to look through all files each time took a tenth of the run."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def _in_english():
    """A request leaves its language active in the thread; the next test begins in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def today() -> date:
    from django.utils import timezone

    return timezone.localdate()


# --- people ------------------------------------------------------------------------------------------


@pytest.fixture
def hana(db) -> User:
    """Field staff, posted to Willow."""
    return factories.UserFactory(name="Hana", role=RoleName.FIELD_STAFF)


@pytest.fixture
def jin(db) -> User:
    """Field staff, posted to Maple, a stranger at Willow."""
    return factories.UserFactory(name="Jin", role=RoleName.FIELD_STAFF)


@pytest.fixture
def sora(db) -> User:
    return factories.UserFactory(name="Sora", role=RoleName.SUPPLY_COORDINATOR)


@pytest.fixture
def miki(db) -> User:
    return factories.UserFactory(name="Miki", role=RoleName.FOSTER_OFFICER)


@pytest.fixture
def ren(db) -> User:
    """A second foster officer: clears what Miki writes."""
    return factories.UserFactory(name="Ren", role=RoleName.FOSTER_OFFICER)


@pytest.fixture
def kenji(db) -> User:
    return factories.UserFactory(name="Kenji", role=RoleName.FINANCE_OFFICER)


@pytest.fixture
def aya(db) -> User:
    return factories.UserFactory(name="Aya", role=RoleName.ADMINISTRATOR)


@pytest.fixture
def otto(db) -> User:
    return factories.UserFactory(name="Otto", role=RoleName.AUDITOR)


@pytest.fixture
def yuki(db) -> User:
    """A foster parent: Momo's sponsor."""
    return factories.UserFactory(name="Yuki", role=RoleName.SPONSOR, language="en")


@pytest.fixture
def daichi(db) -> User:
    """Another foster parent, a stranger to Momo."""
    return factories.UserFactory(name="Daichi", role=RoleName.SPONSOR, language="en")


# --- places ------------------------------------------------------------------------------------------


@pytest.fixture
def willow(hana):
    """A shelter with Hana posted to it."""
    shelter = factories.ShelterFactory(code="WILLOW", region="border region")
    factories.PostingFactory(user=hana, shelter=shelter)
    return shelter


@pytest.fixture
def maple(jin):
    shelter = factories.ShelterFactory(code="MAPLE", region="coast")
    factories.PostingFactory(user=jin, shelter=shelter)
    return shelter


@pytest.fixture
def rice(db):
    item = factories.ItemFactory(code="RICE", name="Rice", name_ja="米", base_unit="kg", kind="food")
    factories.PackFactory(item=item, name="bag of 25 kg", quantity=25)
    return item


@pytest.fixture
def stocked(willow, rice, today):
    """Willow with 100 kg of rice since ten days ago."""
    factories.receive(willow.store, rice, 100, days_ago=10)
    return willow


# --- children and sponsors ---------------------------------------------------------------------------


@pytest.fixture
def momo(willow):
    return factories.ChildFactory(code="C-01", called="Momo", shelter=willow)


@pytest.fixture
def taro(maple):
    return factories.ChildFactory(code="C-02", called="Taro", shelter=maple)


@pytest.fixture
def momos_sponsor(yuki, momo):
    sponsor = factories.SponsorFactory(code="S-01", user=yuki, email=yuki.email, language="en")
    factories.SponsorshipFactory(code="P-01", sponsor=sponsor, child=momo)
    return sponsor


@pytest.fixture
def taros_sponsor(daichi, taro):
    sponsor = factories.SponsorFactory(code="S-02", user=daichi, email=daichi.email, language="en")
    factories.SponsorshipFactory(code="P-02", sponsor=sponsor, child=taro)
    return sponsor


# --- the web -----------------------------------------------------------------------------------------


@pytest.fixture
def as_user():
    """`as_user(hana)` is a client logged in as Hana, with a second factor and just now.

    `enrolled=False`: staff who have not set one up. `fresh=False`: long enough ago to be asked again.
    """

    def log_in(user: User, *, enrolled: bool = True, fresh: bool = True, **options) -> Client:
        client = Client(**options)
        sessions.enter(client, user, enrolled=enrolled, fresh=fresh)
        return client

    return log_in
