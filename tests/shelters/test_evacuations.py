"""Out of an exposed shelter: stopped, taken up again, sent twice, finished."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from core.identity import acting_as
from core.models import OutboxMessage
from shelters import services
from shelters.models import Evacuation, EvacuationCall, EvacuationPerson, Shelter, Stay
from supply import selectors as supply
from supply import services as ledger
from supply.models import Movement
from tests import factories as f

pytestmark = pytest.mark.django_db


def taken(line, what: str, how_much=None) -> dict[str, str]:
    """The answer for a line of the store: all that lies there, unless it is said how much."""
    return {
        f"line-{line.pk}": what,
        f"amount-line-{line.pk}": f"{Decimal(how_much or line.quantity).normalize():f}",
    }


def text_of(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.fixture
def phone(as_user, hana, willow):
    return as_user(hana)


@pytest.fixture
def send(phone):
    def post(name, *args, **values):
        return phone.post(reverse(f"shelters:{name}", args=args), values, follow=True)

    return post


@pytest.fixture
def guests(stocked, today):
    """Three at Willow, which holds 100 kg of rice."""
    nights = DateRange(today - timedelta(days=10), None)
    return [
        f.StayFactory(resident=f.ResidentFactory(code=f"X-{number}"), shelter=stocked, nights=nights)
        for number in (1, 2, 3)
    ]


@pytest.fixture
def begun(send, guests, willow):
    send("evacuate", willow.uuid, reason="the landlord was questioned", key=str(uuid.uuid4()))
    return Evacuation.objects.get()


@pytest.fixture
def goes(send, begun, today):
    def post(stay, **values):
        common = {"key": str(uuid.uuid4()), "day": today.isoformat(), "outcome": "unknown"}
        return send("send_on", begun.uuid, stay.uuid, **common | values)

    return post


def test_it_begins_once_exposes_and_calls(send, guests, willow, hana, sora, aya, otto, today):
    other = f.PostingFactory(shelter=willow).user
    key = str(uuid.uuid4())
    for _time in range(2):
        page = text_of(send("evacuate", willow.uuid, reason="police next door", key=key))
        assert "1. Where each person goes Several go the same way X-1" in page
    assert [(one.state, one.since) for one in willow.statuses.all()] == [("exposed", today)]
    evacuation = Evacuation.objects.get()
    assert set(EvacuationCall.objects.values_list("person", flat=True)) == {other.pk, sora.pk, aya.pk}
    mails = OutboxMessage.objects.filter(key__startswith=f"evacuation:{evacuation.uuid}")
    assert set(mails.values_list("to_user_id", flat=True)) == {other.pk, sora.pk, aya.pk}
    assert not any("WILLOW" in mail.subject + mail.body or "police" in mail.body for mail in mails)
    assert "being evacuated" in text_of(send("evacuate", willow.uuid).client.get(f"/shelters/{willow.uuid}/"))


def test_each_goes_where_it_is_said_and_the_rest_is_still_there(goes, guests, hana, maple, today):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    first, second, third = guests
    goes(first, outcome="moved", to=str(oak.uuid))
    page = text_of(goes(second, outcome="moved", to="elsewhere", to_code="maple"))
    assert "X-1 moved to another shelter → OAK" in page
    assert "X-2 moved to another shelter → MAPLE" in page
    assert page.index("X-3") < page.index("X-1 moved")  # still there, on top
    goes(third, outcome="arrested")
    assert Stay.objects.on(today).get().shelter == oak
    assert Stay.objects.expected().get().shelter == maple


def test_a_step_sent_twice_is_one(goes, guests):
    first = guests[0]
    for _time in range(2):
        goes(first, outcome="arrested")
    assert EvacuationPerson.objects.get().outcome == "arrested"
    goes(first, outcome="died")  # a colleague who has not seen it
    assert EvacuationPerson.objects.get().outcome == "arrested"


def test_a_code_that_no_shelter_has_is_told_and_nobody_goes(goes, guests, today):
    page = goes(guests[0], outcome="moved", to="elsewhere", to_code="NOWHERE")
    assert (page.status_code, "No shelter has this code." in text_of(page)) == (422, True)
    assert Stay.objects.on(today).count() == 3
    assert not EvacuationPerson.objects.exists()


def test_stock_is_written_off_or_moved_once(send, begun, willow, rice, hana, today):
    oak = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    f.ItemFactory(code="OIL", name="Oil", base_unit="l")
    f.receive(willow.store, f.ItemFactory(code="SALT", base_unit="kg"), 5, days_ago=2)
    lines = {line.item.code: line for line in supply.stock_of(willow.store)}
    key = str(uuid.uuid4())
    chosen = taken(lines["RICE"], str(oak.store.uuid)) | taken(lines["SALT"], "") | {"key": key}
    for _time in range(2):
        page = text_of(send("settle_stock", begun.uuid, **chosen))
    assert "100 kg Rice · moved to another place → ST-OAK" in page
    assert "1 line is left" in page
    assert (supply.held(oak.store, rice), supply.held(willow.store, rice)) == (100, 0)
    page = text_of(
        send("settle_stock", begun.uuid, **taken(lines["SALT"], "taken") | {"key": str(uuid.uuid4())})
    )
    assert "5 kg Salt · taken or confiscated" in page
    assert "The store is empty." in page
    wrong = send("settle_stock", begun.uuid, key="x")
    assert (wrong.status_code, "This page was out of date" in text_of(wrong)) == (422, True)


def test_a_store_of_strangers_is_no_place_to_move_to(send, begun, willow, maple):
    line = supply.stock_of(willow.store).get()
    chosen = taken(line, str(maple.store.uuid)) | {"key": str(uuid.uuid4())}
    page = send("settle_stock", begun.uuid, **chosen)
    assert (page.status_code, "Choose one of the list." in text_of(page)) == (422, True)


def test_who_was_reached_is_noted_once(send, as_user, begun, hana):
    call = f.EvacuationCallFactory(evacuation=begun)
    for _time in range(2):
        assert "reached" in text_of(send("reached", begun.uuid, call.uuid))
    call.refresh_from_db()
    assert call.reached_at is not None


def test_it_is_finished_when_nobody_and_nothing_is_left(send, goes, begun, guests, willow, hana):
    assert "3 people and 1 lines of stock are still there." in text_of(send("finish_evacuation", begun.uuid))
    for stay in guests:
        goes(stay)
    line = supply.stock_of(willow.store).get()
    send("settle_stock", begun.uuid, **taken(line, "lost") | {"key": str(uuid.uuid4())})
    for _time in range(2):
        assert "Finished. An administrator closes the shelter." in text_of(
            send("finish_evacuation", begun.uuid)
        )
    begun.refresh_from_db()
    assert begun.finished_by == hana
    page = text_of(send("finish_evacuation", begun.uuid))
    assert "by Hana." in page
    assert "X-1 not known" in page


def test_nobody_goes_and_nothing_is_settled_once_it_is_finished(send, goes, begun, guests, willow, hana):
    Evacuation.objects.update(finished_at=timezone.now(), finished_by=hana)
    page = goes(guests[0], outcome="arrested")
    assert (page.status_code, "This evacuation is finished." in text_of(page)) == (422, True)
    line = supply.stock_of(willow.store).get()
    page = send("settle_stock", begun.uuid, **taken(line, "lost") | {"key": str(uuid.uuid4())})
    assert (page.status_code, "This evacuation is finished." in text_of(page)) == (422, True)
    assert not EvacuationPerson.objects.exists()
    assert supply.stock_of(willow.store).get() == line


def test_who_came_today_does_not_hold_it_up(send, goes, begun, guests, willow, today):
    others = Stay.objects.exclude(pk=guests[0].pk)
    others.update(nights=DateRange(today - timedelta(days=9), today), outcome="unknown")
    Stay.objects.filter(pk=guests[0].pk).update(nights=DateRange(today, None))
    goes(guests[0], outcome="arrested")
    assert "0 people and 1 lines" in text_of(send("finish_evacuation", begun.uuid))


def test_a_colleague_goes_on_where_one_stopped(as_user, goes, begun, guests, willow, today):
    goes(guests[0])
    kim = f.PostingFactory(shelter=willow).user
    page = text_of(as_user(kim).get(reverse("shelters:evacuation", args=[begun.uuid])))
    assert "X-1 not known" in page
    assert "X-2 Goes …" in page


def test_an_administrator_starts_it_and_sees_no_person(as_user, aya, hana, guests, willow):
    office = as_user(aya)
    told = {"reason": "a call", "key": str(uuid.uuid4())}
    page = text_of(office.post(reverse("shelters:order_evacuation", args=[willow.uuid]), told, follow=True))
    assert "Started" in page
    assert "X-1" not in page
    assert "Hana" in page
    begun = Evacuation.objects.get()
    assert begun.started_by == aya
    assert willow.statuses.get().state == "exposed"
    with acting_as(aya), pytest.raises(PermissionDenied):
        services.finish_evacuation(by=aya, evacuation=begun, today=timezone.localdate(), now=timezone.now())


@pytest.mark.parametrize(
    ("who", "is_told"), [("hana", True), ("aya", True), ("otto", True), ("sora", False), ("miki", False)]
)
def test_why_a_shelter_is_in_danger_is_told_to_who_works_there_or_answers_for_it(
    who, is_told, as_user, request, willow
):
    """Others know a shelter by its code: what somebody wrote in a hurry may say where it is."""
    f.ShelterStatusFactory(shelter=willow, state="exposed", reason="the landlord of Plum Lane")
    left = f.EvacuationFactory(shelter=willow, reason="the landlord of Plum Lane")
    f.EvacuationCallFactory(evacuation=left, person__name="Sumi")
    client = as_user(request.getfixturevalue(who))
    for name, uuid_ in (("stock", willow.uuid), ("evacuation", left.uuid)):
        page = text_of(client.get(reverse(f"shelters:{name}", args=[uuid_])))
        assert "WILLOW" in page
        assert ("Plum Lane" in page) is is_told
    assert ("Sumi" in page) is is_told
    assert (left.started_by.name in page) is is_told
    assert ("Send nobody and nothing there." in page) is not is_told


def test_nobody_starts_it_at_another_s_shelter_or_in_another_s_name(hana, jin, aya, willow, maple, today):
    with acting_as(hana), pytest.raises(PermissionDenied):
        services.start_evacuation(by=hana, shelter=maple, reason="x", today=today, key=uuid.uuid4())
    for writer, values in ((hana, {"shelter": maple, "started_by": hana}), (aya, {"started_by": hana})):
        with (
            acting_as(writer),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            Evacuation.objects.create(**{"shelter": willow, "reason": "x"} | values)


def test_the_page_asks_as_much_for_many_people(phone, begun, willow, today, django_assert_num_queries):
    address = reverse("shelters:evacuation", args=[begun.uuid])
    phone.get(address)
    with django_assert_num_queries(21):
        phone.get(address)
    for _number in range(5):
        gone = f.StayFactory(shelter=willow, nights=DateRange(today, None), is_planned=True)
        f.EvacuationPersonFactory(evacuation=begun, stay=gone)
        f.EvacuationCallFactory(evacuation=begun)
    with django_assert_num_queries(21):
        phone.get(address)


@pytest.mark.parametrize("state", ["open", "closed"])
def test_only_a_shelter_that_is_not_closed_is_offered_to_be_evacuated(as_user, aya, hana, maple, state):
    f.PostingFactory(user=hana, shelter=maple)
    f.ShelterStatusFactory(shelter=maple, state=state)
    pages = {aya: "shelters:order_evacuation", hana: "shelters:evacuate"}
    for person, way in pages.items():
        page = as_user(person).get(reverse("shelters:stock", args=[maple.uuid])).content.decode()
        assert (reverse(way, args=[maple.uuid]) in page) == (state == "open")


def test_a_closed_shelter_is_not_evacuated_and_stays_closed(as_user, aya, maple, today):
    f.ShelterStatusFactory(shelter=maple, state="closed")
    Shelter.objects.filter(pk=maple.pk).update(closed_on=today)
    form = {"key": str(uuid.uuid4()), "reason": "police asked", "state": "exposed"}
    answer = as_user(aya).post(reverse("shelters:order_evacuation", args=[maple.uuid]), form)
    assert (answer.status_code, "Say first that it is open again." in text_of(answer)) == (422, True)
    # That the place is known all the same is worth telling.
    assert as_user(aya).post(reverse("shelters:change_state", args=[maple.uuid]), form).status_code == 302
    maple.refresh_from_db()
    assert maple.closed_on == today
    answer = as_user(aya).post(reverse("shelters:order_evacuation", args=[maple.uuid]), form)
    assert (answer.status_code, Evacuation.objects.exists()) == (422, False)


def test_a_settled_form_sent_again_after_the_end_is_the_first_answer(send, begun, willow, rice, hana, today):
    """Its network was dead while a colleague finished; what is new is refused still."""
    line = supply.stock_of(willow.store).get()
    lost = services.Settled(rice, None, line.quantity, "lost", None)
    settle = {"by": hana, "evacuation": begun, "today": today}
    form = taken(line, "lost") | {"key": str(uuid.uuid4())}
    assert "Booked: 1 line." in text_of(send("settle_stock", begun.uuid, **form))
    Evacuation.objects.update(finished_at=timezone.now(), finished_by=hana)
    page = text_of(send("settle_stock", begun.uuid, **form))  # the line is gone from the page meanwhile
    assert "Booked: 1 line." in page
    assert services.settle_stock(lines=[lost], key=uuid.UUID(form["key"]), **settle) == 1
    assert Movement.objects.filter(source=willow.store).count() == 1
    f.receive(willow.store, rice, 5)
    other = services.Settled(f.ItemFactory(code="SALT"), None, Decimal(5), "lost", None)
    for key, lines in ((uuid.uuid4(), [lost]), (uuid.uuid4(), []), (uuid.UUID(form["key"]), [lost, other])):
        with pytest.raises(services.EvacuationIsOver):
            services.settle_stock(lines=lines, key=key, **settle)


@pytest.fixture
def sent_yesterday(begun, willow, rice, hana, today):
    """A form of Hana's by which the salt was lost and the rice moved to Oak, before midnight."""
    oak = f.ShelterFactory(code="OAK", store__code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    f.receive(willow.store, f.ItemFactory(code="SALT", base_unit="kg"), 5, days_ago=9)
    chosen = {line.item.code: line for line in supply.stock_of(willow.store)}
    key, salt = uuid.uuid4(), chosen["SALT"].item
    settled = [
        services.Settled(rice, None, Decimal(100), "", oak.store),
        services.Settled(salt, None, Decimal(5), "lost", None),
    ]
    yesterday = today - timedelta(days=1)
    assert services.settle_stock(by=hana, evacuation=begun, lines=settled, today=yesterday, key=key) == 2
    form = taken(chosen["RICE"], str(oak.store.uuid), 100) | taken(chosen["SALT"], "lost", 5)
    return form | {"key": str(key)}


def booked(shelter):
    return [(one.item.code, one.quantity) for one in Movement.objects.filter(source=shelter.store)]


@pytest.mark.parametrize("came_anew", [False, True])
def test_a_form_of_yesterday_sent_again_is_the_first_answer(send, sent_yesterday, willow, rice, came_anew):
    """Its network was dead at midnight; meanwhile more may have come."""
    first = booked(willow)
    if came_anew:
        f.receive(willow.store, rice, 7)
    for _time in range(2):
        page = text_of(send("settle_stock", Evacuation.objects.get().uuid, **sent_yesterday))
        assert "Booked: 2 lines" in page
    assert booked(willow) == first
    assert len(first) == 2


def test_what_was_taken_back_is_not_booked_again_by_the_form_of_yesterday(
    send, sent_yesterday, willow, hana, today
):
    mistake = Movement.objects.get(reason="lost")
    ledger.reverse_movement(by=hana, movement=mistake, today=today, reason="it was found")
    first = booked(willow)
    assert "Booked: 2 lines" in text_of(send("settle_stock", Evacuation.objects.get().uuid, **sent_yesterday))
    assert booked(willow) == first


def test_a_form_of_yesterday_with_another_choice_is_told_so(send, sent_yesterday, willow, rice):
    f.receive(willow.store, rice, 7)
    [line] = supply.stock_of(willow.store)
    answer = send("settle_stock", Evacuation.objects.get().uuid, **sent_yesterday | taken(line, "taken"))
    assert answer.status_code == 422
    assert "already booked with other content" in text_of(answer)
    assert len(booked(willow)) == 2


# --- where nothing is moved to ------------------------------------------------------------------------------


def test_stock_is_moved_to_no_shelter_that_is_exposed_itself(send, phone, begun, hana, rice, today):
    oak = f.ShelterFactory(code="OAK", store__code="OAK")
    f.PostingFactory(user=hana, shelter=oak)
    page = phone.get(reverse("shelters:settle_stock", args=[begun.uuid])).content.decode()
    assert "moved to OAK" in page
    (line,) = supply.stock_of(begun.shelter.store)
    f.ShelterStatusFactory(shelter=oak, state="exposed", since=today)
    page = phone.get(reverse("shelters:settle_stock", args=[begun.uuid])).content.decode()
    assert "moved to OAK" not in page
    form = taken(line, str(oak.store.uuid)) | {"key": str(uuid.uuid4())}
    answer = send("settle_stock", begun.uuid, **form)
    assert answer.status_code == 422
    assert "OAK was exposed on" in answer.context["form"].errors[f"line-{line.pk}"][0]
    assert supply.held(oak.store, rice) == 0
    f.ShelterStatusFactory(shelter=oak, state="open", since=today)
    assert "Booked: 1 line; moved to OAK." in text_of(send("settle_stock", begun.uuid, **form))


def test_who_reads_consignments_sees_what_is_under_way_to_it(as_user, phone, begun, sora, rice, today):
    line = f.sent_line(f.PlaceFactory())
    address = reverse("shelters:evacuation", args=[begun.uuid])
    assert "Call the courier" not in text_of(as_user(sora).get(address))
    f.ShelterStatusFactory(shelter=begun.shelter, state="open", since=today)
    Evacuation.objects.update(finished_at=timezone.now(), finished_by=sora)
    line = f.sent_line(begun.shelter.store)
    Evacuation.objects.update(finished_at=None, finished_by=None)
    waits = f.packed_line(begun.shelter.store)
    shown = text_of(as_user(sora).get(address))
    assert f"Call the courier: {line.consignment.code}" in shown
    assert f"take it out, or cancel: {waits.consignment.code}" in shown
    assert line.consignment.code not in text_of(phone.get(address))
