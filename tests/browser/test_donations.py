"""The finance officer's day: book what came, give one back, and find both in the register."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.coming_in import come_in
from tests.browser.devices import DESKTOP, PHONE


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_a_gift_is_booked_and_partly_given_back(visit, kenji, size, assert_accessible, console_errors):
    factories.FundFactory(code="GENERAL", name="General fund")
    factories.DonorFactory(code="D-0007", name="Ito Hanako")
    page = visit(size)
    come_in(page, kenji)
    page.get_by_role("link", name="Record a donation").click()
    page.get_by_label("Donor").fill("D-0007")
    page.get_by_label("Amount").fill("15000")
    assert_accessible(page)
    page.get_by_role("button", name="Book it").click()
    expect(page.get_by_role("status").first).to_contain_text("Booked.")
    expect(page.get_by_role("cell", name="Ito Hanako")).to_be_visible()
    page.get_by_role("link", name="Refund").click()
    page.get_by_label("Refund amount").fill("20000")
    page.get_by_label("Reason").fill("sent twice")
    page.get_by_role("button", name="Book the refund").click()
    expect(page.get_by_text("At most ¥15,000 of this donation can still be given back.")).to_be_visible()
    assert_accessible(page)
    assert [error for error in console_errors if "422" not in error] == []
    console_errors.clear()  # the browser tells of the refusal, too
    page.get_by_label("Refund amount").fill("5000")
    page.get_by_role("button", name="Book the refund").click()
    expect(page.get_by_role("cell", name="-¥5,000").first).to_be_visible()
