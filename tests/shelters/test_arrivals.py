"""Field staff say what arrived at their shelter, and see nothing else of a consignment."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.formats import date_format

from core.identity import acting_as
from shelters import services
from supply import selectors as supply
from tests import factories as f
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(willow, rice):
    """75 kg of rice on the way to Willow, by a courier, over a route."""
    sent = f.sent_line(willow.store, rice, 75)
    journey = sent.consignment
    journey.courier, journey.route = "Magpie", f.RouteFactory(code="RN-77")
    journey.save(update_fields=["courier", "route"])
    return sent


@pytest.fixture
def client(as_user, hana):
    return as_user(hana)


@pytest.fixture
def confirm(client, willow, today):
    def sent(line, amount, unit="", key=None, **values):
        address = reverse("shelters:log_arrival", args=[willow.uuid, line.consignment.uuid])
        data = {"on": today, "note": "", "key": key or uuid.uuid4()} | values
        return client.post(address, data | {f"amount-{line.uuid}": amount, f"unit-{line.uuid}": unit})

    return sent


def test_what_is_coming_shows_without_source_route_and_courier(client, willow, maple, line, rice):
    foreign = f.sent_line(maple.store, rice)
    planned = f.ConsignmentLineFactory(destination=willow.store, item=rice)
    assert "1 kind of goods is on its way to you" in text_of(
        client.get(reverse("shelters:stock", args=[willow.uuid]))
    )
    pages = [
        client.get(reverse("shelters:arriving", args=[willow.uuid])),
        client.get(reverse("shelters:log_arrival", args=[willow.uuid, line.consignment.uuid])),
    ]
    for page in pages:
        shown = text_of(page)
        assert line.consignment.code in shown
        assert "75 kg" in shown
        hidden = (line.consignment.source.code, "Magpie", "RN-77", foreign.consignment.code)
        assert [word for word in (*hidden, planned.consignment.code) if word in shown] == []


def test_a_part_is_confirmed_in_packs_and_the_rest_stays_under_way(client, willow, line, confirm, rice):
    pack = rice.packs.get()
    answer = confirm(line, "2", str(pack.uuid))
    assert answer.url == reverse("shelters:arriving", args=[willow.uuid])
    assert "25 kg" in text_of(client.get(answer.url))
    line.refresh_from_db()
    assert (line.received, line.outstanding) == (50, 25)
    assert supply.held(willow.store, rice) == 50
    line.consignment.refresh_from_db()
    assert line.consignment.state == "arrived"
    assert line.bookings.get(kind="received").movement.route == line.consignment.route


def test_a_double_tap_books_once(line, confirm, willow, rice):
    key = uuid.uuid4()
    for _ in range(2):
        assert confirm(line, "75", key=key).status_code == 302
    assert supply.held(willow.store, rice) == 75
    answer = confirm(line, "50", key=key)
    assert answer.status_code == 422
    assert "already booked with other content" in text_of(answer)


def test_all_there_needs_no_form(client, willow, line, confirm):
    confirm(line, "75")
    address = reverse("shelters:log_arrival", args=[willow.uuid, line.consignment.uuid])
    assert "is under way to you any more" in text_of(client.get(address))
    assert "Nothing is on its way." in text_of(client.get(reverse("shelters:arriving", args=[willow.uuid])))


@pytest.mark.parametrize(
    ("amount", "values", "sentence"),
    [
        ("76", {}, "Only this much Rice is still under way to ST-WILLOW: 75 kg."),
        ("0", {}, "Give an amount for at least one line."),
        ("-1", {}, "Write 0 or more."),
        ("many", {}, "Write a number such as 3 or 2.5."),
        ("1.2345", {}, "at most three digits"),
        ("5", {"note": "x" * 2_000_000}, "Write at most 200 characters."),
        ("5", {"on": "2999-01-01"}, "Choose a day from"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_booked(line, confirm, amount, values, sentence):
    answer = confirm(line, amount, **values)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    line.refresh_from_db()
    assert line.received == 0


def test_arrival_before_the_sending_names_the_day(confirm, line):
    code, sent_on = line.consignment.code, line.consignment.steps.get(kind="sent").on
    answer = confirm(line, "75", on=sent_on - timedelta(days=1))
    assert answer.status_code == 422
    [sentence] = answer.context["form"].errors["on"]
    day = date_format(sent_on)
    assert sentence == f"The step before it was taken with {code} on {day}. Choose that day or a later one."
    assert confirm(line, "75", on=sent_on).status_code == 302


def test_anothers_lines_are_refused_by_the_service_too(hana, willow, maple, line, rice, today):
    foreign = f.sent_line(maple.store, rice)
    common = {"by": hana, "on": today, "today": today, "key": uuid.uuid4()}
    for shelter, one in ((maple, foreign), (willow, foreign), (maple, line)):
        with pytest.raises(PermissionDenied):
            services.confirm_arrival(
                shelter=shelter, consignment=one.consignment, amounts={one: Decimal(1)}, **common
            )
    with acting_as(hana):
        assert [one.pk for one in supply.arriving_at(willow.store)] == [line.pk]
        assert not supply.arriving_at(maple.store).exists()


def test_undo_of_an_arrival_is_the_coordinators(client, line, confirm, willow):
    confirm(line, "75")
    movement = line.bookings.get(kind="received").movement
    address = reverse("shelters:undo", args=[willow.uuid, movement.uuid])
    assert "Ask the supply coordinator" in text_of(client.post(address, follow=True))
    line.refresh_from_db()
    assert line.received == 75


@pytest.mark.parametrize("number", [1, 9])
def test_arriving_costs_the_same_for_many(client, willow, number, django_assert_num_queries):
    for _ in range(number):
        f.sent_line(willow.store)
    with django_assert_num_queries(10):
        client.get(reverse("shelters:arriving", args=[willow.uuid]))


def test_arrival_is_not_offered_to_be_taken_back(client, confirm, hana, willow, line, rice):
    confirm(line, "75")
    pages = [reverse(f"shelters:{name}", args=[willow.uuid]) for name in ("stock", "log")]
    assert [page for page in pages if "/undo/" in client.get(page).content.decode()] == []
    # What the ledger would take back still is.
    f.MovementFactory(item=rice, source=willow.store, by=hana)
    assert [page for page in pages if "/undo/" not in client.get(page).content.decode()] == []
