"""In by invitation, in by one tap of the sample, and out again, as people do it."""

import re

import pytest
from playwright.sync_api import expect

from accounts import sample, services
from accounts.selectors import system_user
from core.models import OutboxMessage
from tests.browser.devices import DESKTOP, PHONE

NEW = "seven lanterns over the river"


@pytest.fixture(autouse=True)
def _sample(settings, tmp_path, live_server):
    settings.SAMPLE = True
    settings.SAMPLE_LOG_INS = tmp_path / "log-ins.txt"
    settings.SITE_URL = live_server.url


def one_tap(page, person) -> None:
    page.goto("/log-in/")
    page.get_by_role("button", name=re.compile(person.email)).click()


def test_an_invited_person_sets_a_password_and_comes_in(visit, aya, assert_accessible):
    sample.write_log_ins(services.give_sample_password(by=system_user(), password="a-b-c"), "a-b-c")
    desk = visit(DESKTOP)
    one_tap(desk, aya)
    desk.goto("/accounts/people/")
    desk.get_by_role("link", name="Invite a person").click()
    assert_accessible(desk)
    desk.get_by_label("E-mail").fill("nana@example.org")
    desk.get_by_label("Name").fill("Nana")
    desk.get_by_role("radio", name=re.compile("auditor")).check()
    desk.get_by_label("Language").select_option("en")
    desk.get_by_role("button", name="Invite").click()
    expect(desk.get_by_role("status")).to_contain_text("Invited.")
    desk.goto("/accounts/mailbox/")
    assert_accessible(desk)
    desk.get_by_role("link", name="Your log-in").click()
    link = desk.locator("a[href*='/password/new/']").get_attribute("href")

    # As from a web mailer: another site's page, in a browser that has no cookie of ours yet.
    phone = visit(PHONE)
    phone.set_content(f'<a href="{link}">the link</a>')
    phone.get_by_role("link").click()
    phone.get_by_label("New Password", exact=False).first.fill(NEW)
    phone.locator("input[name=password2]").fill(NEW)
    assert_accessible(phone)
    phone.get_by_role("button", name="Keep this password").click()
    phone.get_by_role("link", name="Log in").click()
    phone.get_by_label("Email").fill("nana@example.org")
    phone.get_by_label("Password", exact=False).fill(NEW)
    phone.get_by_role("button", name="Log in", exact=True).click()
    expect(phone).to_have_url(re.compile("/reports/"))
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_one_tap_in_the_sample_and_out_again(visit, kenji, size, assert_accessible):
    sample.write_log_ins(services.give_sample_password(by=system_user(), password="a-b-c"), "a-b-c")
    page = visit(size)
    page.goto("/")
    assert_accessible(page)
    one_tap(page, kenji)
    expect(page).to_have_url(re.compile("/donations/$"))
    assert_accessible(page)
    menu = page.get_by_role("button", name="Menu")
    if menu.is_visible():
        menu.click()
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(re.compile("/log-in/$"))
    page.goto("/donations/")
    expect(page).to_have_url(re.compile("/log-in/"))
