"""Hana, on her phone at Willow: in, log, done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from supply import selectors
from supply.models import Lot, Movement
from tests import factories
from tests.browser.coming_in import come_in
from tests.browser.devices import PHONE


@pytest.fixture
def stocked(transactional_db, willow, rice):
    """Willow with 100 kg of rice for ten people."""
    factories.receive(willow.store, rice, 100, days_ago=3)
    factories.RationRuleFactory(item=rice, grams=400)
    factories.HeadCountFactory(shelter=willow, people=10)
    return willow


def test_logging_a_use_of_rice(phone, stocked, hana, rice, assert_accessible):
    come_in(phone, hana)
    expect(phone.get_by_role("heading", name="WILLOW")).to_be_visible()
    expect(phone.get_by_text("25 days of Rice left")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("link", name="Log supplies").tap()
    expect(phone.get_by_role("heading", name="Log supplies")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_text("Used", exact=True).tap()
    phone.get_by_label("How much").fill("2")
    phone.get_by_label("Unit").select_option("bag of 25 kg")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("Booked: 2 × bag of 25 kg Rice, used.")).to_be_visible()
    expect(phone.get_by_text("In stock at WILLOW now: 50 kg")).to_be_visible()
    assert_accessible(phone)
    assert selectors.held(stocked.store, rice) == 50

    # The next one of the same kind: a number and Save.
    phone.get_by_label("How much").fill("1")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("In stock at WILLOW now: 25 kg")).to_be_visible()

    phone.get_by_role("button", name="take it back").tap()
    expect(phone.get_by_text("Taken back: 25 kg Rice.")).to_be_visible()
    assert selectors.held(stocked.store, rice) == 50


def test_a_long_item_is_read_whole(phone, stocked, hana, today):
    ointment = factories.ItemFactory(code="OINT", name="Ointment against burns, 50 g tube", base_unit="piece")
    lot = factories.LotFactory(item=ointment, code="O26-07-B", expires_on=today + timedelta(days=400))
    factories.MovementFactory(item=ointment, lot=lot, quantity=12, destination=stocked.store)
    come_in(phone, hana)
    phone.goto(reverse("shelters:log", args=[stocked.uuid]))
    box = phone.get_by_label("Item")
    box.select_option(label="Rice · 100 kg")
    one_line = box.bounding_box()["height"]
    box.select_option(f"{ointment.uuid}.{lot.uuid}")
    assert box.bounding_box()["height"] > one_line
    assert phone.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_units_follow_the_item(phone, stocked, hana):
    oil = factories.ItemFactory(code="OIL", name="Oil", base_unit="l")
    factories.PackFactory(item=oil, name="canister", quantity=10)
    come_in(phone, hana)
    phone.goto(reverse("shelters:log", args=[stocked.uuid]))
    units = phone.get_by_label("Unit").locator("option")
    assert units.all_text_contents() == ["kg", "bag of 25 kg"]
    phone.get_by_label("Item").select_option(label="Oil · 0 l")
    assert units.all_text_contents() == ["l", "canister"]
    reasons = phone.get_by_text("Bought", exact=True)
    expect(reasons).to_be_hidden()
    phone.get_by_text("Received", exact=True).tap()
    expect(reasons).to_be_visible()


def test_lot_and_last_day_of_what_came_in(phone, stocked, hana, rice, today, assert_accessible):
    soon = today + timedelta(days=200)
    come_in(phone, hana)
    phone.goto(reverse("shelters:log", args=[stocked.uuid]))
    expect(phone.get_by_label("Use by")).to_be_hidden()
    phone.get_by_text("Received", exact=True).tap()
    phone.get_by_label("How much").fill("50")
    phone.get_by_label("Lot", exact=True).fill("L-77")
    phone.get_by_label("Use by").fill(soon.isoformat())
    assert_accessible(phone)
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("Booked: 50 kg Rice L-77, came with a delivery.")).to_be_visible()
    assert selectors.held(stocked.store, rice, Lot.objects.get(code="L-77", expires_on=soon)) == 50


@pytest.mark.parametrize("scripts", [True, False])
def test_double_tap_books_once(scripts, visit, stocked, hana, rice):
    page = visit(PHONE, java_script_enabled=scripts)
    come_in(page, hana)
    page.goto(reverse("shelters:log", args=[stocked.uuid]))
    page.get_by_label("How much").fill("10")
    page.get_by_role("button", name="Save").dblclick()
    expect(page.get_by_text("In stock at WILLOW now: 90 kg")).to_be_visible()
    assert Movement.objects.filter(source=stocked.store).count() == 1


def test_refusal_keeps_the_form(phone, stocked, hana, rice, console_errors):
    come_in(phone, hana)
    phone.goto(reverse("shelters:log", args=[stocked.uuid]))
    phone.get_by_label("How much").fill("101")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("There is only this much Rice at ST-WILLOW: 100 kg.")).to_be_visible()
    expect(phone.get_by_label("How much")).to_have_value("101")
    phone.get_by_label("How much").fill("100")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("In stock at WILLOW now: 0 kg")).to_be_visible()
    # The browser itself notes the refused form in its console.
    assert [error for error in console_errors if "422" not in error] == []
    console_errors.clear()


def test_coordinator_sees_who_runs_out_first(desktop, stocked, sora, assert_accessible):
    come_in(desktop, sora)
    expect(desktop.get_by_role("heading", name="Who runs out when")).to_be_visible()
    expect(desktop.get_by_role("row", name="WILLOW")).to_contain_text("25")
    assert_accessible(desktop)
