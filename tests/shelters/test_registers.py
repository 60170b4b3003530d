"""The register of shelters and postings, and what field staff say of their own shelter."""

import re
import uuid
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from core.identity import acting_as
from core.models import OutboxMessage
from core.sealed import open_value
from shelters import services
from shelters.models import Posting, Shelter, ShelterStatus
from tests import factories as f

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.fixture
def as_aya(as_user, aya):
    client = as_user(aya)

    def send(name, *args, **values):
        return client.post(reverse(f"shelters:{name}", args=args), values, follow=True)

    return send


@pytest.fixture
def as_hana(as_user, hana, willow):
    client = as_user(hana)

    def send(name, *args, **values):
        return client.post(reverse(f"shelters:{name}", args=args), values, follow=True)

    return send


NEW = {
    "code": "OAK", "kind": "shelter", "region": "coast", "capacity": "8", "blocked_places": "1",
    "opened_on": "2026-05-01", "time_zone": "Asia/Shanghai",
}  # fmt: skip


# --- the register ------------------------------------------------------------------------------------------


def test_a_new_shelter_comes_with_its_store_and_is_open(as_aya):
    assert "OAK is there." in text_of(as_aya("add_shelter", **NEW))
    oak = Shelter.objects.get()
    assert (oak.store.code, oak.store.kind, oak.usable_places) == ("OAK", "store", 7)
    assert [(one.state, one.since) for one in oak.statuses.all()] == [("open", date(2026, 5, 1))]
    assert "This code is in use already." in text_of(as_aya("add_shelter", **NEW))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "safe house"}, "Write capital letters, digits and hyphens"),
        ({"code": ""}, "This field is required."),
        ({"capacity": "-1"}, "greater than or equal to 0"),
        ({"blocked_places": "9"}, "More places are blocked than there are."),
        ({"opened_on": "x"}, "Write the day as 2026-02-09."),
        ({"kind": "castle"}, "Select a valid choice"),
    ],
)
def test_a_shelter_that_cannot_be_is_told_at_its_field(change, said, as_aya):
    page = as_aya("add_shelter", **NEW | change)
    assert (page.status_code, said in text_of(page)) == (422, True)
    assert not Shelter.objects.exists()


def test_a_code_that_names_a_place_already_is_taken(as_aya):
    f.PlaceFactory(code="OAK")
    assert "This code is in use already." in text_of(as_aya("add_shelter", **NEW))
    assert not Shelter.objects.exists()


def test_a_shelter_is_changed_but_for_its_code(as_aya, willow):
    assert "Saved." in text_of(as_aya("change_shelter", willow.uuid, **NEW | {"capacity": "20"}))
    willow.refresh_from_db()
    assert (willow.code, willow.capacity, willow.region) == ("WILLOW", 20, "coast")


def test_how_many_too_many_is_a_number(as_user, sora, willow):
    f.HeadCountFactory(shelter=willow, people=15)
    rows = as_user(sora).get(reverse("shelters:list"), {"export": "csv"}).content.decode().splitlines()
    assert rows[0].endswith("Over-occupied by")
    assert rows[1].endswith(",15,12,3")


# --- states ------------------------------------------------------------------------------------------------


def test_field_staff_report_a_danger_and_the_administrators_are_called(as_hana, aya, willow, today):
    told = {"state": "exposed", "reason": "strangers asked", "key": str(uuid.uuid4())}
    for _time in range(2):
        assert "WILLOW: exposed since today." in text_of(as_hana("report_danger", willow.uuid, **told))
    assert [(one.state, one.since) for one in willow.statuses.all()] == [("exposed", today)]
    mail = OutboxMessage.objects.get(to_user_id=aya.pk)
    assert "WILLOW" not in mail.subject + mail.body


def test_the_same_danger_may_come_twice_on_one_day(as_hana, as_aya, willow):
    for send, name, state in (
        (as_hana, "report_danger", "at_risk"),
        (as_aya, "change_state", "open"),
        (as_hana, "report_danger", "at_risk"),
    ):
        send(name, willow.uuid, state=state, reason="seen", key=str(uuid.uuid4()))
    assert [one.state for one in willow.statuses.order_by("id")] == ["at_risk", "open", "at_risk"]


@pytest.mark.parametrize("state", ["open", "closed", "x", ""])
def test_field_staff_report_danger_and_nothing_else(state, as_hana, hana, willow, today):
    page = as_hana("report_danger", willow.uuid, state=state, reason="x", key=str(uuid.uuid4()))
    assert (page.status_code, "Choose one." in text_of(page)) == (422, True)
    with acting_as(hana), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        ShelterStatus.objects.create(shelter=willow, state="open", since=today)


