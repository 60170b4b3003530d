"""Hana, on her phone, empties Willow."""

import re

import pytest
from playwright.sync_api import expect

from shelters.models import Evacuation, Stay
from supply import selectors
from tests import factories as f
from tests.browser.coming_in import come_in


@pytest.fixture
def lived_in(transactional_db, willow, hana, rice, sora):
    """Two people and 100 kg of rice at Willow; Hana works at Oak too."""
    for number in (1, 2):
        f.StayFactory(resident=f.ResidentFactory(code=f"X-{number}"), shelter=willow)
    f.receive(willow.store, rice, 100, days_ago=3)
    f.PostingFactory(user=hana, shelter=f.ShelterFactory(code="OAK"))
    return willow


def test_everybody_and_everything_leaves(phone, lived_in, hana, today, assert_accessible):
    come_in(phone, hana)
    phone.get_by_role("link", name="WILLOW").tap()
    phone.get_by_role("link", name="Evacuate").tap()
    phone.get_by_label("Why").fill("police next door")
    assert_accessible(phone)
    phone.get_by_role("button", name="Evacuate now").tap()
    expect(phone.get_by_role("heading", name="1. Where each person goes")).to_be_visible()
    assert_accessible(phone)

    phone.get_by_role("link", name=re.compile("Goes.*X-1")).tap()
    phone.get_by_text("Moved to another shelter").tap()
    phone.get_by_text("OAK", exact=True).tap()
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("→ OAK")).to_be_visible()
    assert [stay.shelter.code for stay in Stay.objects.on(today).filter(resident__code="X-1")] == ["OAK"]

    # Stopped here, and taken up again from the shelter's page.
    phone.get_by_role("link", name="WILLOW").tap()
    phone.get_by_role("link", name="This shelter is being evacuated").tap()
    phone.get_by_role("link", name=re.compile("Goes.*X-2")).tap()
    phone.get_by_text("Not known", exact=True).tap()
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("Nobody is left there.")).to_be_visible()

    phone.get_by_role("link", name="1 line is left").tap()
    expect(phone.get_by_label("Rice")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_label("Rice").select_option("moved to ST-OAK")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("The store is empty.")).to_be_visible()
    assert selectors.held(lived_in.store, selectors.items().get(code="RICE")) == 0

    phone.get_by_role("button", name=re.compile("Reached.*Sora")).tap()
    expect(phone.get_by_role("button", name=re.compile("Reached"))).to_have_count(0)
    phone.get_by_role("button", name="Everybody is out: finish").tap()
    expect(phone.get_by_text("Finished. An administrator closes the shelter.")).to_be_visible()
    assert_accessible(phone)
    assert Evacuation.objects.get().finished_by == hana
