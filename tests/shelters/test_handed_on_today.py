"""Who came today and is handed on at once: hidden from here on, and still named where they were."""

import uuid

import pytest
from django.urls import reverse

from shelters.models import Evacuation, EvacuationPerson, Stay
from tests import factories as f
from tests.shelters.test_evacuations import text_of

# What was taken back in the same transaction is still theirs to write: each page has one of its own here.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def phone(as_user, hana, willow):
    return as_user(hana)


@pytest.fixture
def newcomer(phone, willow, today):
    """At Willow since today."""
    phone.post(
        reverse("shelters:arrive", args=[willow.uuid]),
        {"key": str(uuid.uuid4()), "day": today.isoformat(), "sex": "unknown"},
    )
    return Stay.objects.select_related("resident").get()


@pytest.fixture
def to_maple(maple, today):
    return {
        "key": str(uuid.uuid4()), "day": today.isoformat(), "outcome": "moved", "to": "elsewhere",
        "to_code": "maple",
    }  # fmt: skip


@pytest.fixture
def begun(phone, willow, newcomer):
    told = {"reason": "a raid next door", "key": str(uuid.uuid4())}
    phone.post(reverse("shelters:evacuate", args=[willow.uuid]), told)
    return Evacuation.objects.get()


def test_a_form_sent_again_gets_the_first_answer_said_once(phone, newcomer, to_maple, willow, maple, today):
    code, address = newcomer.resident.code, reverse("shelters:leave", args=[newcomer.uuid])
    phone.get(reverse("shelters:stock", args=[willow.uuid]))  # says that they are written down
    assert [phone.post(address, to_maple).status_code for _time in range(3)] == [302, 302, 302]
    page = text_of(phone.get(reverse("shelters:stock", args=[willow.uuid])))
    assert page.count(f"{code} is expected there now.") == 1
    assert Stay.objects.expected().get().shelter == maple
    other = to_maple | {"key": str(uuid.uuid4())}
    for wrong in (other, to_maple | {"key": "x"}):
        assert phone.post(address, wrong).status_code == 404


def test_a_stranger_gets_no_answer_for_the_key_of_another(phone, as_user, newcomer, to_maple, jin):
    address = reverse("shelters:leave", args=[newcomer.uuid])
    assert phone.post(address, to_maple).status_code == 302
    assert as_user(jin).post(address, to_maple).status_code == 404


def test_an_evacuation_names_who_came_today_and_where_they_went(phone, begun, newcomer, to_maple, willow):
    long_here = f.StayFactory(resident=f.ResidentFactory(code="X-1"), shelter=willow)
    for stay in (newcomer, long_here):
        address = reverse("shelters:send_on", args=[begun.uuid, stay.uuid])
        sent = to_maple | {"key": str(uuid.uuid4())}
        assert [phone.post(address, sent).status_code for _time in range(2)] == [302, 302]
    page = text_of(phone.get(reverse("shelters:evacuation", args=[begun.uuid])))
    for stay in (newcomer, long_here):
        assert page.count(f"{stay.resident.code} moved to another shelter → MAPLE") == 1
    assert EvacuationPerson.objects.count() == 2


def test_the_code_is_the_residents_whatever_is_written(begun, newcomer):
    person = f.EvacuationPersonFactory(evacuation=begun, stay=newcomer, code="SOMEBODY ELSE")
    person.refresh_from_db()
    assert person.code == newcomer.resident.code
