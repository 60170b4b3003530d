"""Test 13, of lock-downs: each session of a person or a shelter is dead at its next request.

Four walls stand behind one another: the session's row is gone; the session no longer matches the person's
count of ended log-ins; the person is asked for together with whether they may still be here; a closed log-in
has no right. Each holds alone. Without all of them the sessions live: the test would see it.
"""

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.entry import devices
from accounts.entry.backends import NotLockedDown
from accounts.models import User
from accounts.services import devices as ended
from core.identity import Scope, acting_as
from shelters.models import Posting, Shelter, ShelterLockDown
from shelters.services import lock_down_shelter
from tests import factories as f
from tests import sessions
from tests.proof import scale

SESSIONS = scale.of(200, 20)
PAGE = reverse("accounts:me")


def sessions_of(person: User, number: int) -> list[Client]:
    clients = [Client() for _ in range(number)]
    for client in clients:
        sessions.enter(client, person)
    return clients


def alive(clients: list[Client]) -> int:
    return sum(client.get(PAGE).status_code == 200 for client in clients)


def test_a_person_locked_down_is_out_at_the_next_request(hana, sora, tally):
    clients, others = sessions_of(hana, SESSIONS), sessions_of(sora, 3)
    assert alive(clients) == SESSIONS
    services.lock_down(by=sora, person=hana, reason="arrested")
    left = alive(clients)
    tally(f"test 13: lock-down of a person: {left} of {SESSIONS} sessions left at their next request")
    assert (left, alive(others)) == (0, 3)


def test_a_shelter_locked_down_takes_everybody_there_out(willow, sora, tally):
    people = f.UserFactory.create_batch(scale.of(20, 4))
    for person in people:
        f.PostingFactory(user=person, shelter=willow)
    clients = [client for person in people for client in sessions_of(person, scale.of(10, 2))]
    assert alive(clients) == len(clients)
    lock_down_shelter(by=sora, shelter=willow, reason="raid")
    left = alive(clients)
    tally(f"test 13: lock-down of a shelter: {left} of {len(clients)} sessions of {len(people)} people left")
    assert left == 0


def test_a_panic_ends_all_of_ones_own(hana, sora, tally):
    clients, others = sessions_of(hana, SESSIONS), sessions_of(sora, 3)
    clients[0].post(reverse("accounts:panic"))
    left = alive(clients)
    tally(f"test 13: panic: {left} of {SESSIONS} sessions left at their next request")
    assert (left, alive(others)) == (0, 3)


# --- each wall alone, and none of them ------------------------------------------------------------------


@pytest.fixture
def without(monkeypatch):
    """Takes walls away, by their names in WALLS."""

    def take_away(*walls: str) -> None:
        if "rows" in walls:
            monkeypatch.setattr(devices, "_admit", lambda request: None)
            monkeypatch.setattr(ended, "_end", lambda devices: 0)
        if "count" in walls:
            monkeypatch.setattr(User, "_get_session_auth_hash", lambda self, secret=None: "the same for all")
        if "asking" in walls:
            by_key = lambda self, key: User.objects.get(pk=key)  # noqa: E731
            monkeypatch.setattr(NotLockedDown, "get_user", by_key)
        if "rights" in walls:
            monkeypatch.setattr(User, "may", lambda self, right: right in self.rights)

    return take_away


WALLS = ("rows", "count", "asking", "rights")


def locked_with(without, hana, sora, *gone: str) -> int:
    """How many sessions live on with these walls taken away."""
    without(*gone)
    clients = sessions_of(hana, 5)
    assert alive(clients) == 5
    services.lock_down(by=sora, person=hana, reason="arrested")
    return alive(clients)


@pytest.mark.parametrize("wall", WALLS)
def test_each_wall_holds_alone(without, hana, sora, wall):
    assert locked_with(without, hana, sora, *(other for other in WALLS if other != wall)) == 0


def test_without_the_walls_the_sessions_live(without, hana, sora, tally):
    """The control: what the tests above look at would show it."""
    left = locked_with(without, hana, sora, *WALLS)
    tally(f"test 13: control, walls taken away: {left} of 5 sessions live")
    assert left == 5


# --- the rows of lock-downs, as the database guards them --------------------------------------------------


def test_why_a_shelter_was_locked_down_is_told_to_no_sponsor_and_to_nobody_outside(hana, yuki, otto, willow):
    f.ShelterLockDownFactory(shelter=willow, note="the landlord was questioned")
    for person, shown in ((hana, 1), (otto, 1), (yuki, 0), (None, 0)):
        with acting_as(person):
            assert ShelterLockDown.objects.count() == shown


@pytest.mark.parametrize("kind", ["person", "shelter"])
def test_a_lock_down_is_signed_by_its_author_and_lifted_by_an_administrator(
    kind, hana, sora, yuki, aya, willow
):
    subject = {"person": f.UserFactory(is_active=False)} if kind == "person" else {"shelter": willow}
    make = f.LockDownFactory if kind == "person" else f.ShelterLockDownFactory
    for person, author in ((yuki, yuki), (hana, sora)):  # a sponsor; another's name
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(person):
            make(by=author, **subject)
    with acting_as(hana):
        lock = make(by=hana, **subject)
    end = {"lifted_at": timezone.now(), "lifted_by": hana, "lift_reason": "a friend"}
    for person, lifted in ((hana, 0), (sora, 0), (None, 0), (aya, 1)):
        with acting_as(person):
            assert type(lock).objects.filter(pk=lock.pk).update(**end) == lifted


def test_a_shelter_locked_down_is_gone_for_field_staff_by_the_database_alone(willow, hana, sora, aya):
    with acting_as(hana):
        assert Shelter.objects.filter(pk=willow.pk).exists()
    lock = f.ShelterLockDownFactory(shelter=willow, by=sora)
    with acting_as(hana):
        assert not Shelter.objects.filter(pk=willow.pk).exists()
    services.lift(by=aya, lock=lock, action="shelters.lock_down_lifted", subject=willow, reason="over")
    with acting_as(hana):
        assert Shelter.objects.filter(pk=willow.pk).exists()


def test_the_wider_sight_for_a_lock_down_is_the_staffs_alone(willow, maple, yuki, hana, kenji):
    for person, sees in ((yuki, 0), (hana, 2), (kenji, 2)):
        with acting_as(person, scope=Scope.LOCK_DOWN):
            assert (Shelter.objects.count(), Posting.objects.count()) == (sees, sees)
