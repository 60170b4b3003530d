"""What people search for: in the body and the session, never in an address."""

import inspect
import re

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.checks import named_views
from core import searches
from tests import factories, sessions
from tests.access import PLAYERS, Row
from tests.sessions import held_in
from tests.test_access import ROWS

PEOPLE = "/accounts/people/"


@pytest.fixture
def aya_at_work(aya, hana, miki, as_user):
    return as_user(aya)


def names_on(page) -> set[str]:
    return set(re.findall(r'data-label="Name">(?:<a[^>]*>)?(\w+)', page.content.decode()))


def search(client: Client, address: str = PEOPLE, **sent: str) -> str:
    """The address to which a search leads."""
    answer = client.post(address, sent)
    assert answer.status_code == 302
    return answer.url


def test_the_word_finds_and_stands_in_no_address(aya_at_work):
    address = search(aya_at_work, q="mik")
    assert "mik" not in address
    page = aya_at_work.get(address)
    assert names_on(page) == {"Miki"}
    assert 'name="q" value="mik"' in page.content.decode()
    addresses = re.findall(r'(?:href|action|src|hx-\w+)="([^"]*)"', page.content.decode())
    assert [one for one in addresses if "mik" in one.lower()] == []


def test_a_word_in_the_address_is_not_read(aya_at_work):
    assert "Hana" in names_on(aya_at_work.get(PEOPLE, {"q": "mik"}))


def test_what_is_chosen_stays_readable_in_the_address(aya_at_work):
    address = search(aya_at_work, PEOPLE + "?sort=-name&page=2", q="", role="field_staff")
    assert address == f"{PEOPLE}?sort=-name&role=field_staff"
    assert names_on(aya_at_work.get(address)) == {"Hana"}
    assert search(aya_at_work, q="  ", role="") == PEOPLE


def test_sorting_pages_and_files_keep_the_search(aya_at_work):
    for number in range(30):
        factories.UserFactory(name=f"Reader{number:02}")
    address = search(aya_at_work, q="reader")
    page = aya_at_work.get(address).content.decode()
    key = re.search(r"find=([^&]+)", address)[1]
    second, by_name, file = (
        re.search(rf'href="([^"]*{wanted}[^"]*)"', page)[1].replace("&amp;", "&")
        for wanted in ("page=2", "sort=name", "export=csv")
    )
    assert all(key in link for link in (second, by_name, file))
    assert len(names_on(aya_at_work.get(PEOPLE + second))) == 5
    assert "Reader00" in names_on(aya_at_work.get(PEOPLE + by_name))
    lines = aya_at_work.get(PEOPLE + file).content.decode("utf-8-sig").splitlines()
    assert len(lines) == 31


def test_htmx_gets_the_register_alone(aya_at_work):
    page = aya_at_work.post(PEOPLE, {"q": "mik"}, headers={"hx-request": "true"}, follow=True)
    assert names_on(page) == {"Miki"}
    assert b"<html" not in page.content


@pytest.mark.parametrize("key", ["made-up", "A" * 44, "", "é"])
def test_a_key_that_opens_nothing_shows_the_whole_list_and_says_so(aya_at_work, key):
    page = aya_at_work.get(PEOPLE, {"find": key})
    assert {"Hana", "Miki"} <= names_on(page)
    assert ("This search has ended" in page.content.decode()) is bool(key)


def test_another_persons_key_opens_nothing(aya_at_work, otto, as_user):
    page = as_user(otto).get(search(aya_at_work, q="mik"))
    assert "Hana" in names_on(page)
    assert "This search has ended" in page.content.decode()


def test_the_oldest_search_goes_first(aya_at_work):
    first = search(aya_at_work, q="mik")
    last = [search(aya_at_work, q="han") for _time in range(searches.MOST_KEPT)][-1]
    assert "This search has ended" in aya_at_work.get(first).content.decode()
    assert names_on(aya_at_work.get(last)) == {"Hana"}


def test_the_sessions_row_does_not_give_the_word_away(aya_at_work):
    search(aya_at_work, q="Yamada Hanako")
    [kept] = [held_in(row) for row in Session.objects.all()]
    assert searches.IN_SESSION in kept
    assert "Yamada" not in str(kept)


def test_a_very_long_word_is_cut(aya_at_work):
    assert aya_at_work.get(search(aya_at_work, q="x" * 100_000)).status_code == 200
    assert len(str(held_in(Session.objects.get()))) < 2000


def test_no_search_without_its_token(aya):
    client = Client(enforce_csrf_checks=True)
    sessions.enter(client, aya)
    assert client.post(PEOPLE, {"q": "mik"}).status_code == 403


# --- every register -------------------------------------------------------------------------------------


def shows_a_register(row: Row) -> bool:
    view = inspect.unwrap(dict(named_views())[row.name].callback)
    return inspect.isfunction(view) and "list_page(" in inspect.getsource(view)


REGISTERS = [row for row in ROWS if shows_a_register(row)]


@pytest.mark.parametrize("row", REGISTERS, ids=[row.name for row in REGISTERS])
def test_every_register_searches_by_its_body(row, request, as_user):
    kwargs = row.address(request.getfixturevalue) if row.address else None
    player = next(role for role in PLAYERS if role in row.roles)
    client = as_user(request.getfixturevalue(PLAYERS[player]))
    address = reverse(row.name, kwargs=kwargs)
    whole = client.get(address).content.decode()
    assert '<form method="post" class="filters"' in whole
    found = search(client, address, q="no such word")
    page = client.get(found)
    assert page.context["table"].paginator.count == 0
    assert "no such word" not in found
    assert client.get(f"{found}&export=csv").content.decode("utf-8-sig").count("\n") == 1


def test_there_are_registers_to_try():
    assert len(REGISTERS) >= 20


# A month, a number of days: chosen, nobody's.
ASKED_BY_ADDRESS = {
    "accounts/exposure.html",
    "foster/reminders.html",
    "shelters/used.html",  # a month
    "supply/plan.html",  # a place of ours, by UUID
}


def test_no_other_form_writes_what_is_typed_into_an_address():
    folder = settings.BASE_DIR / "templates"
    asking = {
        page.relative_to(folder).as_posix()
        for page in folder.rglob("*.html")
        if re.search(r"""<form[^>]*method=["']get""", page.read_text(), re.IGNORECASE)
    }
    assert asking - ASKED_BY_ADDRESS == set()
