"""Test 5, through the pages: many requests at once on connections that are kept, as in production.

The app's own filters are off, so that only the database's policies stand between two people. The threads'
connections begin as nobody's and are never reset between requests. `urlpatterns` adds one public page that
shows the codes of whatever shelters the database shows to whoever asks.
"""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse

from accounts.gate import public
from core.identity import SETTING, Scope, sealed
from foster.models.dues import DueQuerySet
from foster.models.sponsorships import ChildQuerySet, SponsorQuerySet, SponsorshipQuerySet
from foster.models.updates import ChildUpdateQuerySet
from lfnkr.urls import urlpatterns as pages
from shelters.models import Shelter, ShelterQuerySet
from tests import factories as f
from tests.middleware import nobody
from tests.proof import scale

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.proof.test_05_requests")]

CONNECTIONS = 8
OF_A_CONTROL = 120  # enough for some to leak
REQUESTS = scale.of(2_000, 120)
HALVES = ("WILLOW", "MAPLE")  # long enough to stand in no token by chance


@public
def codes(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(" ".join(Shelter.objects.values_list("code", flat=True)))


urlpatterns = [path("codes/", codes, name="codes"), *pages]


@dataclass(frozen=True)
class Asked:
    """One kind of request: who asks for what, what comes back, and whose half it shows ("": nobody's)."""

    who: str
    address: str
    status: int
    half: str


@pytest.fixture
def asked(request) -> list[Asked]:
    """Two of everything, each with the half that it belongs to in its name, and who asks for it."""
    get = request.getfixturevalue
    for child, half in (("momo", "WILLOW"), ("taro", "MAPLE")):
        get(child).called = f"Child of {half}"
        get(child).save()
    found = [Asked("", "/codes/", 200, ""), Asked("", reverse("shelters:list"), 302, "")]
    for half, worker, parent in (("WILLOW", "hana", "momos_sponsor"), ("MAPLE", "jin", "taros_sponsor")):
        sponsor = get(parent)
        news = f.ChildUpdateFactory(
            child=sponsor.sponsorships.get().child, title=f"News from {half}", published=True
        )
        mine, other = (get(name.lower()).uuid for name in (half, *(set(HALVES) - {half})))
        player = "yuki" if half == "WILLOW" else "daichi"
        found += [
            Asked(worker, reverse("shelters:list"), 200, half),
            Asked(worker, reverse("shelters:stock", args=[mine]), 200, half),
            Asked(worker, reverse("shelters:stock", args=[other]), 404, ""),
            Asked(worker, reverse("foster:near"), 200, half),
            Asked(player, reverse("foster:portal"), 200, half),
            Asked(player, reverse("foster:update", args=[news.uuid]), 200, half),
        ]
    return found


@pytest.fixture
def without_filters(monkeypatch) -> None:
    """Every filter of the app lets everything through, for whoever asks."""
    querysets = (
        ShelterQuerySet, ChildQuerySet, SponsorQuerySet, SponsorshipQuerySet, DueQuerySet, ChildUpdateQuerySet
    )  # fmt: skip
    for queryset in querysets:
        monkeypatch.setattr(queryset, "visible_to", lambda self, _user: self.all())


class Crowd:
    """Threads with one kept connection each, and on each a log-in of everybody who asks."""

    def __init__(self, asked: list[Asked], clients: list[dict[str, Client]]) -> None:
        self.asked, self.clients = asked, clients
        self.kept: set[int] = set()  # the database's processes that answered
        self.seen: Counter[str] = Counter()
        self.wrong: list[str] = []  # somebody else's half
        self.amiss: list[str] = []  # another answer than the right one, or not their own half

    def ask_for_all(self, requests: int) -> None:
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(self._ask_on_one_connection, range(CONNECTIONS), repeat(requests // CONNECTIONS)))

    def _ask_on_one_connection(self, number: int, requests: int) -> None:
        connection.ensure_connection()
        with connection.cursor() as cursor:  # once, before the first request: nobody's
            cursor.execute("SELECT set_config(%s, '', false)", [SETTING])
        chance = random.Random(number)
        try:
            for _request in range(requests):
                self._ask(chance.choice(self.asked), self.clients[number])
                self.kept.add(connection.connection.info.backend_pid)
        finally:
            connection.close()

    def _ask(self, asked: Asked, clients: dict[str, Client]) -> None:
        answer = clients[asked.who].get(asked.address)
        body = answer.content.decode()
        self.seen[asked.half] += 1
        told = f"{asked.who or 'nobody'} at {asked.address}: {answer.status_code}"
        self.wrong += [f"{told} {half}" for half in HALVES if half != asked.half and half in body]
        if answer.status_code != asked.status or (asked.half and asked.half not in body):
            self.amiss.append(told)


@pytest.fixture
def crowd(asked, without_filters, as_user, request, settings, monkeypatch) -> Crowd:
    # Nothing of the tests' own between the requests, and connections as long-lived as in production.
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("tests.")]
    monkeypatch.setitem(connection.settings_dict, "CONN_MAX_AGE", 600)

    def client_of(who: str) -> Client:
        no_raise = {"raise_request_exception": False}  # an error is an answer here
        return as_user(request.getfixturevalue(who), **no_raise) if who else Client(**no_raise)

    clients = [{who: client_of(who) for who in {one.who for one in asked}} for _each in range(CONNECTIONS)]
    return Crowd(asked, clients)


def test_mixed_requests_on_kept_connections_never_run_as_somebody_else(crowd, tally):
    crowd.ask_for_all(REQUESTS)
    assert crowd.wrong == []
    assert crowd.amiss == []
    assert len(crowd.kept) == CONNECTIONS  # none was closed in between
    assert all(crowd.seen[half] for half in (*HALVES, ""))
    tally(
        f"test 05: {crowd.seen.total()} mixed requests on {len(crowd.kept)} kept connections, filters off, "
        f"{len(crowd.wrong)} answers with somebody else's rows"
    )


def of_the_session(user, *, scope=Scope.OWN) -> None:
    """It outlives its transaction; the next person's takes its place, nobody's does not."""
    if user is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, sealed(str(user.pk), scope)])


def of_the_first(user, *, scope=Scope.OWN) -> None:
    """The connection stays with whoever came first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [SETTING])
        if not cursor.fetchone()[0]:
            of_the_session(user, scope=scope)


@pytest.mark.parametrize("keep", [of_the_session, of_the_first])
def test_control_an_identity_that_is_kept_leaks_to_the_next_request(keep, crowd, monkeypatch, tally):
    monkeypatch.setattr("accounts.gate.act_as", keep)
    crowd.ask_for_all(OF_A_CONTROL)
    assert crowd.wrong
    tally(
        f"test 05: control, an identity {keep.__name__.replace('_', ' ')}: of {crowd.seen.total()} answers "
        f"{len(crowd.wrong)} with somebody else's rows"
    )


def test_control_without_filters_and_without_identity_everything_is_shown(
    asked, without_filters, as_user, hana
):
    """Control: what is not shown above is kept back by the database alone."""
    address = reverse("shelters:list")
    assert "MAPLE" not in as_user(hana).get(address).content.decode()
    assert set(HALVES) <= set(
        Shelter.objects.values_list("code", flat=True)
    )  # the tests' own connection: all
    with nobody():
        assert not Shelter.objects.exists()
