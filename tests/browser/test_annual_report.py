"""Aya drafts the report of the year, follows a figure to its records, and takes the draft home."""

import json
import re

import pytest
from celery import current_app
from django.utils import timezone
from playwright.sync_api import expect

from core.fiscal import fiscal_year_of
from reports import services, tasks
from tests.browser.coming_in import come_in
from tests.factories import RecipientFactory
from tests.reports.conftest import deliver, log

pytestmark = pytest.mark.usefixtures("_worker_at_once")


@pytest.fixture
def _worker_at_once():
    """The task runs where it is sent from: this journey is about the pages, not the queue."""
    current_app.conf.task_always_eager = True
    yield
    current_app.conf.task_always_eager = False


@pytest.fixture
def last_year(transactional_db, rice):
    """Two rescues and some food in the last finished year."""
    year = fiscal_year_of(timezone.localdate()).previous
    log("rescue", {"people": 3}, milestone="safe_zone", starts_on=year.first_day, starts_precision="month")
    log("rescue", {"people": 4}, milestone="safe_zone", starts_on=year.last_day)
    log("event", is_listed=True, title="A conference", starts_on=year.first_day, publishable_place="Tokyo")
    deliver(RecipientFactory(publishable_place="North Province"), rice, 2500, year.first_day)
    return year


def test_aya_drafts_the_report(desktop, last_year, aya, assert_accessible):
    come_in(desktop, aya)
    expect(desktop.get_by_role("heading", name="Annual report", exact=True)).to_be_visible()
    assert_accessible(desktop)
    expect(desktop.get_by_role("combobox", name="Fiscal year")).to_have_value(str(last_year.number))
    desktop.get_by_role("button", name="Draft the report").click()

    expect(desktop.get_by_role("heading", level=1)).to_contain_text(f"Fiscal year {last_year.number}")
    expect(desktop.get_by_text("brought seven people to a safe zone")).to_be_visible()
    assert_accessible(desktop)

    report = desktop.url
    with desktop.expect_download() as taken:
        desktop.get_by_role("link", name="JSON").click()
    figures = {one["key"]: one for one in json.loads(taken.value.path().read_text())["figures"]}
    assert figures["people_to_safe_zones"]["value"] == 7
    assert figures["food_inside"]["value"] == 2.5

    desktop.get_by_role("link", name="seven people").first.click()
    expect(desktop).to_have_url(re.compile(figures["people_to_safe_zones"]["records"]["url"]))
    expect(desktop.get_by_role("heading", name="People brought to safe zones")).to_be_visible()
    expect(desktop.locator("tbody tr")).to_have_count(figures["people_to_safe_zones"]["records"]["count"])
    assert_accessible(desktop)

    desktop.goto(report)
    desktop.get_by_role("link", name="Edit: Rescue").click()
    assert_accessible(desktop)
    desktop.get_by_role("textbox", name="Text").fill("We are glad: {{people_to_safe_zones}} are safe.")
    desktop.get_by_role("button", name="Save").click()
    expect(desktop.get_by_text("We are glad: seven people are safe.")).to_be_visible()


def test_auditor_reads_the_draft_on_a_phone(phone, last_year, otto, aya, assert_accessible):
    report = services.start_draft(by=aya, year=last_year, language="en")
    tasks.draft_annual_report(str(report.uuid))
    come_in(phone, otto)
    phone.get_by_role("link", name=f"Fiscal year {last_year.number} · English").click()
    expect(phone.get_by_text("2.5 tons").first).to_be_visible()
    expect(phone.get_by_role("link", name="Edit: Rescue")).to_have_count(0)
    assert phone.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(phone)
