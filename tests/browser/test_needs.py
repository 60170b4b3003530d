"""The supply coordinator looks at what the coming days need, and sets a ration."""

from datetime import timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from playwright.sync_api import expect

from tests import factories
from tests.browser.coming_in import come_in


@pytest.fixture
def short_of_rice(transactional_db, willow, maple, rice, today):
    """Willow: 20 kg, a lot of 20 kg more that expires, ten people, three more expected."""
    factories.RationRuleFactory(item=rice, grams=400)
    factories.receive(willow.store, rice, 20, days_ago=3)
    factories.receive(maple.store, rice, 300, days_ago=3)
    lot = factories.LotFactory(item=rice, code="B-7", expires_on=today + timedelta(days=2))
    factories.MovementFactory(item=rice, lot=lot, destination=willow.store, quantity=20)
    for shelter in (willow, maple):
        factories.HeadCountFactory(shelter=shelter, people=10)
    for _person in range(3):
        soon = DateRange(today + timedelta(days=2), None)
        factories.StayFactory(shelter=willow, nights=soon, is_planned=True)
    return willow


def test_looking_at_the_need_and_setting_a_ration(desktop, short_of_rice, sora, rice, assert_accessible):
    come_in(desktop, sora)
    expect(desktop.get_by_text("6.8 kg will expire before it is used")).to_be_visible()
    assert_accessible(desktop)
    desktop.get_by_role("button", name="Needs").click()
    desktop.get_by_role("link", name="Need of the coming days").click()
    expect(desktop.get_by_text("Of all shelters, 1 runs out in the next 14 days.")).to_be_visible()
    expect(desktop.get_by_role("img", name="Stock of Rice at WILLOW, day by day")).to_be_visible()
    assert_accessible(desktop)
    desktop.get_by_role("button", name="Needs").click()
    desktop.get_by_role("link", name="Used and ration").click()
    expect(desktop.get_by_role("heading", name="Used and ration")).to_be_visible()
    assert_accessible(desktop)
    desktop.get_by_role("button", name="Needs").click()
    desktop.get_by_role("link", name="Rations", exact=True).click()
    desktop.get_by_role("link", name="Set a ration").click()
    desktop.get_by_label("Shelter").select_option("WILLOW")
    desktop.get_by_label("Grams a person and day").fill("350")
    assert_accessible(desktop)
    desktop.get_by_role("button", name="Save").click()
    expect(desktop.get_by_text("The ration is set.")).to_be_visible()
    expect(desktop.get_by_role("cell", name="350")).to_be_visible()


def test_the_need_on_a_phone(phone, short_of_rice, sora, assert_accessible):
    come_in(phone, sora)
    phone.goto("/shelters/forecast/?days=7")
    expect(phone.get_by_text("Of all shelters, 1 runs out in the next 7 days.")).to_be_visible()
    assert_accessible(phone)
