"""Test 13: a log-in that is ended is dead at its next request, in whatever way it is ended."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services
from accounts.entry import devices
from accounts.models import Device, User
from tests import factories
from tests.entering import PASSWORD, come_in, forget_used_codes, is_in, passkey_of, with_app
from tests.proof import scale

EACH = scale.of(20, 3)  # log-ins a way: 10 × 20 = 200
NEW = {"password1": "another quite long password", "password2": "another quite long password"}


def first(clients: list[Client]) -> Client:
    return clients[0]


def _change(**values) -> Callable:
    def act(hana: User, aya: User, clients: list[Client]) -> None:
        now = {"role": hana.role, "is_active": True} | values
        services.change_log_in(by=aya, person=hana, reason="proof", **now)

    return act


def _each_by_itself(hana: User, aya: User, clients: list[Client]) -> None:
    for device in Device.objects.filter(user=hana):
        services.end_device(by=aya, device=device)


def _password(hana: User, aya: User, clients: list[Client]) -> None:
    address = reverse("account_change_password")
    assert first(clients).post(address, {"oldpassword": PASSWORD} | NEW).status_code == 302


def _lived(**ago: timedelta) -> Callable:
    def act(hana: User, aya: User, clients: list[Client]) -> None:
        now = timezone.now()
        Device.objects.filter(user=hana).update(**{field: now - age for field, age in ago.items()})

    return act


# How it is ended, and whether the log-in from which it was done stays.
WAYS: dict[str, tuple[Callable, bool]] = {
    "each by itself": (_each_by_itself, False),
    "all of a person": (lambda hana, aya, _: services.log_out_everywhere(by=aya, person=hana), False),
    "all others": (
        lambda hana, aya, clients: first(clients).post(reverse("accounts:end_other_devices")),
        True,
    ),
    "closed": (_change(is_active=False), False),
    "another role": (_change(role="auditor"), False),
    "password changed": (_password, True),
    "factor added": (lambda hana, aya, clients: passkey_of(hana, first(clients)), True),
    "started over": (
        lambda hana, aya, _: services.start_over(by=aya, person=hana, reason="proof", now=timezone.now()),
        False,
    ),
    "idle": (_lived(began_at=timedelta(hours=1), seen_at=timedelta(minutes=10)), False),
    "twelve hours": (_lived(began_at=timedelta(hours=12), seen_at=timedelta(0)), False),
}


def logged_in(as_user: Callable, hana: User, number: int) -> list[Client]:
    clients = [as_user(hana) for _number in range(number)]
    assert all(map(is_in, clients))
    return clients


def test_dead_at_the_next_request(as_user, hana, aya, tally):
    dead = asked = 0
    slowest = 0.0
    for act, stays in WAYS.values():
        User.objects.filter(pk=hana.pk).update(role="field_staff", is_active=True)
        hana = User.objects.get(pk=hana.pk)
        hana.set_password(PASSWORD)
        hana.save()
        clients = logged_in(as_user, hana, EACH + stays)
        act(hana, aya, clients)
        ended = clients[1:] if stays else clients
        for client in ended:
            began = time.perf_counter()
            dead += not is_in(client)
            slowest = max(slowest, time.perf_counter() - began)
        asked += len(ended)
        if stays:
            assert is_in(first(clients))
        services.log_out_everywhere(by=aya, person=hana)
    tally(f"test 13: {asked} log-ins ended in {len(WAYS)} ways, {dead} dead at the next request")
    tally(f"test 13: the slowest of these requests took {slowest * 1000:.0f} ms")
    assert dead == asked == EACH * len(WAYS)
    assert slowest < 1


def test_nothing_of_an_ended_log_in_stays_in_the_database(as_user, hana, aya, tally):
    clients = logged_in(as_user, hana, EACH)
    keys = [client.session.row_key for client in clients]
    services.log_out_everywhere(by=aya, person=hana)
    assert not Session.objects.filter(pk__in=keys).exists()
    assert not Device.objects.filter(user=hana).exists()
    tally(f"test 13: {len(keys)} session rows gone with their log-ins")


def test_one_statement_ends_them_however_many(as_user, hana, aya, django_assert_max_num_queries):
    logged_in(as_user, hana, 2)
    factories.DeviceFactory.create_batch(50, user=hana)
    with django_assert_max_num_queries(10):
        services.log_out_everywhere(by=aya, person=hana)


def test_every_log_in_has_an_id_of_its_own(hana, tally):
    with_app(hana)
    ids = set()
    for _time in range(EACH):
        client = Client()
        client.get(reverse("account_passkey"))
        ids.add(client.session.row_key)
        forget_used_codes(hana)
        come_in(client, hana)
        assert is_in(client)
        ids.add(client.session.row_key)
    assert len(ids) == 2 * EACH
    tally(f"test 13: {EACH} log-ins, each under a new session id")


# --- controls: what this would not be without ------------------------------------------------------------


@pytest.fixture
def cached_sessions(settings):
    settings.SESSION_ENGINE = "tests.proof.cached_sessions"


@pytest.fixture
def without_the_check(monkeypatch):
    """A session counts by itself, whatever became of its device."""
    monkeypatch.setattr(devices, "_admit", lambda request: None)


@pytest.fixture
def without_the_count(monkeypatch):
    """A session does not say under which count of ended log-ins it began."""
    monkeypatch.setattr(User, "_get_session_auth_hash", lambda self, secret=None: "the same for all")


def still_in(as_user: Callable, hana: User, aya: User) -> int:
    clients = logged_in(as_user, hana, EACH)
    services.log_out_everywhere(by=aya, person=hana)
    return sum(map(is_in, clients))


def test_control_a_cached_engine_without_the_check_lets_them_in(
    cached_sessions, without_the_check, without_the_count, as_user, hana, aya, tally
):
    alive = still_in(as_user, hana, aya)
    tally(f"test 13, control: cached sessions without our check: {alive} of {EACH} still in")
    assert alive == EACH


WALLS = ("cached_sessions", "without_the_check", "without_the_count")


@pytest.mark.parametrize("wall", WALLS)
def test_each_of_the_three_walls_holds_alone(wall, as_user, hana, aya, request):
    for other in WALLS:
        if other != wall:
            request.getfixturevalue(other)
    assert still_in(as_user, hana, aya) == 0


def test_control_without_the_check_nobody_is_ever_idle(without_the_check, as_user, hana, aya):
    clients = logged_in(as_user, hana, EACH)
    WAYS["idle"][0](hana, aya, clients)
    assert sum(map(is_in, clients)) == EACH
