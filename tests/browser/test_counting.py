"""Hana counts Willow's store on her phone; Sora finishes the count at her desk."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from supply import selectors
from supply.models import CountSheet
from tests import factories
from tests.browser.coming_in import come_in
from tests.browser.devices import DESKTOP, PHONE


@pytest.fixture
def stocked(transactional_db, willow, rice):
    factories.receive(willow.store, rice, 100, days_ago=3)
    factories.receive(willow.store, factories.ItemFactory(code="TEA", name="Tea"), 8)
    factories.StockLevelFactory(place=willow.store, item=rice, minimum=120)
    factories.StockAlertFactory(place=willow.store, item=rice, minimum=120, held=100)
    return willow


def test_store_is_counted_blind_and_finished_by_another(
    visit, stocked, hana, sora, rice, assert_accessible, console_errors
):
    page = visit(PHONE)
    come_in(page, hana)
    assert_accessible(page)
    page.get_by_role("link", name="Count the whole store").tap()
    expect(page.get_by_role("button", name="Begin to count")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Begin to count").tap()
    expect(page.get_by_role("button", name="hand in")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Rice", exact=True).fill("3")
    page.get_by_label("Unit of Rice").select_option("bag of 25 kg")
    page.get_by_label("Tea", exact=True).fill("8")
    page.context.set_offline(True)
    page.get_by_role("button", name="hand in").tap()
    expect(page.get_by_text("Not sent yet")).to_be_visible()  # and nothing of it is lost
    page.context.set_offline(False)
    assert all("ERR_INTERNET_DISCONNECTED" in error for error in console_errors)
    console_errors.clear()
    page.get_by_role("button", name="hand in").tap()
    expect(page.get_by_text("A colleague or the supply coordinator finishes it.")).to_be_visible()
    assert_accessible(page)

    page = visit(DESKTOP)
    come_in(page, sora)
    expect(page.get_by_text("ST-WILLOW: 100 kg of Rice, it should have 120 kg")).to_be_visible()
    assert_accessible(page)
    page.goto(reverse("supply:counts"))
    assert_accessible(page)
    page.goto(reverse("supply:count", args=[CountSheet.objects.get().uuid]))
    page.get_by_label("Reason for Rice").fill("a bag is missing")
    assert_accessible(page)
    page.get_by_role("button", name="Finish the count").click()
    expect(page.get_by_text("The count is finished")).to_be_visible()
    assert_accessible(page)
    assert selectors.held(stocked.store, rice) == 75
    for name in ("levels", "set_level", "on_day", "alerts", "months"):
        page.goto(reverse(f"supply:{name}"))
        assert_accessible(page)


def test_a_log_in_that_ended_meanwhile_loses_nothing_of_a_count(visit, stocked, rice, hana, console_errors):
    page = visit(PHONE)
    come_in(page, hana)
    page.get_by_role("link", name="Count the whole store").tap()
    page.get_by_role("button", name="Begin to count").tap()
    page.get_by_label("Rice", exact=True).fill("75")
    page.get_by_label("Tea", exact=True).fill("8")
    Session.objects.all().delete()
    for _time in range(2):  # tapped again before there is another log-in: the same
        page.get_by_role("button", name="hand in").tap()
        expect(page.get_by_text("Nothing was booked: your log-in has ended.")).to_be_visible()
    assert all("401" in error for error in console_errors)
    console_errors.clear()
    other = page.context.new_page()
    come_in(other, hana)
    page.bring_to_front()
    page.get_by_role("button", name="hand in").tap()
    expect(page.get_by_text("A colleague or the supply coordinator finishes it.")).to_be_visible()
    assert CountSheet.objects.get().lines.get(item=rice).counted == 75
