"""Every URL × every role, whole: a URL without a row fails, a right too many or too few fails."""

import uuid
from importlib import import_module

import pytest
from django.test import Client
from django.urls import reverse

from accounts.checks import named_views
from tests.access import PLAYERS, Row

APPS = ("accounts", "supply", "donations", "shelters", "foster", "reports")
ROWS: list[Row] = [row for app in APPS for row in import_module(f"tests.{app}.access").ROWS]
CELLS = [(row, role) for row in ROWS for role in PLAYERS]


def ask(client: Client, row: Row, kwargs: dict):
    address = reverse(row.name, kwargs=kwargs or None)
    return client.get(address) if row.post is None else client.post(address, row.post)


def test_every_url_has_a_row():
    declared = {row.name for row in ROWS}
    urls = {name for name, _pattern in named_views()}
    assert urls - declared == set()
    assert declared - urls == set()


@pytest.mark.parametrize(("row", "role"), CELLS, ids=[f"{row.name}-{role}" for row, role in CELLS])
def test_access(row: Row, role: str, request, as_user):
    kwargs = row.address(request.getfixturevalue) if row.address else {}
    response = ask(as_user(request.getfixturevalue(PLAYERS[role])), row, kwargs)
    if role in row.roles:
        # 422: a form with a sentence; 503: /healthz without a worker.
        assert response.status_code < 400 or response.status_code in (422, 503)
    else:
        assert response.status_code == 403


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_stranger_is_sent_to_the_log_in(row: Row, request, db):
    kwargs = row.address(request.getfixturevalue) if row.address else {}
    response = ask(Client(), row, kwargs)
    if row.is_public:
        assert response.status_code < 400 or response.status_code == 503
    else:
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


FOREIGN = [(row, role) for row in ROWS if row.foreign for role in sorted(row.not_theirs)]


@pytest.mark.parametrize(("row", "role"), FOREIGN, ids=[f"{row.name}-{role}" for row, role in FOREIGN])
def test_not_yours_is_as_if_it_did_not_exist(row: Row, role: str, request, as_user):
    client = as_user(request.getfixturevalue(PLAYERS[role]))
    foreign = ask(client, row, row.foreign(request.getfixturevalue))
    names = row.foreign(request.getfixturevalue)
    missing = ask(client, row, {name: uuid.uuid4() for name in names})
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
