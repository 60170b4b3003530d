"""Sora at her desk sends rice on its way until it is settled; Hana says on her phone what came."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from supply import selectors
from supply.enums import PlaceKind
from supply.models import Consignment
from tests import factories
from tests.browser.coming_in import come_in


@pytest.fixture
def depot(transactional_db, rice):
    """A warehouse with 200 kg of rice, and somebody to receive it."""
    place = factories.PlaceFactory(code="DEPOT", kind=PlaceKind.WAREHOUSE)
    factories.receive(place, rice, 200, days_ago=3)
    factories.RecipientFactory(code="R-9", kind="orphanage", publishable_place="a northern town")
    return place


def test_from_the_plan_to_the_settled_consignment(desktop, depot, rice, sora, willow, assert_accessible):
    route = factories.RouteFactory(code="RN-01")
    factories.RouteTargetFactory(route=route, kilograms_a_month=100)
    come_in(desktop, sora)
    desktop.goto(reverse("supply:consignments"))
    desktop.get_by_role("link", name="Plan a consignment").click()
    expect(desktop.get_by_role("heading", name="At DEPOT: in stock")).to_be_visible()
    assert_accessible(desktop)
    for number, (amount, end) in enumerate((("3 bags of 25 kg", "ST-WILLOW"), ("25", "R-9"))):
        desktop.get_by_label("Item").nth(number).select_option(label="Rice · 200 kg free")
        desktop.get_by_label("Amount").nth(number).fill(amount)
        choice = desktop.get_by_label("To", exact=True).nth(number)
        choice.select_option(choice.locator("option", has_text=end).get_attribute("value"))
    desktop.get_by_label("Route").select_option("RN-01 (food)")
    desktop.get_by_label("Courier").fill("Magpie")
    desktop.get_by_role("button", name="Plan it").click()
    expect(desktop.get_by_role("link", name="Pack", exact=True)).to_be_visible()
    expect(desktop.get_by_text("R-9 · orphanage, a northern town")).to_be_visible()
    expect(desktop.get_by_text("Magpie")).to_have_count(0)
    assert_accessible(desktop)

    desktop.get_by_role("link", name="Pack", exact=True).click()
    expect(desktop.get_by_label("Amount").first).to_have_value("3 × bag of 25 kg")
    assert_accessible(desktop)
    desktop.get_by_role("button", name="Packed").click()
    desktop.get_by_role("link", name="Send", exact=True).click()
    desktop.get_by_role("button", name="Book it").click()
    expect(desktop.get_by_text("under way", exact=True)).to_be_visible()
    assert selectors.held(depot, rice) == 100

    desktop.get_by_role("link", name="All that is under way arrived").click()
    desktop.get_by_label("Amount").first.fill("2 bags")  # of the first line a bag did not
    assert_accessible(desktop)
    desktop.get_by_role("button", name="Book it").click()
    desktop.get_by_role("link", name="A part was lost").click()
    desktop.get_by_label("Amount").first.fill("20 kg")
    desktop.get_by_text("Taken or confiscated").click()
    desktop.get_by_label("What happened").fill("a check point")
    desktop.get_by_role("button", name="Book it").click()
    expect(desktop.get_by_role("link", name="A part came back")).to_be_visible()
    expect(desktop.get_by_role("link", name="Settle")).to_have_count(0)
    desktop.get_by_role("link", name="A part came back").click()
    desktop.get_by_label("Amount").first.fill("5")
    desktop.get_by_label("Why it came back").fill("no room")
    desktop.get_by_role("button", name="Book it").click()
    desktop.get_by_role("link", name="Settle", exact=True).click()
    desktop.get_by_role("button", name="Book it").click()
    expect(desktop.get_by_text("settled", exact=True)).to_be_visible()
    expect(desktop.get_by_role("row", name="ST-WILLOW")).to_contain_text("50 kg 20 kg 5 kg 0 kg")
    assert_accessible(desktop)
    assert Consignment.objects.get().state == "settled"

    desktop.get_by_role("link", name="Found later").click()
    desktop.get_by_label("Amount").fill("20")
    desktop.get_by_label("Where it turned up").fill("behind the mill")
    desktop.get_by_role("button", name="Book it").click()
    expect(desktop.get_by_role("row", name="ST-WILLOW")).to_contain_text("70 kg 0 kg 5 kg 0 kg")

    desktop.get_by_role("link", name="RN-01").click()
    expect(desktop.get_by_role("img", name="Kilograms carried over RN-01")).to_be_visible()
    assert_accessible(desktop)
    desktop.goto(reverse("supply:board"))
    desktop.get_by_text("Month by month").click()
    expect(desktop.get_by_role("row", name="The year")).to_contain_text("1,200 95")
    assert_accessible(desktop)


def test_what_arrived_is_said_on_the_phone(phone, willow, hana, rice, assert_accessible):
    line = factories.sent_line(willow.store, rice, 75)
    come_in(phone, hana)
    phone.get_by_role("link", name="1 kind of goods is on its way to you").tap()
    expect(phone.get_by_text("75 kg")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("link", name="Say what arrived").tap()
    expect(phone.get_by_label("How much arrived")).to_have_value("75")
    assert_accessible(phone)
    phone.get_by_label("How much arrived").fill("2")
    phone.get_by_label("Unit").select_option("bag of 25 kg")
    phone.get_by_role("button", name="Save").dblclick()
    expect(phone.get_by_text(f"Booked: what arrived of {line.consignment.code}.")).to_be_visible()
    assert selectors.held(willow.store, rice) == 50


def test_a_standing_plan_makes_its_draft(desktop, depot, rice, sora, assert_accessible):
    route = factories.RouteFactory(code="RN-01")
    come_in(desktop, sora)
    desktop.goto(reverse("supply:route", args=[route.uuid]))
    desktop.get_by_role("link", name="Make a standing plan").click()
    assert_accessible(desktop)
    desktop.get_by_label("Item").first.select_option(label="Rice")
    desktop.get_by_label("Amount").first.fill("4 bags")
    choice = desktop.get_by_label("To", exact=True).first
    choice.select_option(choice.locator("option", has_text="R-9").get_attribute("value"))
    desktop.get_by_role("button", name="Save the plan").click()
    expect(desktop).to_have_url(re.compile(reverse("supply:route", args=[route.uuid]) + "$"))
    desktop.goto(reverse("supply:plans"))
    assert_accessible(desktop)
    desktop.get_by_role("button", name="Make the drafts").click()
    expect(desktop.get_by_text("1 draft was made.")).to_be_visible()
    assert Consignment.objects.get().lines.get().planned == 100
