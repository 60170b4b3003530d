"""A browser for the journeys: phone and desktop pages that fail their test on a console error.

A journey asks for `phone` or `desktop` (a page each), or for `visit` when several people take part:

    def test_staff_log_rice(phone, assert_accessible):
        phone.goto("/supply/log/")
        assert_accessible(phone)

    def test_sponsor_reads_japanese(visit):
        page = visit(DESKTOP, locale="ja-JP")     # from tests.browser.devices
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.devices import DESKTOP, PHONE
from tests.journeys import CHROMIUM

# Playwright keeps an event loop running in the main thread, in which Django would refuse to work;
# for the whole run, because the tests after the first journey meet that loop too.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

expect.set_options(timeout=10_000)  # milliseconds; two cores may be busy


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest-playwright's own old habits pass where every warning is an error."""
    config.addinivalue_line("filterwarnings", "ignore:Session-scoped fixtures defined as instance methods")


@pytest.fixture(scope="session")
def browser_type_launch_args(
    browser_type_launch_args: dict[str, Any], pytestconfig: pytest.Config
) -> dict[str, Any]:
    """Launch the browser that was found."""
    found = pytestconfig.stash.get(CHROMIUM, None)
    if found is None:
        return browser_type_launch_args
    path, environment = found
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "env": {**os.environ, **environment},
    }


# --- pages ------------------------------------------------------------------------------------


@pytest.fixture
def console_errors() -> Iterator[list[str]]:
    """What the consoles of this test's pages complained about; anything left in it fails the test.

    A test that means to get a 403 checks the list and clears it.
    """
    errors: list[str] = []
    yield errors
    if errors:
        pytest.fail("The browser's console shows errors:\n" + "\n".join(errors), pytrace=False)


@pytest.fixture
def visit(
    transactional_db: None,
    live_server: Any,
    console_errors: list[str],
    new_context: Callable[..., BrowserContext],
) -> Callable[..., Page]:
    """Open a page with cookies of its own: `visit(PHONE, locale="ja-JP")`."""

    def open_page(device: dict[str, Any], *, locale: str = "en-US", **more: Any) -> Page:
        context = new_context(
            **{
                "base_url": live_server.url,
                "locale": locale,
                "timezone_id": "Asia/Tokyo",
                "reduced_motion": "reduce",
                **device,
                **more,
            }
        )
        context.on("console", lambda message: _note(console_errors, message))
        context.on("weberror", lambda error: console_errors.append(str(error.error)))
        return context.new_page()

    return open_page


def _note(errors: list[str], message: Any) -> None:
    if message.type == "error":
        errors.append(f"{message.page.url if message.page else ''}: {message.text}")


@pytest.fixture
def phone(visit: Callable[..., Page]) -> Page:
    """A page on a phone, in English."""
    return visit(PHONE)


@pytest.fixture
def desktop(visit: Callable[..., Page]) -> Page:
    """A page on a desk, in English."""
    return visit(DESKTOP)


@pytest.fixture
def page(desktop: Page) -> Page:
    """The desktop page, so that no page escapes the rules above."""
    return desktop


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """`assert_accessible(page)`: fails with each rule of axe that the page breaks, and where."""
    axe = Axe()

    def check(page: Page) -> None:
        page.wait_for_load_state()  # a click returns when the next page begins, axe needs it whole
        broken = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
            + "\n".join(f"    {node['target']}  {node['html']}" for node in violation["nodes"])
            for violation in axe.run(page).response["violations"]
        ]
        if broken:
            pytest.fail(f"{page.url} is not accessible:\n" + "\n".join(broken), pytrace=False)

    return check
