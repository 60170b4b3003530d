"""Each rule about people, broken past the services: the database itself refuses."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.enums import RoleName
from tests.factories import RevealEntryFactory, RevealRequestFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_user_one_per_email():
    UserFactory(email="hana@example.org")
    with pytest.raises(IntegrityError, match="user_one_per_email"):
        UserFactory(email="Hana@Example.org")


def test_user_nobody_logs_in_as_the_system():
    UserFactory(role=RoleName.SYSTEM, is_active=False)
    with pytest.raises(IntegrityError, match="user_nobody_logs_in_as_the_system"):
        UserFactory(role=RoleName.SYSTEM, is_active=True)


def test_reveal_has_a_purpose():
    with pytest.raises(IntegrityError, match="reveal_has_a_purpose"):
        RevealEntryFactory(purpose="")


def test_reveal_second_is_another(hana):
    with pytest.raises(IntegrityError, match="reveal_second_is_another"):
        RevealEntryFactory(by=hana, second=hana)


@pytest.mark.parametrize("missing", ["second", "request"])
def test_reveal_emergency_has_a_second(missing, hana, aya):
    whole = {"second": aya, "request": RevealRequestFactory(asked_by=hana)}
    with pytest.raises(IntegrityError, match="reveal_emergency_has_a_second"):
        RevealEntryFactory(by=hana, kind="break_glass", **whole | {missing: None})


def test_a_request_serves_one_opening(hana, aya):
    request = RevealRequestFactory(asked_by=hana)
    RevealEntryFactory(by=hana, request=request)
    with pytest.raises(IntegrityError, match="request_id"):
        RevealEntryFactory(by=hana, request=request)


def test_reveal_request_second_is_another(hana):
    with pytest.raises(IntegrityError, match="reveal_request_second_is_another"):
        RevealRequestFactory(asked_by=hana, decided_by=hana, decided_at=timezone.now(), state="agreed")


@pytest.mark.parametrize(
    ("state", "who", "when"),
    [("agreed", False, False), ("agreed", True, False), ("waiting", True, True), ("declined", False, True)],
)
def test_reveal_request_answer_has_who_and_when(state, who, when, aya):
    answer = {"decided_by": aya if who else None, "decided_at": timezone.now() if when else None}
    with pytest.raises(IntegrityError, match="reveal_request_answer_has_who_and_when"):
        RevealRequestFactory(state=state, **answer)


@pytest.mark.parametrize(("state", "used"), [("used", False), ("agreed", True)])
def test_reveal_request_used_has_a_time(state, used, aya):
    times = {"decided_at": timezone.now(), "used_at": timezone.now() if used else None}
    with pytest.raises(IntegrityError, match="reveal_request_used_has_a_time"):
        RevealRequestFactory(state=state, decided_by=aya, **times)


def test_reveal_request_has_a_purpose():
    now = timezone.now()
    for wrong in ({"purpose": ""}, {"asked_at": now, "expires_at": now}):
        with pytest.raises(IntegrityError, match="reveal_request_has_a_purpose"), transaction.atomic():
            RevealRequestFactory(**wrong)


@pytest.mark.parametrize(("kind", "field"), [("forget", "real_name"), ("open", ""), ("break_glass", "")])
def test_reveal_request_names_a_field(kind, field):
    with pytest.raises(IntegrityError, match="reveal_request_names_a_field"):
        RevealRequestFactory(kind=kind, field=field)


def test_reveal_request_one_at_a_time(hana, willow, aya):
    answered = {"decided_by": aya, "decided_at": timezone.now()}
    RevealRequestFactory(of=willow, asked_by=hana, state="declined", **answered)
    RevealRequestFactory(of=willow, asked_by=hana, state="agreed", **answered)
    with pytest.raises(IntegrityError, match="reveal_request_one_at_a_time"):
        RevealRequestFactory(of=willow, asked_by=hana)
