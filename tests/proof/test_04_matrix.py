"""Test 4: every route x role x method; somebody else's record is as missing as one that never was."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse

from accounts import checks, gate
from accounts.checks import named_views
from tests.access import PLAYERS, Row
from tests.proof import scale
from tests.proof.conftest import COUNTS
from tests.test_access import ROWS

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
TRIED = METHODS if scale.WHOLE else ("HEAD", "PUT")  # GET and POST: tests/test_access.py
ROLES = (*PLAYERS, "anonymous")
CELLS = [pytest.param(row, role, id=f"{row.name}-{role}") for row in ROWS for role in ROLES]
PART = slice(None, None, scale.of(1, 5))  # a fifth meets each of the eight roles as often
FOREIGN = [
    pytest.param(row, role, id=f"{row.name}-{role}")
    for row in ROWS
    if row.foreign
    for role in sorted(row.not_theirs)
]


@pytest.fixture(scope="module")
def counted(pytestconfig) -> Iterator[Counter]:
    counter: Counter = Counter()
    yield counter
    pytestconfig.stash.setdefault(COUNTS, []).append(
        f"test 04: {counter['cells']} cells ({len(ROWS)} routes, {len(ROLES)} roles, {len(TRIED)} methods), "
        f"{counter['foreign']} times somebody else's record; 0 wrong"
    )


def answer(client: Client, method: str, row: Row, kwargs: dict) -> HttpResponse:
    """What the route answers; nothing of what it did stays, neither in the database nor in the browser."""
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    address = reverse(row.name, kwargs=kwargs or None)
    ask = {"GET": client.get, "POST": lambda where: client.post(where, row.post or {})}
    with transaction.atomic():
        response = ask[method](address) if method in ask else client.generic(method, address)
        transaction.set_rollback(True)
    client.cookies = SimpleCookie(cookies)
    return response


def _of(response: HttpResponse) -> dict[str, str]:
    """Its headers, but for the clock in one."""
    return {name: value for name, value in response.headers.items() if name != "Expires"}


def is_right(row: Row, role: str, method: str, status: int) -> bool:
    """Whether a cell is as the table of access says."""
    if status >= 500:
        return row.name == "healthz" and status == 503  # there is no worker in a test
    if role == "anonymous" and not row.is_public:
        return status == 302
    if role not in row.roles and role != "anonymous":
        return status == 403
    if method not in gate.METHODS:
        return status == 405
    return status != 403


def client_of(role: str, get: Callable, as_user: Callable) -> Client:
    """An error is an answer here, not an exception."""
    if role == "anonymous":
        return Client(raise_request_exception=False)
    return as_user(get(PLAYERS[role]), raise_request_exception=False)


@pytest.mark.parametrize(("row", "role"), CELLS[PART])
def test_every_cell_is_as_declared(row, role, request, as_user, counted, db):
    get = request.getfixturevalue
    kwargs = row.address(get) if row.address else {}
    client = client_of(role, get, as_user)
    said = {method: answer(client, method, row, kwargs).status_code for method in TRIED}
    counted["cells"] += len(said)
    assert {
        method: status for method, status in said.items() if not is_right(row, role, method, status)
    } == {}


@pytest.mark.parametrize(("row", "role"), FOREIGN)
def test_somebody_elses_is_missing_to_the_byte(row, role, request, as_user, counted):
    client = as_user(request.getfixturevalue(PLAYERS[role]))
    foreign = row.foreign(request.getfixturevalue)
    missing = {name: uuid.uuid4() for name in foreign}
    for method in ("GET", "POST"):
        theirs, none = (answer(client, method, row, kwargs) for kwargs in (foreign, missing))
        assert (theirs.status_code, theirs.content) == (none.status_code, none.content)
        assert _of(theirs) == _of(none)
        counted["foreign"] += 1


def test_a_view_that_lost_its_right_turns_cells_red(request, as_user, monkeypatch):
    """Control: were every right everybody's, the table would say so."""
    [row] = [row for row in ROWS if row.name == "donations:list"]
    client = client_of("sponsor", request.getfixturevalue, as_user)
    assert is_right(row, "sponsor", "GET", answer(client, "GET", row, {}).status_code)
    monkeypatch.setattr("accounts.models.people.User.may", lambda self, right: True)
    assert not is_right(row, "sponsor", "GET", answer(client, "GET", row, {}).status_code)


def test_a_route_without_a_right_does_not_start(monkeypatch):
    """Control: a view that names none is an error of the start-up check."""
    undeclared = path("planted/", lambda request: None, name="planted")
    assert checks.every_view_has_a_gate(None) == []
    monkeypatch.setattr(checks, "named_views", lambda: [("planted", undeclared)])
    assert [error.id for error in checks.every_view_has_a_gate(None)] == ["accounts.E001"]


def test_every_route_is_in_the_table():
    assert {name for name, _pattern in named_views()} == {row.name for row in ROWS}
