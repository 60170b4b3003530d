"""What is asked once before it is booked: a delivery received twice, a use that a count knew of."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from supply import selectors
from supply.models import Movement
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def phone(as_user, hana):
    return as_user(hana)


@pytest.fixture
def coming(willow, rice):
    """75 kg of rice on their way to Willow."""
    return f.sent_line(willow.store, rice, 75).consignment


@pytest.fixture
def pills(db):
    return f.ItemFactory(code="PILL", name="Antibiotic", base_unit="piece", kind="medicine")


def again(answer, **values):
    """The form as it came back, sent once more."""
    form = answer.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    return answer.client.post(answer.request["PATH_INFO"], sent | values)


def errors(answer):
    return {name: " ".join(found) for name, found in answer.context["form"].errors.items()}


def test_delivery_on_its_way_is_asked_about_once(phone, filled, log_address, willow, rice, coming):
    answer = phone.post(log_address(willow), filled(kind="received", number="75"))
    assert answer.status_code == 422
    assert "75 kg Rice are on their way here." in errors(answer)["number"]
    # The link stands there as one.
    arrival = reverse("shelters:log_arrival", args=[willow.uuid, coming.uuid])
    assert f'<a href="{arrival}">Then say what arrived.</a>' in answer.content.decode()
    assert selectors.held(willow.store, rice) == 0
    booked = again(answer)
    assert booked.status_code == 302
    assert selectors.held(willow.store, rice) == 75
    # The network failed after it was booked: the first form, sent again, gets the first answer.
    key = answer.context["form"]["key"].value()
    assert phone.post(log_address(willow), filled(kind="received", number="75", key=key)).url == booked.url


def test_other_goods_and_what_has_arrived_are_not_asked_about(
    phone, filled, log_address, willow, oil, coming, today
):
    sent = filled(kind="received", item=oil, line=str(oil.uuid), unit=str(oil.uuid))
    assert phone.post(log_address(willow), sent).status_code == 302
    line = coming.lines.get()
    arrival = reverse("shelters:log_arrival", args=[willow.uuid, coming.uuid])
    said = {
        f"amount-{line.uuid}": "75",
        f"unit-{line.uuid}": "",
        "on": today,
        "note": "",
        "key": uuid.uuid4(),
    }
    assert phone.post(arrival, said).status_code == 302
    assert phone.post(log_address(willow), filled(kind="received")).status_code == 302


def test_delivery_on_a_day_sheet_is_asked_about_once(phone, stocked, rice, today):
    f.sent_line(stocked.store, rice, 75)
    address, cell = reverse("shelters:type_day_sheet", args=[stocked.uuid]), f"received.{rice.uuid}"
    answer = phone.post(address, {cell: "75", "occurred_on": today, "key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "75 kg Rice are on their way here." in errors(answer)[cell]
    assert again(answer).status_code == 302
    assert selectors.held(stocked.store, rice) == 175


def test_use_of_before_a_count_is_asked_about_once(phone, filled, log_address, stocked, rice, today):
    """97 of 100 kg are counted: 3 were used the day before, on a sheet of paper that is typed in later."""
    yesterday = (today - timedelta(days=1)).isoformat()
    phone.post(log_address(stocked), filled(kind="counted", number="97"))
    answer = phone.post(log_address(stocked), filled(number="3", occurred_on=yesterday))
    assert answer.status_code == 422
    assert "Rice was counted after that" in errors(answer)["occurred_on"]
    assert selectors.held(stocked.store, rice) == 97
    # Of today, or counted itself, it is not asked about.
    assert phone.post(log_address(stocked), filled(number="3")).status_code == 302
    counted = filled(kind="counted", number="97", occurred_on=yesterday)
    assert phone.post(log_address(stocked), counted).status_code == 302
    assert again(answer).status_code == 302


def test_use_of_before_a_count_is_asked_about_on_a_day_sheet(
    phone, filled, log_address, stocked, rice, today
):
    phone.post(log_address(stocked), filled(kind="counted", number="97"))
    address, cell = reverse("shelters:type_day_sheet", args=[stocked.uuid]), f"used.{rice.uuid}"
    yesterday = today - timedelta(days=1)
    answer = phone.post(address, {cell: "3", "occurred_on": yesterday, "key": str(uuid.uuid4())})
    assert "Rice was counted after that" in errors(answer)[cell]
    assert again(answer).status_code == 302
    assert selectors.held(stocked.store, rice) == 94


def test_medicine_without_a_last_day_is_asked_about_once(phone, filled, log_address, willow, pills, today):
    common = {"item": pills, "kind": "received", "line": str(pills.uuid), "unit": str(pills.uuid)}
    day = (today + timedelta(days=90)).isoformat()
    assert phone.post(log_address(willow), filled(**common, lot_code="P1", expires_on=day)).status_code == 302
    # The day of a known lot is known.
    assert phone.post(log_address(willow), filled(**common, lot_code="p1")).status_code == 302
    answer = phone.post(log_address(willow), filled(**common))
    assert answer.status_code == 422
    assert "write it" in errors(answer)["expires_on"]
    assert again(answer).status_code == 302
    assert Movement.objects.filter(lot=None, item=pills).count() == 1


def test_medicine_in_a_new_row_of_a_day_sheet_is_asked_for_its_last_day(phone, stocked, pills, today):
    address = reverse("shelters:type_day_sheet", args=[stocked.uuid])
    row = {"item.new1": str(pills.uuid), "lot_code.new1": "P1", "received.new1": "5"}
    answer = phone.post(address, row | {"occurred_on": today, "key": str(uuid.uuid4())})
    assert answer.status_code == 422
    assert "write it" in errors(answer)["expires_on.new1"]
    assert again(answer).status_code == 302
    assert Movement.objects.get(item=pills).lot.code == "P1"


def test_what_somebody_writes_among_the_questions_is_none(phone, filled, log_address, willow, coming):
    for written in ("\0", "x" * 20_000, "number"):
        answer = phone.post(log_address(willow), filled(kind="received", asked=written))
        assert answer.status_code == 422
        assert re.search(r'name="asked" value="[0-9a-f]{8}"', answer.content.decode())


def test_office_is_asked_about_a_delivery_and_led_to_the_arrival(as_user, sora, willow, rice, today, coming):
    client, address = as_user(sora), reverse("supply:book", args=[willow.store.uuid])
    body = {
        "line": str(rice.uuid), "number": "75", "unit": str(rice.uuid), "receipt_reason": "delivered",
        "occurred_on": today.isoformat(), "key": str(uuid.uuid4()),
    }  # fmt: skip
    answer = client.post(address, body)
    assert answer.status_code == 422
    assert reverse("supply:take_step", args=[coming.uuid, "receive"]) in answer.content.decode()
    assert again(answer).status_code == 302
