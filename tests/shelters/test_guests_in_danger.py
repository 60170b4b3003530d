"""Who is expected at a shelter in danger: named, stopped, sent on; and who handed them on is called."""

import uuid
from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from core.identity import acting_as
from core.models import OutboxMessage
from shelters import services
from shelters.models import Evacuation, EvacuationCall, EvacuationPerson, Posting, Stay
from shelters.services import call_for_missing
from tests import factories as f
from tests.shelters.test_evacuations import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(as_user, hana, willow):
    """By Hana of Willow, unless another sends it."""

    def post(name, *args, by=hana, **values):
        told = {"key": str(uuid.uuid4())} | values
        return as_user(by).post(reverse(f"shelters:{name}", args=args), told, follow=True)

    return post


@pytest.fixture
def guest(send, jin, willow, maple, today):
    """X-9 of Maple, whom Jin handed on to Willow today."""
    nights = DateRange(today - timedelta(days=3), None)
    stay = f.StayFactory(resident=f.ResidentFactory(code="X-9"), shelter=maple, nights=nights)
    moved = {"outcome": "moved", "to": "elsewhere", "to_code": "WILLOW", "day": today.isoformat()}
    send("leave", stay.uuid, by=jin, **moved)
    return Stay.objects.get(shelter=willow)


@pytest.fixture
def oak(hana):
    """A second shelter of Hana's."""
    shelter = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=shelter)
    return shelter


@pytest.fixture
def begun(send, guest, willow):
    send("evacuate", willow.uuid, reason="police")
    return Evacuation.objects.get()


def expected(*, is_missing=False):
    found = Stay.objects.expected().filter(is_missing=is_missing)
    return list(found.values_list("resident__code", "shelter__code"))


def test_an_evacuation_names_who_is_expected_and_waits_for_a_word_of_each(as_user, send, hana, begun, guest):
    page = text_of(as_user(hana).get(reverse("shelters:evacuation", args=[begun.uuid])))
    assert "X-9 expected on" in page
    page = text_of(send("finish_evacuation", begun.uuid))
    assert "1 person is expected there." in page
    assert "0 people" not in page
    page = text_of(send("send_on", begun.uuid, guest.uuid, outcome="not_coming"))
    assert "X-9 does not come" in page
    assert "expected on" not in page
    assert "Finished." in text_of(send("finish_evacuation", begun.uuid))
    assert (expected(), expected(is_missing=True)) == ([], [("X-9", "MAPLE")])


@pytest.mark.parametrize("is_own", [True, False], ids=["one's own", "of colleagues"])
def test_a_guest_is_sent_on_and_expected_there_alone(send, begun, guest, oak, is_own):
    code = "OAK" if is_own else f.ShelterFactory(code="PINE").code
    to = {"to": str(oak.uuid)} if is_own else {"to": "elsewhere", "to_code": "pine"}
    for _time in range(2):
        page = text_of(send("send_on", begun.uuid, guest.uuid, outcome="moved", **to))
        assert f"X-9 moved to another shelter → {code}" in page
    assert expected() == [("X-9", code)]
    assert EvacuationPerson.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"outcome": "arrested"}, "They have not come here."),
        ({"outcome": ""}, "Choose what happened."),
        ({"outcome": "moved"}, "Choose where they are sent."),
        ({"outcome": "moved", "to": "not_known"}, "Choose one of the list."),
        ({"outcome": "moved", "to": "elsewhere"}, "Type the code of the shelter they go to."),
        ({"outcome": "moved", "to": "elsewhere", "to_code": "NOWHERE"}, "No shelter has this code."),
        ({"outcome": "moved", "to": "elsewhere", "to_code": "willow"}, "That is the shelter where they are."),
    ],
)
@pytest.mark.parametrize("name", ["leave", "send_on"])
def test_what_cannot_become_of_a_guest_is_told(send, begun, guest, name, values, said):
    args = [begun.uuid, guest.uuid] if name == "send_on" else [guest.uuid]
    page = send(name, *args, **values)
    assert (page.status_code, said in text_of(page)) == (422, True)
    assert expected() == [("X-9", "WILLOW")]


def test_no_guest_is_sent_on_to_a_shelter_in_danger(send, guest, oak, today):
    for shelter in (guest.shelter, oak):
        f.ShelterStatusFactory(shelter=shelter, state="exposed", since=today)
    page = send("leave", guest.uuid, outcome="moved", to=str(oak.uuid))
    assert (page.status_code, "nobody arrives there" in text_of(page)) == (422, True)
    assert expected() == [("X-9", "WILLOW")]


def test_who_stands_at_the_door_of_an_exposed_shelter_is_taken_to_another(
    as_user, send, hana, begun, guest, oak, today
):
    page = as_user(hana).get(reverse("shelters:stock", args=[guest.shelter.uuid])).content.decode()
    assert reverse("shelters:leave", args=[guest.uuid]) in page
    assert reverse("shelters:came", args=[guest.uuid]) not in page
    assert "X-9 is here since" in text_of(send("come_back", oak.uuid, code="X-9", day=today.isoformat()))
    assert Stay.objects.on(today).get().shelter == oak
    assert expected() == []


