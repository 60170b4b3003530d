"""Test 15 in a browser: every page of every role keeps to the policy; nothing is fetched from elsewhere."""

import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page, Route

from tests import factories, sessions
from tests.access import PLAYERS
from tests.browser.devices import DESKTOP
from tests.proof import scale
from tests.proof.conftest import COUNTS

MOST_PAGES = scale.of(200, 8)  # of one role
# A link that ends the visit, or gives a file.
NOT_FOLLOWED = re.compile(r"/log-out/|export=|/download|\.(?:json|html|md|docx|xlsx|csv)$")


@pytest.fixture
def lived_in(momos_sponsor, taros_sponsor, momo, stocked, maple, rice):
    """Something on every kind of page."""
    update = factories.ChildUpdateFactory(child=momo, published=True, title="The first snow")
    factories.UpdatePhotoFactory(update=update)
    factories.ChildUpdateFactory(child=momo, title="A draft")
    factories.DonationFactory(donor=momos_sponsor.donor)
    factories.RouteFactory()
    factories.RecipientFactory()
    factories.AnnualReportFactory()
    factories.OutboxMessageFactory()


def come_in(page: Page, user, live_server) -> None:
    """With a session made here: the log-in page has its own test."""
    client = Client()
    sessions.enter(client, user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])


def links_on(page: Page) -> Iterable[str]:
    here = urlsplit(page.url)
    for link in page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))"):
        address = urlsplit(urljoin(page.url, link))
        if address.netloc == here.netloc and not NOT_FOLLOWED.search(f"{address.path}?{address.query}"):
            yield f"{address.path}?{address.query}".rstrip("?")


def kind_of(address: str) -> tuple[str, tuple[str, ...]]:
    """Pages of one view with the same questions are one kind."""
    split = urlsplit(address)
    return resolve(split.path).view_name, tuple(sorted(re.findall(r"(\w+)=", split.query)))


def walk(page: Page, start: str) -> list[str]:
    """Every kind of page that can be reached by links. Returns the addresses."""
    waiting, seen, kinds = [start], [], set()
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        if kind_of(address) in kinds:
            continue
        kinds.add(kind_of(address))
        page.goto(address)
        seen.append(address)
        waiting += links_on(page)
    return seen


@pytest.mark.parametrize("role", PLAYERS)
def test_every_page_keeps_to_the_policy(role, lived_in, visit, live_server, request, pytestconfig):
    """The consoles tell of every breach; `visit` fails the test then."""
    page, hosts = visit(DESKTOP), set()
    page.on("request", lambda asked: hosts.add(urlsplit(asked.url).netloc))
    come_in(page, request.getfixturevalue(PLAYERS[role]), live_server)
    seen = walk(page, "/")
    assert len(seen) >= 4
    assert hosts - {""} == {urlsplit(live_server.url).netloc}
    line = f"test 15: {len(seen)} pages of the {role} in a browser, breaches of the policy: 0, other hosts: 0"
    pytestconfig.stash.setdefault(COUNTS, []).append(line)


def test_pages_before_the_log_in_keep_to_the_policy(visit, console_errors):
    page = visit(DESKTOP)
    for address in ("/log-in/", "/password/forgotten/", "/nowhere/"):
        page.goto(address)
    assert [error for error in console_errors if "404" not in error] == []
    console_errors.clear()  # the browser notes each page that is not there


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ("<script>window.evil = 1</script>", "script"),
        ('<p style="color: red">x</p>', "style"),
        ('<img src="https://tracker.example/p.gif" alt="">', "tracker.example"),
        ('<button id="planted" onclick="window.evil = 1">x</button>', "script"),
    ],
)
def test_control_what_is_planted_is_stopped_and_told(planted, told, aya, visit, live_server, console_errors):
    page = visit(DESKTOP)
    come_in(page, aya, live_server)

    def plant(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", f"{planted}</main>"))

    page.route("**/accounts/me/", plant)
    page.goto("/accounts/me/")
    if page.locator("#planted").count():
        page.locator("#planted").click()
    assert page.evaluate("window.evil") is None
    assert any("Content Security Policy" in error and told in error for error in console_errors)
    console_errors.clear()
