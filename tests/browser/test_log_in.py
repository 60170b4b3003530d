"""In by invitation, code, passkey, link, or one tap of the sample; and out again, as people do it."""

import re

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import sample, services, tasks
from accounts.factors import codes
from accounts.selectors import system_user
from core.models import OutboxMessage
from core.sessions import SessionStore
from tests.browser.coming_in import come_in
from tests.browser.devices import DESKTOP, PHONE
from tests.entering import PASSWORD, link_in_mail

NEW = "seven lanterns over the river"


@pytest.fixture(autouse=True)
def _sample(settings, tmp_path, live_server):
    settings.SAMPLE = True
    settings.SAMPLE_LOG_INS = tmp_path / "log-ins.txt"
    settings.SITE_URL = live_server.url


def give_sample() -> None:
    people = services.give_sample_password(by=system_user(), password="a-b-c")
    services.give_sample_factors(by=system_user())
    sample.write_log_ins(people, "a-b-c")


def one_tap(page: Page, person) -> None:
    page.goto("/log-in/")
    page.get_by_role("button", name=re.compile(person.email)).click()


def with_virtual_authenticator(page: Page) -> None:
    """A phone's own keeper of passkeys, which always sees the right finger."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def log_out(page: Page) -> None:
    menu = page.get_by_role("button", name="Menu")
    if menu.is_visible():
        menu.click()
    page.get_by_role("button", name="Log out", exact=True).click()
    expect(page).to_have_url(re.compile("/log-in/$"))


def set_password_by_mail(phone: Page, link: str, assert_accessible) -> None:
    """As from a web mailer: another site's page, in a browser that has no cookie of ours yet."""
    phone.set_content(f'<a href="{link}">the link</a>')
    phone.get_by_role("link").click()
    phone.get_by_label("New Password", exact=False).first.fill(NEW)
    phone.locator("input[name=password2]").fill(NEW)
    assert_accessible(phone)
    phone.get_by_role("button", name="Keep this password").click()
    phone.get_by_role("link", name="Log in").click()


def set_up_app(phone: Page, assert_accessible) -> None:
    phone.get_by_role("link", name="Set up an app").tap()
    expect(phone.get_by_role("img", name="Picture for the app")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_text("Type it instead").tap()
    seed = phone.locator("code").inner_text().replace(" ", "")
    phone.get_by_label("Code of the app").fill(codes.code_at(seed, codes.step_at(timezone.now())))
    phone.get_by_role("button", name="Keep this app").tap()
    expect(phone.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    expect(phone.locator("li.col")).to_have_count(10)
    assert_accessible(phone)


def test_an_invited_person_sets_a_password_and_an_app_and_comes_in(visit, aya, assert_accessible):
    give_sample()
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

    phone = visit(PHONE)
    set_password_by_mail(phone, link, assert_accessible)
    phone.get_by_label("Email").fill("nana@example.org")
    phone.get_by_label("Password", exact=False).fill(NEW)
    phone.get_by_role("button", name="Log in", exact=True).click()
    expect(phone.get_by_role("heading", name="One more step: a second factor")).to_be_visible()
    assert_accessible(phone)
    phone.goto("/reports/")
    expect(phone).to_have_url(re.compile("/accounts/factors/"))
    set_up_app(phone, assert_accessible)
    phone.get_by_role("link", name="I have written them down").tap()
    expect(phone).to_have_url(re.compile("/reports/"))
    assert OutboxMessage.objects.count() == 1


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_one_tap_in_the_sample_and_out_again(visit, kenji, size, assert_accessible):
    give_sample()
    page = visit(size)
    page.goto("/")
    assert_accessible(page)
    one_tap(page, kenji)
    expect(page).to_have_url(re.compile("/donations/$"))
    assert_accessible(page)
    log_out(page)
    page.goto("/donations/")
    expect(page).to_have_url(re.compile("/log-in/"))


def test_one_tap_of_a_sponsor(phone, yuki, momos_sponsor):
    give_sample()
    one_tap(phone, yuki)
    expect(phone.get_by_role("heading", name="Momo")).to_be_visible()


def test_a_passkey_is_made_and_used(desktop, hana, assert_accessible):
    with_virtual_authenticator(desktop)
    come_in(desktop, hana)
    desktop.goto("/accounts/me/")
    desktop.get_by_role("link", name="How I log in").click()
    desktop.get_by_role("link", name="Add a passkey").click()
    assert_accessible(desktop)
    desktop.get_by_label("Name, so that you know it again").fill("my laptop")
    desktop.get_by_role("button", name="Make the passkey").click()
    expect(desktop.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    desktop.goto("/accounts/factors/")
    expect(desktop.get_by_text("my laptop")).to_be_visible()
    assert_accessible(desktop)

    for _time in range(2):
        log_out(desktop)
        desktop.get_by_role("button", name="Log in with a passkey").click()
        expect(desktop).to_have_url(re.compile("/shelters/"))


def test_a_passkey_that_is_not_there_is_told_so(desktop, hana, assert_accessible):
    with_virtual_authenticator(desktop)
    desktop.goto("/log-in/")
    desktop.get_by_role("button", name="Log in with a passkey").click()
    expect(desktop.get_by_text("No passkey was used.")).to_be_visible()
    assert_accessible(desktop)


def test_a_sponsor_asks_for_a_link_and_comes_in(phone, yuki, momos_sponsor, assert_accessible):
    phone.goto("/log-in/")
    phone.get_by_role("link", name="Send me a link").tap()
    phone.get_by_label("E-mail").fill(yuki.email)
    assert_accessible(phone)
    phone.get_by_role("button", name="Send the link").tap()
    expect(phone.get_by_role("heading", name="Check your mail")).to_be_visible()
    assert_accessible(phone)
    tasks.answer_mail_requests()
    phone.set_content(f'<a href="{phone.url.split("/password")[0]}{link_in_mail()}">the link</a>')
    phone.get_by_role("link").tap()
    expect(phone.get_by_role("heading", name="You are nearly in")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("button", name="Log in").tap()
    expect(phone.get_by_role("heading", name="Momo")).to_be_visible()


def test_a_lost_phone_is_logged_out_from_the_desk(visit, hana, assert_accessible):
    phone, desk = visit(PHONE), visit(DESKTOP)
    come_in(phone, hana)
    come_in(desk, hana)
    desk.goto("/accounts/devices/")
    assert_accessible(desk)
    desk.get_by_role("button", name="Log out there").click()
    expect(desk.get_by_text("You are logged in nowhere else.")).to_be_visible()
    phone.reload()
    expect(phone).to_have_url(re.compile("/log-in/"))


def test_asked_once_more_nothing_that_was_typed_is_lost(desktop, aya, assert_accessible):
    come_in(desktop, aya)
    desktop.goto("/accounts/people/invite/")
    desktop.get_by_label("E-mail").fill("nana@example.org")
    desktop.get_by_label("Name").fill("Nana")
    desktop.get_by_role("radio", name=re.compile("auditor")).check()
    _let_the_last_answer_grow_old(desktop)
    desktop.get_by_role("button", name="Invite").click()
    expect(desktop.get_by_role("heading", name="Is it you?")).to_be_visible()
    assert_accessible(desktop)
    desktop.get_by_label("Your password").fill(PASSWORD)
    desktop.get_by_role("button", name="Go on").click()
    expect(desktop.get_by_role("status")).to_contain_text("Invited.")
    expect(desktop.get_by_role("cell", name="nana@example.org")).to_be_visible()


def _let_the_last_answer_grow_old(page: Page) -> None:
    [cookie] = [one for one in page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
    session = SessionStore(cookie["value"])
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
