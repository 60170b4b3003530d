"""At night with a sick child: Hana needs the address, Nari agrees on her own phone, two taps each."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.models import RevealEntry
from tests import factories
from tests.browser.devices import DESKTOP, PHONE
from tests.browser.test_logging_supplies import come_in


@pytest.fixture
def nari(transactional_db, willow):
    person = factories.UserFactory(name="Nari")
    factories.PostingFactory(user=person, shelter=willow)
    return person


def test_two_phones_agree_to_open_an_address(visit, hana, nari, willow, assert_accessible):
    first, second = visit(PHONE), visit(PHONE)
    come_in(first, hana)
    first.get_by_role("link", name="Open the address").tap()
    expect(first.get_by_role("heading", name="Open the address")).to_be_visible()
    assert_accessible(first)
    first.get_by_text("Somebody is ill or hurt").tap()
    first.get_by_role("button", name="Ask a second person").tap()
    expect(first.get_by_text("Waiting for a second person, until")).to_be_visible()
    expect(first.get_by_text("Nari")).to_be_visible()
    assert_accessible(first)

    come_in(second, nari)
    second.get_by_role("link", name="Waiting for a second person: Hana, WILLOW").tap()
    expect(second.get_by_text("“Somebody is ill or hurt”")).to_be_visible()
    assert_accessible(second)
    second.get_by_role("button", name="Agree").tap()
    expect(second.get_by_text("Agreed. Hana can go on now")).to_be_visible()
    expect(second.get_by_text("Nothing waits for you.")).to_be_visible()

    expect(first.get_by_text("Nari agreed.")).to_be_visible()  # the page looked by itself
    first.get_by_role("button", name="Open now").tap()
    expect(first.get_by_text("1 Hidden Lane, Nowhere")).to_be_visible()
    assert_accessible(first)
    assert "Hidden" not in first.url
    assert RevealEntry.objects.filter(outcome="opened", by=hana, second=nari).count() == 1


def test_a_value_leaves_the_screen_after_a_minute(visit, hana, willow, settings):
    settings.REVEAL_NEEDS_TWO = False
    phone = visit(PHONE)
    phone.clock.install()
    come_in(phone, hana)
    phone.goto(reverse("shelters:reveal_address", args=[willow.uuid]))
    phone.get_by_text("A delivery").tap()
    phone.get_by_role("button", name="Open", exact=True).tap()
    expect(phone.get_by_text("1 Hidden Lane, Nowhere")).to_be_visible()
    phone.clock.run_for(50_000)
    expect(phone.get_by_text("1 Hidden Lane, Nowhere")).to_be_visible()
    phone.clock.run_for(11_000)
    expect(phone.get_by_text("1 Hidden Lane, Nowhere")).to_have_count(0)
    expect(phone.get_by_text("It has left the screen.")).to_be_visible()


def test_an_administrator_in_an_emergency(visit, aya, hana, willow, assert_accessible):
    desk, phone = visit(DESKTOP), visit(PHONE)
    come_in(desk, aya)
    desk.goto(reverse("shelters:stock", args=[willow.uuid]))
    desk.get_by_role("link", name="Emergency: open the address").click()
    expect(desk.get_by_role("heading", name="Emergency")).to_be_visible()
    assert_accessible(desk)
    desk.get_by_text("Nobody there answers").click()
    desk.get_by_role("button", name="Ask for the second person now").click()
    expect(desk.get_by_text("Hana")).to_be_visible()

    come_in(phone, hana)
    phone.get_by_role("link", name="Waiting for a second person: Aya, WILLOW").tap()
    phone.get_by_role("button", name="Agree").tap()
    expect(phone.get_by_text("Agreed. Aya can go on now")).to_be_visible()

    desk.get_by_role("button", name="Open now").click()
    expect(desk.get_by_text("1 Hidden Lane, Nowhere")).to_be_visible()
    desk.goto(reverse("accounts:openings"))
    assert_accessible(desk)
    expect(desk.get_by_role("row", name="Aya").first).to_contain_text("open in an emergency")
