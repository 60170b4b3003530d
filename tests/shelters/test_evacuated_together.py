"""One answer for several people who leave an exposed shelter."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils.formats import date_format

from shelters.models import Evacuation, EvacuationPerson, Stay
from tests import factories as f
from tests.shelters.test_evacuations import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def guests(willow, today):
    nights = DateRange(today - timedelta(days=10), None)
    made = [f.ResidentFactory(code=f"X-{number}") for number in (1, 2, 3)]
    return [f.StayFactory(resident=one, shelter=willow, nights=nights) for one in made]


@pytest.fixture
def begun(as_user, hana, guests, willow):
    told = {"reason": "police", "key": str(uuid.uuid4())}
    as_user(hana).post(reverse("shelters:evacuate", args=[willow.uuid]), told)
    return Evacuation.objects.get()


@pytest.fixture
def go(as_user, hana, begun, today):
    def post(stays, **values):
        people = [str(stay.uuid) for stay in stays]
        told = {"people": people, "day": today.isoformat(), "key": str(uuid.uuid4())} | values
        return as_user(hana).post(reverse("shelters:send_several_on", args=[begun.uuid]), told, follow=True)

    return post


def under_roofs(today):
    return sorted(Stay.objects.on(today).values_list("resident__code", "shelter__code"))


def test_all_who_are_chosen_go_to_ones_other_shelter_once(go, guests, hana, today):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    key = str(uuid.uuid4())
    for _time in range(2):
        page = text_of(go(guests[:2], outcome="moved", to=str(oak.uuid), key=key))
        assert "X-1 moved to another shelter → OAK" in page
        assert "X-2 moved to another shelter → OAK" in page
    assert under_roofs(today) == [("X-1", "OAK"), ("X-2", "OAK"), ("X-3", "WILLOW")]
    assert EvacuationPerson.objects.count() == 2


def test_all_who_are_chosen_are_handed_on_by_code(go, guests, maple):
    go(guests, outcome="moved", to="elsewhere", to_code="maple")
    assert Stay.objects.expected().filter(shelter=maple).count() == 3


def test_where_no_shelter_has_the_code_nobody_goes(go, guests, today):
    page = go(guests, outcome="moved", to="elsewhere", to_code="NOWHERE")
    assert (page.status_code, "No shelter has this code." in text_of(page)) == (422, True)
    assert len(under_roofs(today)) == 3
    assert not EvacuationPerson.objects.exists()


def test_nobody_goes_where_one_cannot(go, guests, hana, today):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    f.ShelterStatusFactory(shelter=oak, state="exposed", since=today)
    page = go(guests, outcome="moved", to=str(oak.uuid))
    assert (page.status_code, "nobody arrives there" in text_of(page)) == (422, True)
    assert len(under_roofs(today)) == 3


def test_somebody_of_another_shelter_is_not_of_them(go, guests, maple, today):
    foreign = f.StayFactory(shelter=maple, nights=DateRange(today, None))
    page = go([guests[0], foreign], outcome="arrested")
    assert (page.status_code, "One of them is not there any more." in text_of(page)) == (422, True)
    assert not EvacuationPerson.objects.exists()


def test_who_chooses_nobody_is_told_so_also_when_others_have_gone(go, guests, today):
    go(guests[:1], outcome="unknown")
    page = go([], outcome="unknown")
    assert (page.status_code, "Choose who goes." in text_of(page)) == (422, True)
    assert len(under_roofs(today)) == 2


def test_who_goes_is_told_with_what_they_need(as_user, hana, begun, guests):
    guests[1].resident.needs = "child of X-1"
    guests[1].resident.save(update_fields=["needs"])
    page = as_user(hana).get(reverse("shelters:send_several_on", args=[begun.uuid]))
    assert "X-2 · child of X-1" in text_of(page)


def test_who_went_by_another_page_stands_there_too(as_user, hana, begun, guests, go, today):
    """Taken in at the other shelter by their code, or written out at the door: they were there."""
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    for name, record, told in (
        ("come_back", oak, {"code": "X-1"}),
        ("leave", guests[1], {"outcome": "arrested"}),
    ):
        told |= {"day": today.isoformat(), "key": str(uuid.uuid4())}
        as_user(hana).post(reverse(f"shelters:{name}", args=[record.uuid]), told)
    go(guests[2:], outcome="unknown")
    long_before = DateRange(today - timedelta(days=9), today - timedelta(days=2))
    f.StayFactory(
        resident=f.ResidentFactory(code="X-9"), shelter=begun.shelter, nights=long_before, outcome="moved"
    )
    shown = text_of(as_user(hana).get(reverse("shelters:evacuation", args=[begun.uuid])))
    assert re.search(r"X-1 moved to another shelter left on .{8,16}, said on another page", shown)
    assert re.search(r"X-2 arrested left on", shown)
    assert shown.count("X-3") == 1
    assert "X-9" not in shown


def test_who_came_on_that_very_day_and_left_by_another_page_stands_there_too(as_user, hana, willow, today):
    """They are counted for the night, so their stay ends tomorrow."""
    resident = f.ResidentFactory(code="X-7")
    stay = f.StayFactory(resident=resident, shelter=willow, nights=DateRange(today, None))
    phone, why = as_user(hana), {"reason": "police", "key": str(uuid.uuid4())}
    phone.post(reverse("shelters:evacuate", args=[willow.uuid]), why)
    told = {"outcome": "arrested", "day": today.isoformat(), "key": str(uuid.uuid4())}
    phone.post(reverse("shelters:leave", args=[stay.uuid]), told)
    begun, address = Evacuation.objects.get(), "shelters:evacuation"
    shown = text_of(phone.get(reverse(address, args=[begun.uuid])))
    assert f"X-7 arrested left on {date_format(today)}, said on another page" in shown
    phone.post(reverse("shelters:finish_evacuation", args=[begun.uuid]))
    assert "X-7 arrested left on" in text_of(phone.get(reverse(address, args=[begun.uuid])))


def test_what_was_taken_back_and_said_anew_by_another_page_is_what_holds(
    as_user, hana, begun, guests, go, today
):
    oak, phone = f.ShelterFactory(code="OAK"), as_user(hana)
    f.PostingFactory(user=hana, shelter=oak)
    go(guests[:2], outcome="moved", to=str(oak.uuid))
    phone.post(reverse("shelters:take_back_outcome", args=[guests[0].uuid]))
    told = {"outcome": "arrested", "day": today.isoformat(), "key": str(uuid.uuid4())}
    phone.post(reverse("shelters:leave", args=[guests[0].uuid]), told)
    shown = text_of(phone.get(reverse("shelters:evacuation", args=[begun.uuid])))
    assert "X-1 arrested left on" in shown
    assert "X-1 moved" not in shown
    assert "X-2 moved to another shelter → OAK" in shown
