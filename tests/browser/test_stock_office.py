"""Sora books at any of our places, looks at what was booked, and takes a mistake back."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from supply import selectors
from supply.enums import PlaceKind
from supply.models import Movement
from tests import factories
from tests.browser.coming_in import come_in
from tests.browser.devices import DESKTOP, PHONE


@pytest.fixture
def depot(transactional_db, rice):
    depot = factories.PlaceFactory(code="DEPOT", kind=PlaceKind.WAREHOUSE)
    factories.receive(depot, rice, 100, days_ago=3)
    return depot


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_waybill_is_booked_and_a_mistake_taken_back(size, visit, depot, rice, sora, assert_accessible):
    page = visit(size)
    come_in(page, sora)
    page.goto(reverse("supply:places"))
    assert_accessible(page)
    page.get_by_role("link", name="Book", exact=True).click()
    expect(page.get_by_role("heading", name="Book at DEPOT")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Item").select_option(label="Rice · 100 kg")
    page.get_by_label("How much").fill("3")
    page.get_by_label("Unit").select_option("bag of 25 kg")
    page.get_by_label("Where from").select_option("given")
    page.get_by_label("Lot").fill("L-77")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Booked: 3 × bag of 25 kg Rice, given.")).to_be_visible()
    assert selectors.totals([depot.pk], [rice.pk]) == {(depot.pk, rice.pk): 175}
    assert_accessible(page)

    page.get_by_role("link", name="Look at it").click()
    expect(page.get_by_text("typed: 3 × bag of 25 kg")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Take back").click()
    page.get_by_label("Reason").fill("counted twice")
    assert_accessible(page)
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Taken back by Sora")).to_be_visible()
    assert Movement.objects.get(reverses__isnull=False).quantity == 75
    page.goto(reverse("supply:change_item", args=[rice.uuid]))
    expect(page.get_by_text("bag of 25 kg · 25 kg")).to_be_visible()
    assert_accessible(page)
    page.goto(reverse("supply:close_month"))
    assert_accessible(page)
