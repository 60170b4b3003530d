"""One thumb, a bad network: what the form of the field does on a phone."""

import pytest
from django.urls import reverse
from playwright.sync_api import Error, expect

from supply import selectors
from supply.models import Movement
from tests import factories
from tests.browser.coming_in import come_in
from tests.browser.devices import PHONE

THUMB = 44  # pixels
CONTROLS = "main :is(button, .btn, select, input:not([type=hidden]), summary)"


@pytest.fixture
def stocked(transactional_db, willow, rice, hana):
    """Willow with 100 kg of rice for seven people, and a second shelter of Hana's."""
    factories.receive(willow.store, rice, 100, days_ago=3)
    factories.RationRuleFactory(item=rice, grams=400)
    factories.HeadCountFactory(shelter=willow, people=7)
    factories.PostingFactory(user=hana, shelter=factories.ShelterFactory(code="OAK"))
    return willow


@pytest.fixture
def address(stocked):
    return reverse("shelters:log", args=[stocked.uuid])


def cut_after_arrival(page, address):
    """The next form sent to the address arrives, and its answer does not come back."""

    cut = []

    def arrive_and_fall_silent(route):
        if route.request.method != "POST" or cut:
            route.continue_()
            return
        cut.append(route.fetch(max_redirects=0))
        route.abort("connectionreset")

    page.route(f"**{address}", arrive_and_fall_silent)


def test_ration_of_today_in_one_tap_and_taken_back_in_one(
    phone, stocked, address, hana, rice, assert_accessible
):
    come_in(phone, hana)
    phone.goto(address)
    assert_accessible(phone)
    phone.get_by_role("button", name="2.8 kg Rice for 7 people: used").tap()
    expect(phone.get_by_text("Booked: 2.8 kg Rice, used.")).to_be_visible()
    assert selectors.held(stocked.store, rice) * 10 == 972
    phone.get_by_role("button", name="take it back").tap()
    expect(phone.get_by_text("Taken back: 2.8 kg Rice.")).to_be_visible()
    assert selectors.held(stocked.store, rice) == 100


def test_units_follow_the_item_while_the_great_scripts_are_on_their_way(phone, stocked, address, hana):
    factories.receive(stocked.store, factories.ItemFactory(code="TEA", name="Tea", base_unit="piece"), 8)
    come_in(phone, hana)
    waiting = []
    phone.route("**/bootstrap.bundle*", lambda route: waiting.append(route))
    phone.goto(address, wait_until="commit")
    phone.get_by_label("Item").select_option(label="Tea · 8 pieces")
    expect(phone.get_by_label("Unit").locator("option")).to_have_text(["piece"])
    waiting[0].continue_()


def test_everything_is_big_enough_for_a_thumb_and_save_stays_within_its_reach(phone, address, hana):
    come_in(phone, hana)
    phone.goto(address)
    for kind in ("Moved", "Lost or spoiled", "Received"):
        phone.get_by_text(kind, exact=True).first.tap()
        for control in phone.locator(
            "main :is(button, .btn, select, input:not([type=hidden]), summary)"
        ).all():
            box = control.bounding_box() if control.is_visible() else None
            if box is not None and box["width"] > 1:  # a radio lies behind its label
                assert box["height"] >= THUMB, control.evaluate("one => one.outerHTML")
    height = phone.viewport_size["height"]
    for place in (0, 200):
        phone.evaluate("y => scrollTo(0, y)", place)
        save = phone.get_by_role("button", name="Save").bounding_box()
        assert height / 2 <= save["y"] <= height - THUMB


def test_cut_after_the_form_was_sent_it_is_sent_again_and_booked_once(
    phone, stocked, address, hana, rice, console_errors
):
    come_in(phone, hana)
    phone.goto(address)
    phone.get_by_label("How much").fill("10")
    cut_after_arrival(phone, address)
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("Not sent yet: there is no network.")).to_be_visible()
    expect(phone.get_by_label("How much")).to_have_value("10")
    assert selectors.held(stocked.store, rice) == 90  # it had arrived
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("Booked: 10 kg Rice, used.")).to_be_visible()
    assert Movement.objects.filter(source=stocked.store).count() == 1
    stored = phone.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert '"10"' not in stored
    assert all("ERR_CONNECTION_RESET" in error for error in console_errors)
    console_errors.clear()


def test_without_script_the_browser_sends_the_same_form_again(
    visit, stocked, address, hana, rice, console_errors
):
    page = visit(PHONE, java_script_enabled=False)
    come_in(page, hana)
    page.goto(address)
    page.get_by_label("How much").fill("10")
    cut_after_arrival(page, address)
    page.get_by_role("button", name="Save").click(no_wait_after=True)
    with pytest.raises(Error, match="ERR_CONNECTION_RESET"):
        page.wait_for_url("chrome-error://**")
    page = page.context.new_page()
    page.goto(address)
    expect(page.get_by_text("Booked: 10 kg Rice, used.")).to_be_visible()  # nobody books it a second time
    assert Movement.objects.filter(source=stocked.store).count() == 1
    console_errors.clear()


def test_refusal_comes_to_the_same_page(phone, address, hana, console_errors):
    come_in(phone, hana)
    phone.goto(address)
    phone.get_by_text("Moved", exact=True).tap()
    phone.get_by_label("How much").fill("1,500")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("1,500 can be read in two ways.")).to_be_visible()
    phone.get_by_label("How much").fill("1,5")
    phone.get_by_text("OAK", exact=True).tap()
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("Booked: 1.5 kg Rice, moved to ST-OAK.")).to_be_visible()
    assert all("422" in error for error in console_errors)
    console_errors.clear()


def test_asked_because_it_was_counted_since_the_second_press_takes_back(
    phone, stocked, address, hana, rice, console_errors
):
    come_in(phone, hana)
    phone.goto(address)
    for kind, number in (("Used", "10"), ("Counted", "88")):
        phone.get_by_text(kind, exact=True).tap()
        phone.get_by_label("How much").fill(number)
        phone.get_by_role("button", name="Save").tap()
        expect(phone.get_by_text("In stock at WILLOW now")).to_contain_text(
            "90 kg" if kind == "Used" else "88 kg"
        )
    phone.goto(reverse("shelters:stock", args=[stocked.uuid]))
    phone.get_by_role("listitem").filter(has_text="−10 kg Rice").get_by_role("button").tap()
    expect(phone.get_by_text("Rice was counted after this entry")).to_be_visible()
    phone.get_by_role("button", name="Take back").tap()
    expect(phone.get_by_text("Taken back: 10 kg Rice.")).to_be_visible()
    assert selectors.held(stocked.store, rice) == 98
    assert all("422" in error for error in console_errors)
    console_errors.clear()
