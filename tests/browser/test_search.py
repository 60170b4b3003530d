"""Aya looks for a person by name: the name stands in no address, and nothing of the page in the browser."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.devices import DESKTOP
from tests.browser.test_policy import come_in


@pytest.fixture
def people(aya, hana, miki):
    for number in range(30):
        factories.UserFactory(name=f"Reader {number:02}")
    return aya


def rows(page: Page):
    return page.locator("table.register tbody tr")


def test_a_search_lives_through_sorting_back_and_reload(desktop, people, live_server):
    come_in(desktop, people, live_server)
    desktop.goto("/accounts/people/")
    desktop.get_by_role("textbox", name="Search").press_sequentially("reader", delay=20)
    expect(desktop.get_by_text("30 rows")).to_be_visible()
    expect(desktop).to_have_url(re.compile(r"/accounts/people/\?find=[\w-]+"))
    found = desktop.url

    desktop.get_by_role("link", name="Name").first.click()
    expect(rows(desktop).first).to_contain_text("Reader 00")
    desktop.get_by_role("link", name="next").click()
    expect(rows(desktop)).to_have_count(5)

    desktop.goto(found)
    desktop.get_by_label("Role").select_option("auditor")
    expect(desktop.get_by_text("0 rows")).to_be_visible()
    expect(desktop).to_have_url(re.compile("role=auditor"))
    desktop.go_back()
    expect(desktop.get_by_text("30 rows")).to_be_visible()
    expect(desktop.get_by_role("textbox", name="Search")).to_have_value("reader")
    desktop.reload()
    expect(desktop.get_by_text("30 rows")).to_be_visible()
    assert "reader" not in desktop.url
    assert (
        desktop.evaluate("JSON.stringify(sessionStorage) + JSON.stringify(localStorage)").count("Reader") == 0
    )


def test_a_search_works_without_scripts(visit, people, live_server):
    page = visit(DESKTOP, java_script_enabled=False)
    come_in(page, people, live_server)
    page.goto("/accounts/people/")
    page.get_by_role("textbox", name="Search").fill("Miki")
    page.get_by_role("textbox", name="Search").press("Enter")
    expect(rows(page)).to_have_count(1)
    assert "find=" in page.url
    assert "Miki" not in page.url


def test_a_search_of_somebody_else_says_that_it_has_ended(desktop, people, live_server, assert_accessible):
    come_in(desktop, people, live_server)
    desktop.goto("/accounts/people/?find=of-somebody-else")
    expect(desktop.get_by_role("status")).to_contain_text("This search has ended")
    assert_accessible(desktop)
