"""The day sheet: on paper, and typed in on a phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from supply import selectors
from supply.models import Lot
from tests import factories
from tests.browser.coming_in import come_in


@pytest.fixture
def stocked(transactional_db, willow, rice):
    factories.receive(willow.store, rice, 100, days_ago=3)
    for code in ("BEANS", "OIL", "SALT"):
        factories.receive(willow.store, factories.ItemFactory(code=code, name=code.title()), 20, days_ago=3)
    return willow


def test_paper_has_the_rows_and_nothing_else(desktop, stocked, hana, assert_accessible):
    come_in(desktop, hana)
    desktop.goto(reverse("shelters:day_sheet", args=[stocked.uuid]))
    assert_accessible(desktop)
    desktop.get_by_role("link", name="Show today's stock").click()
    expect(desktop.get_by_role("row", name="Rice kg 100")).to_be_visible()
    desktop.emulate_media(media="print")
    for on_screen in ("Print", "Leave now", "Menu"):
        expect(desktop.get_by_role("button", name=on_screen)).to_be_hidden()
    expect(desktop.get_by_role("row", name="Rice kg 100")).to_be_visible()


def test_sheet_is_typed_in_on_a_phone(phone, stocked, hana, rice, assert_accessible, console_errors):
    come_in(phone, hana)
    phone.get_by_role("link", name="Type in a day sheet").tap()
    expect(phone.get_by_role("heading", name="Type in a day sheet")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_label("Rice: used").fill("101")
    phone.get_by_label("Beans: counted").fill("18")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("There is only this much Rice at ST-WILLOW: 100 kg.")).to_be_visible()
    expect(phone.get_by_label("Beans: counted")).to_have_value("18")
    assert_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= phone.viewport_size["width"]
    phone.get_by_label("Rice: used").fill("10")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("The sheet is booked: 2 entries.")).to_be_visible()
    assert selectors.held(stocked.store, rice) == 90
    assert all("422" in error for error in console_errors)
    console_errors.clear()


def test_a_new_lot_is_typed_in_on_a_phone(
    phone, stocked, hana, rice, today, assert_accessible, console_errors
):
    come_in(phone, hana)
    phone.goto(reverse("shelters:type_day_sheet", args=[stocked.uuid]))
    phone.get_by_text("A new lot with its last day").tap()
    new = phone.get_by_role("group", name="New lot 1")
    new.get_by_label("Item").select_option("Rice · kg")
    new.get_by_label("Received").fill("50")
    new.get_by_label("Used").fill("60")
    new.get_by_label("Use by").fill((today + timedelta(days=90)).isoformat())
    new.get_by_label("Lot").fill("L-7")
    new.get_by_label("Lot").press("Enter")
    expect(new.get_by_text("There is only this much Rice L-7 at ST-WILLOW: 50 kg.")).to_be_visible()
    assert_accessible(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= phone.viewport_size["width"]
    new.get_by_label("Used").fill("6")
    new.get_by_label("Used").press("Enter")
    expect(phone.get_by_text("50 kg Rice L-7, came with a delivery")).to_be_visible()
    assert selectors.held(stocked.store, rice, Lot.objects.get(code="L-7")) == 44
    assert all("422" in error for error in console_errors)
    console_errors.clear()