def test_without_an_evacuation_a_guest_is_sent_on_as_well(send, guest, oak):
    assert "X-9 is expected at OAK now." in text_of(
        send("leave", guest.uuid, outcome="moved", to=str(oak.uuid))
    )
    assert expected() == [("X-9", "OAK")]
    there = Stay.objects.expected().get()
    assert "X-9: called off." in text_of(send("leave", there.uuid, outcome="not_coming"))
    assert (expected(), expected(is_missing=True)) == ([], [("X-9", "MAPLE")])


def test_a_guest_who_has_come_meanwhile_is_not_called_off(send, hana, guest, today):
    old_page = Stay.objects.select_related("resident").get(pk=guest.pk)
    send("came", guest.uuid)
    with acting_as(hana), pytest.raises(services.CameMeanwhile):
        services.send_guest_on(by=hana, stay=old_page, to=None, today=today, now=None, key=uuid.uuid4())
    assert Stay.objects.on(today).get().shelter == guest.shelter


def test_nobody_is_handed_on_into_an_evacuation_whatever_state_is_said_meanwhile(
    send, begun, willow, maple, jin, aya, today
):
    send("change_state", willow.uuid, by=aya, state="open", reason="a false alarm")
    stay = f.StayFactory(shelter=maple)
    moved = {"outcome": "moved", "to": "elsewhere", "to_code": "WILLOW", "day": today.isoformat()}
    assert "nobody arrives there" in text_of(send("leave", stay.uuid, by=jin, **moved))
    assert not Stay.objects.filter(resident=stay.resident, shelter=willow).exists()


# --- who handed them on ------------------------------------------------------------------------------------


def mails_to(person):
    return OutboxMessage.objects.filter(to_user_id=person.pk).count()


def test_who_handed_a_guest_on_is_called_by_an_evacuation(begun, jin):
    assert EvacuationCall.objects.filter(person=jin).count() == mails_to(jin) == 1


def test_who_handed_a_guest_on_is_called_by_an_exposure_and_by_an_administrator(
    send, guest, willow, jin, aya
):
    send("change_state", willow.uuid, by=aya, state="exposed", reason="police")
    assert mails_to(jin) == 1
    send("order_evacuation", willow.uuid, by=aya, reason="police")
    assert EvacuationCall.objects.filter(person=jin).exists()


@pytest.mark.parametrize("posts", [1, 2], ids=["one shelter", "two"])
def test_who_handed_a_guest_on_reads_whom_to_stop_until_they_are_safe(
    as_user, send, guest, jin, maple, oak, today, posts
):
    if posts == 2:
        f.PostingFactory(user=jin)

    def home():
        return text_of(as_user(jin).get(reverse("home"), follow=True))

    assert "stop them" not in home()
    send("report_danger", guest.shelter.uuid, state="exposed", reason="police")
    assert "X-9 → WILLOW Nobody goes there any more: stop them." in home()
    send("come_back", maple.uuid, by=jin, code="X-9", day=today.isoformat())
    assert "stop them" not in home()


def test_nobody_else_reads_whom_somebody_handed_on(as_user, begun, hana, sora):
    for person in (hana, sora):
        assert "stop them. Take" not in text_of(as_user(person).get(reverse("home"), follow=True))


def test_nobody_is_planned_where_it_is_exposed(send, willow, today):
    f.ShelterStatusFactory(shelter=willow, state="exposed", since=today)
    page = send("arrive", willow.uuid, day=today.isoformat(), is_planned="on", sex="unknown")
    assert (page.status_code, "nobody arrives there" in text_of(page)) == (422, True)
    assert not Stay.objects.exists()


def test_who_handed_somebody_on_is_written_by_the_database_alone(guest, hana, jin):
    assert guest.planned_by == jin
    with acting_as(hana):
        Stay.objects.filter(pk=guest.pk).update(planned_by=hana)
    guest.refresh_from_db()
    assert guest.planned_by == jin


# --- who did not arrive ------------------------------------------------------------------------------------


def test_whoever_says_that_a_guest_does_not_come_reads_nothing_of_where_they_came_from(
    as_user, send, guest, hana, maple, aya, today
):
    send("call_off", guest.uuid)
    assert expected(is_missing=True) == [("X-9", "MAPLE")]
    send("order_evacuation", maple.uuid, by=aya, reason="police")
    assert "MAPLE" not in text_of(as_user(hana).get(reverse("home"), follow=True))
    assert (EvacuationCall.objects.filter(person=hana).exists(), mails_to(hana)) == (False, 0)


@pytest.mark.parametrize("why", ["nobody is posted", "locked down"])
def test_administrators_read_from_where_somebody_is_missed_and_nobody_looks(
    as_user, send, guest, jin, maple, aya, today, why
):
    def register(person):
        return text_of(as_user(person).get(reverse("shelters:list")))

    send("call_off", guest.uuid)
    assert "handed on from MAPLE" not in register(aya)
    if why == "locked down":
        f.ShelterLockDownFactory(shelter=maple)
    else:
        Posting.objects.filter(user=jin).update(days=DateRange(today - timedelta(days=9), today))
    assert "1 person handed on from MAPLE did not arrive, and nobody can look for them" in register(aya)
    call_for_missing(by=aya)
    assert (mails_to(aya), mails_to(jin)) == (1, 0)


def test_a_shelter_is_not_closed_over_somebody_missed(send, guest, maple, aya):
    send("call_off", guest.uuid)
    page = send("change_state", maple.uuid, by=aya, state="closed", reason="quiet")
    assert (page.status_code, "handed on from there did not arrive" in text_of(page)) == (422, True)
