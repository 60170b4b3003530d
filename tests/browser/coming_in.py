"""Coming in as people do it on the page: staff by password and code, a sponsor by the link of a mail."""

from playwright.sync_api import Page

from accounts.models import User
from accounts.selectors import factors_of
from tests.entering import PASSWORD, code_of, forget_used_codes, link_for, with_app


def come_in(page: Page, person: User) -> None:
    """Leaves the page at the start page of the person's role."""
    if not person.is_staff_member:
        page.goto(link_for(person))
        page.get_by_role("button", name="Log in", exact=True).click()
    else:
        if not factors_of(person).exists():
            with_app(person)
        page.goto("/log-in/")
        page.locator("#id_login").fill(person.email)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("#id_password").press("Enter")
        type_code(page, person)
    page.wait_for_url(lambda address: "/log-in/" not in address)


def type_code(page: Page, person: User) -> None:
    forget_used_codes(person)  # nobody waits half a minute for a second device in a test
    page.locator("#code").fill(code_of(person))
    page.locator("#code").press("Enter")
