"""Two have the same page open; and the coordinator's register of places."""

from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from playwright.sync_api import expect

from shelters.models import Resident
from supply.models import Recipient
from tests import factories
from tests.browser.coming_in import come_in


def test_needs_written_meanwhile_stand_on_the_page_that_came_back(
    phone, transactional_db, willow, hana, today, assert_accessible, console_errors
):
    nights = DateRange(today - timedelta(days=2), None)
    guest = factories.StayFactory(
        resident=factories.ResidentFactory(code="X-9"), shelter=willow, nights=nights
    ).resident
    come_in(phone, hana)
    phone.goto(reverse("shelters:resident", args=[guest.uuid]))
    Resident.objects.filter(pk=guest.pk).update(needs="insulin, twice a day", origin="South")
    phone.get_by_label("Origin").fill("North")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("X-9 was changed meanwhile by a colleague.")).to_be_visible()
    expect(phone.get_by_text("It says now: South")).to_be_visible()
    expect(phone.get_by_label("Needs")).to_have_value("insulin, twice a day")
    expect(phone.get_by_label("Origin")).to_have_value("North")
    assert_accessible(phone)
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("Saved.")).to_be_visible()
    guest.refresh_from_db()
    assert (guest.needs, guest.origin) == ("insulin, twice a day", "North")
    assert all("422" in error for error in console_errors)
    console_errors.clear()


def test_a_recipient_is_added_and_changed(desktop, transactional_db, sora, assert_accessible):
    come_in(desktop, sora)
    desktop.goto(reverse("supply:recipients"))
    desktop.get_by_role("link", name="Add a recipient").click()
    assert_accessible(desktop)
    desktop.get_by_label("Code name").fill("RC-90")
    desktop.get_by_label("Real name").fill("Kim")
    desktop.get_by_role("button", name="Save").click()
    expect(desktop.get_by_text("RC-90")).to_be_visible()
    assert_accessible(desktop)
    desktop.get_by_role("link", name="Change", exact=True).click()
    desktop.get_by_label("People").fill("7")
    assert_accessible(desktop)
    desktop.get_by_role("button", name="Save").click()
    expect(desktop.get_by_text("Saved.")).to_be_visible()
    assert Recipient.objects.get().people == 7
    desktop.goto(reverse("supply:places"))
    desktop.get_by_role("link", name="Add a warehouse or giver").click()
    assert_accessible(desktop)
