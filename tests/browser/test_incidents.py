"""Hana records a raid on her phone and goes on with its timeline."""

from playwright.sync_api import expect

from shelters.models import Incident
from tests.browser.coming_in import come_in


def test_recording_a_raid_and_what_came_of_it(phone, transactional_db, willow, hana, assert_accessible):
    come_in(phone, hana)
    phone.get_by_role("link", name="Record an incident").tap()
    expect(phone.get_by_label("Shelter")).to_have_value(str(willow.uuid))
    assert_accessible(phone)
    phone.get_by_text("Raid", exact=True).tap()
    phone.get_by_label("residents").fill("~3")
    phone.get_by_label("What happened to whom").fill("The cook was taken away")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("residents: about 3")).to_be_visible()
    expect(phone.get_by_text("The cook")).to_have_count(0)
    assert_accessible(phone)
    phone.get_by_role("link", name="Go on with the timeline").tap()
    phone.locator("[name=step]").select_option("released")
    assert_accessible(phone)
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("released")).to_be_visible()
    phone.get_by_role("link", name="What was paid").tap()
    phone.get_by_label("Amount").fill("3000-4000")
    phone.get_by_label("Currency").select_option("CNY")
    assert_accessible(phone)
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("CN¥3,000.00 to CN¥4,000.00")).to_be_visible()
    phone.get_by_role("link", name="Take back").tap()
    phone.get_by_label("Why it was wrong").fill("never paid")
    assert_accessible(phone)
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("taken back by Hana: never paid")).to_be_visible()
    phone.get_by_role("link", name="Correct a number").tap()
    phone.get_by_label("Who").select_option("residents")
    phone.get_by_label("How many").fill("2")
    phone.get_by_label("Why it was wrong").fill("the third was at work")
    assert_accessible(phone)
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("corrected by Hana: the third was at work")).to_be_visible()
    assert_accessible(phone)
    assert Incident.objects.get().notes.count() == 2
