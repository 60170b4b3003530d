"""The coordinator takes back any movement, by a linked row with a reason."""

import re
import uuid

import pytest
from django.conf import settings
from django.urls import reverse

from core.fiscal import month_of
from core.models import AuditEntry
from supply import selectors, services
from supply.models import Movement
from tests import factories
from tests.factories import receive
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db

LONG_AGO = settings.BACK_DATING_DAYS + 60


@pytest.fixture
def mistake(stocked, hana, entry):
    values = entry(quantity=7, document="slip 12", typed="7 kg")
    return services.log_use(by=hana, place=stocked.store, **values)


def page_of(movement, name="movement"):
    return reverse(f"supply:{name}", args=[movement.uuid])


def test_page_tells_who_when_what_was_typed_and_leads_to_the_correction(as_user, sora, mistake):
    client = as_user(sora)
    assert page_of(mistake) in client.get(reverse("supply:movements")).content.decode()
    shown = text_of(client.get(page_of(mistake)))
    assert re.search(r"Amount 7 kg From ST-WILLOW To used up Reason used", shown)
    assert "Hana" in shown
    assert "slip 12" in shown
    shown = text_of(client.post(page_of(mistake, "take_back"), {"reason": "wrong item"}, follow=True))
    assert "Taken back by Sora" in shown
    assert "wrong item" in shown
    assert "Take back" not in shown
    back = Movement.objects.get(reverses=mistake)
    assert "This takes back what Hana recorded" in text_of(client.get(page_of(back)))
    assert AuditEntry.objects.get(action="stock.reversed").reason == "wrong item"


def test_one_page_costs_few_queries(as_user, sora, mistake, django_assert_num_queries):
    client = as_user(sora)
    with django_assert_num_queries(8):
        client.get(page_of(mistake))


def test_reason_is_needed(as_user, sora, mistake):
    answer = as_user(sora).post(page_of(mistake, "take_back"), {"reason": "  "})
    assert answer.status_code == 422
    assert "Say why this entry is taken back." in text_of(answer)
    assert not Movement.objects.filter(reverses=mistake).exists()


def test_second_press_is_the_same_correction(as_user, sora, mistake):
    client = as_user(sora)
    for _ in range(2):
        answer = client.post(page_of(mistake, "take_back"), {"reason": "wrong item"})
        assert answer.url == page_of(mistake)
    assert Movement.objects.filter(reverses=mistake).count() == 1


def test_somebody_elses_correction_and_a_correction_itself_are_told(as_user, sora, hana, mistake, today):
    back = services.reverse_movement(by=hana, movement=mistake, today=today, reason="mistyped")
    client = as_user(sora)
    for movement, sentence in (
        (mistake, "has already been taken back"), (back, "A correction cannot be taken back itself"),
    ):  # fmt: skip
        answer = client.post(page_of(movement, "take_back"), {"reason": "again"})
        assert answer.status_code == 422
        assert sentence in text_of(answer)


@pytest.mark.parametrize("dated_today", [False, True])
def test_old_mistake_goes_back_on_its_day_or_today(dated_today, as_user, sora, store, rice, today):
    old = receive(store, rice, 5, days_ago=LONG_AGO)
    data = {"reason": "never came"} | ({"dated_today": "on"} if dated_today else {})
    as_user(sora).post(page_of(old, "take_back"), data)
    assert Movement.objects.get(reverses=old).occurred_on == (today if dated_today else old.occurred_on)
    assert selectors.check_ledger() == []


def test_mistake_of_a_closed_month_goes_back_today(as_user, sora, store, rice, today):
    old = receive(store, rice, 5, days_ago=LONG_AGO)
    services.close_month(by=sora, month=month_of(old.occurred_on), today=today)
    client = as_user(sora)
    assert "Its month is closed" in text_of(client.get(page_of(old, "take_back")))
    client.post(page_of(old, "take_back"), {"reason": "never came"})
    assert Movement.objects.get(reverses=old).occurred_on == today