def test_nobody_reports_another_s_shelter(hana, willow, maple, today):
    told = {"state": "at_risk", "reason": "x", "today": today, "key": uuid.uuid4()}
    with acting_as(hana), pytest.raises(services.registers.PermissionDenied):
        services.say_state(by=hana, shelter=maple, **told)
    with acting_as(hana), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        ShelterStatus.objects.create(shelter=maple, state="at_risk", since=today)


def test_a_shelter_closes_when_everybody_has_left_and_opens_again(as_aya, willow, today):
    stay = f.StayFactory(shelter=willow)
    told = {"state": "closed", "reason": "quiet end"}
    page = as_aya("change_state", willow.uuid, key=str(uuid.uuid4()), **told)
    assert "Somebody stays there on that day." in text_of(page)
    stay.nights, stay.outcome = DateRange(stay.nights.lower, today), "returned"
    stay.save()
    as_aya("change_state", willow.uuid, key=str(uuid.uuid4()), **told)
    willow.refresh_from_db()
    assert willow.closed_on == today
    page = as_aya("change_state", willow.uuid, key=str(uuid.uuid4()), state="open", reason="quiet again")
    assert "quiet end" in text_of(page)  # the history
    willow.refresh_from_db()
    assert willow.closed_on is None


# --- the sealed place --------------------------------------------------------------------------------------


def test_field_staff_seal_the_address_anew_and_see_none(as_user, as_hana, hana, willow):
    page = as_user(hana).get(reverse("shelters:write_place", args=[willow.uuid])).content.decode()
    assert "Hidden Lane" not in page
    page = as_hana("write_place", willow.uuid, address="2 New Lane", contact="", map_point="")
    assert "Sealed." in text_of(page)
    assert "New Lane" not in page.content.decode()
    with acting_as(hana):
        assert open_value(Shelter.objects.get(), "address") == b"2 New Lane"
    as_hana("write_place", willow.uuid, contact="by radio")
    with acting_as(hana):
        found = Shelter.objects.get()
        assert (open_value(found, "address"), open_value(found, "contact")) == (b"2 New Lane", b"by radio")
    assert "Write what has changed" in text_of(as_hana("write_place", willow.uuid))


def test_the_first_address_of_a_new_shelter_is_sealed_by_who_works_there(as_aya, as_user, hana):
    as_aya("add_shelter", **NEW)
    oak = Shelter.objects.get()
    f.PostingFactory(user=hana, shelter=oak)
    as_user(hana).post(reverse("shelters:write_place", args=[oak.uuid]), {"address": "3 Far Lane"})
    with acting_as(hana):
        assert open_value(Shelter.objects.get(), "address") == b"3 Far Lane"


# --- postings ----------------------------------------------------------------------------------------------


def test_a_person_is_posted_and_sees_the_shelter_from_that_day(as_aya, as_user, jin, willow, today):
    told = {"user": jin.pk, "shelter": willow.pk, "first": today.isoformat()}
    for _time in range(2):
        assert "Jin is posted to WILLOW." in text_of(as_aya("post_person", **told))
    posting = Posting.objects.get(user=jin)
    assert posting.days == DateRange(today, None)
    assert "WILLOW" in text_of(as_user(jin).get(reverse("shelters:list")))
    assert "Saved." in text_of(as_aya("end_posting", posting.uuid, last=today.isoformat()))
    posting.refresh_from_db()
    assert posting.days.upper == today + timedelta(days=1)
    before = (today - timedelta(days=1)).isoformat()
    assert "lies before the first" in text_of(as_aya("end_posting", posting.uuid, last=before))


def test_nobody_is_posted_twice_who_is_no_field_staff_or_oneself(as_aya, aya, hana, sora, willow, today):
    told = {"shelter": willow.pk, "first": today.isoformat()}
    page = as_aya("post_person", user=hana.pk, **told)
    assert "This person is already posted there on these days." in text_of(page)
    for person in (aya, sora):
        assert "Choose a person of the list." in text_of(as_aya("post_person", user=person.pk, **told))
    with acting_as(aya), pytest.raises(services.NotOneself):
        services.post_person(by=aya, user=aya, shelter=willow, first=today, last=None)
    own = f.PostingFactory(user=aya, shelter=willow)
    with acting_as(aya), pytest.raises(services.NotOneself):
        services.end_posting(by=aya, posting=own, last=today)


def test_the_auditor_reads_postings_and_the_page_asks_as_much_for_many(
    as_user, otto, willow, maple, django_assert_num_queries
):
    client, address = as_user(otto), reverse("shelters:postings")
    assert "Last day …" not in text_of(client.get(address))
    with django_assert_num_queries(8):
        page = client.get(address)
    assert {"Hana", "Jin"} <= set(text_of(page).split())
    for _number in range(10):
        f.PostingFactory()
    with django_assert_num_queries(8):
        client.get(address)
    assert "Hana" in text_of(client.get(address, {"today": "true"}))
    assert "Hana" not in text_of(client.get(address, {"today": "false"}))