def test_stock_that_is_gone_cannot_be_taken_back(as_user, sora, hana, store, rice, entry):
    came = receive(store, rice, 10)
    services.log_use(by=hana, place=store, **entry(quantity=8))
    answer = as_user(sora).post(page_of(came, "take_back"), {"reason": "never came"})
    assert answer.status_code == 422
    assert "There is only this much Rice at ST-OAK: 2 kg." in text_of(answer)


def test_auditor_sees_the_page_without_the_button_and_without_routes(as_user, otto, warehouse):
    routed = factories.MovementFactory(route=factories.RouteFactory(code="RN-77"), destination=warehouse)
    shown = as_user(otto).get(page_of(routed)).content.decode()
    assert page_of(routed, "take_back") not in shown
    assert "RN-77" not in shown


def test_field_staff_keep_their_ten_minutes(as_user, hana, stocked, mistake, rice):
    undo = reverse("shelters:undo", args=[stocked.uuid, mistake.uuid])
    as_user(hana).post(undo)
    assert selectors.held(stocked.store, rice) == 100
    old = receive(stocked.store, rice, 5)
    old_undo = reverse("shelters:undo", args=[stocked.uuid, old.uuid])
    as_user(hana).post(old_undo)
    assert not Movement.objects.filter(reverses=old).exists()


def test_step_of_a_consignment_is_taken_back_on_its_own_page(as_user, sora, willow, rice, today):
    line = factories.sent_line(willow.store, rice)
    part = {"consignment": line.consignment, "amounts": {line: line.sent}, "key": uuid.uuid4()}
    services.receive_part(by=sora, on=today, today=today, **part)
    code, consignment = line.consignment.code, reverse("supply:consignment", args=[line.consignment.uuid])
    for booking in line.bookings.all():
        shown = as_user(sora).get(page_of(booking.movement)).content.decode()
        assert page_of(booking.movement, "take_back") not in shown
        assert consignment in shown
        assert f"A step of {code}" in shown


def test_what_was_counted_since_is_asked_about_once(as_user, sora, hana, stocked, mistake, rice, entry):
    """Used 7 of 100, then 93 counted: taken back, the ledger would say 100 again."""
    services.log_count(by=hana, place=stocked.store, **entry(quantity=93))
    client, address = as_user(sora), page_of(mistake, "take_back")
    answer = client.post(address, {"reason": "mistyped"})
    assert answer.status_code == 422
    assert "Rice was counted after this entry" in text_of(answer)
    assert selectors.held(stocked.store, rice) == 93
    for _ in range(2):
        again = {"reason": "mistyped", "asked": answer.context["form"]["asked"].value()}
        assert client.post(address, again).status_code == 302
    assert selectors.held(stocked.store, rice) == 100


def test_a_count_of_before_of_another_lot_or_taken_back_asks_nothing(
    as_user, sora, hana, stocked, rice, entry, today
):
    services.log_count(by=hana, place=stocked.store, **entry(quantity=90))
    use = services.log_use(by=hana, place=stocked.store, **entry(quantity=7))
    lot = factories.LotFactory(item=rice)
    services.log_count(by=hana, place=stocked.store, **entry(quantity=3, lot=lot))
    wrong = services.log_count(by=hana, place=stocked.store, **entry(quantity=1))
    services.reverse_movement(by=hana, movement=wrong.movement, today=today, reason="mistyped")
    assert selectors.counts_since(use) == []
    assert as_user(sora).post(page_of(use, "take_back"), {"reason": "mistyped"}).status_code == 302


def test_ten_minutes_ask_too_what_was_counted_since(as_user, hana, stocked, mistake, rice, entry):
    services.log_count(by=hana, place=stocked.store, **entry(quantity=93))
    client, undo = as_user(hana), reverse("shelters:undo", args=[stocked.uuid, mistake.uuid])
    answer = client.post(undo)
    assert answer.status_code == 422
    assert "Rice was counted after this entry" in text_of(answer)
    assert selectors.held(stocked.store, rice) == 93
    client.post(undo, {"asked": answer.context["form"]["asked"].value()})
    assert selectors.held(stocked.store, rice) == 100
