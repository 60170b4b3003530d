"""Test 16: nothing changes by a form without its token, by a link, or from another site."""

import uuid
from collections import Counter
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path, reverse
from django.views.decorators.csrf import csrf_exempt

from accounts.checks import named_views
from accounts.gate import public
from accounts.models import User
from lfnkr.urls import handler400, handler500
from lfnkr.urls import urlpatterns as pages
from tests import sessions
from tests.access import Row
from tests.proof import scale
from tests.proof.conftest import COUNTS
from tests.proof.routes import ROWS, address_of, allowed, some

pytestmark = pytest.mark.django_db
assert handler400
assert handler500

CHANGING = ("post", "put", "patch", "delete")
# A session notes when it was last seen; that is no change of a record.
OF_THE_VISIT = {"django_session"}
TABLES = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - OF_THE_VISIT)
CHOSEN = some(scale.of(1, 5))


def everything() -> dict[str, tuple]:
    """Table → number and sum of its rows."""
    with connection.cursor() as cursor:
        state = {}
        for table in TABLES:
            cursor.execute(f'SELECT count(*), coalesce(sum(hashtext(t::text)::bigint), 0) FROM "{table}" t')
            state[table] = cursor.fetchone()
    return state


def strict(user=None) -> Client:
    """A browser that has been here: it has its cookies, and the token of its forms."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if user is not None:
        sessions.enter(client, user)
    client.get("/accounts/me/" if user is not None else "/log-in/")
    return client


def token_of(client: Client) -> str:
    return client.cookies[django_settings.CSRF_COOKIE_NAME].value


@pytest.fixture(scope="module")
def asked(pytestconfig) -> Iterator[Counter]:
    """What was tried → how often."""
    counts: Counter[str] = Counter()
    yield counts
    tried = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
    pytestconfig.stash.setdefault(COUNTS, []).append(f"test 16: {tried}; not refused: 0, rows changed: 0")


def is_refused(answer: HttpResponse, row: Row) -> bool:
    """403; the panic button, whose answer is never one of our pages, leads away instead."""
    if row.name == "accounts:panic":
        return answer.status_code == 302 and answer.url == reverse("nothing")
    return answer.status_code == 403


def body_of(row) -> dict:
    return (row.post or {}) | {"key": str(uuid.uuid4())}


@pytest.mark.parametrize("row", CHOSEN, ids=lambda row: row.name)
def test_without_its_token_no_form_is_taken(row, request, asked):
    address = address_of(row, request.getfixturevalue)
    clients = [strict(request.getfixturevalue(allowed(row))), strict()]
    before = everything()
    for client in clients:
        for method in CHANGING:
            answer = getattr(client, method)(address, body_of(row))
            assert is_refused(answer, row), method
            asked["without a token"] += 1
    wrong = clients[0].post(address, body_of(row) | {"csrfmiddlewaretoken": "x" * 64})
    assert is_refused(wrong, row)
    asked["with a wrong token"] += 1
    assert everything() == before


@pytest.mark.parametrize("row", CHOSEN, ids=lambda row: row.name)
def test_from_another_site_no_form_is_taken(row, request, asked):
    address = address_of(row, request.getfixturevalue)
    client = strict(request.getfixturevalue(allowed(row)))
    before = everything()
    sent = body_of(row) | {"csrfmiddlewaretoken": token_of(client)}
    for headers in ({"origin": "https://evil.example"}, {"origin": "null"}):
        assert is_refused(client.post(address, sent, headers=headers), row)
        asked["from another site"] += 1
    referer = {"referer": "https://evil.example/"}
    assert is_refused(client.post(address, sent, headers=referer, secure=True), row)
    asked["from another site"] += 1
    assert everything() == before


FORMS_ALONE = [row for row in ROWS if row.post is not None]


@pytest.mark.parametrize("row", FORMS_ALONE, ids=lambda row: row.name)
def test_a_mere_link_changes_nothing(row, request, as_user, asked):
    address = address_of(row, request.getfixturevalue)
    client = as_user(request.getfixturevalue(allowed(row)))
    before = everything()
    for method in ("get", "head"):
        assert getattr(client, method)(address, body_of(row)).status_code == 405
        asked["by a link"] += 1
    assert everything() == before


def test_no_view_is_exempt():
    exempt = [name for name, entry in named_views() if getattr(entry.callback, "csrf_exempt", False)]
    assert exempt == []


# --- the controls ------------------------------------------------------------------------------------------


@csrf_exempt
def change(request: HttpRequest) -> HttpResponse:
    User.objects.filter(email="hana@example.org").update(log_ins_ended=F("log_ins_ended") + 1)
    return HttpResponse()


urlpatterns = [path("change/", public(change), name="change"), *pages]


@pytest.mark.urls(__name__)
def test_control_an_exempt_view_is_caught(hana):
    before = everything()
    assert strict().post("/change/").status_code == 200
    changed = everything()
    assert before["accounts_user"] != changed["accounts_user"]
    exempt = [name for name, entry in named_views() if getattr(entry.callback, "csrf_exempt", False)]
    assert exempt == ["change"]


def test_control_with_its_token_a_form_is_taken(hana):
    client, before = strict(hana), everything()
    sent = {"language": "ja", "csrfmiddlewaretoken": token_of(client)}
    own = {"origin": "http://testserver"}
    assert client.post("/accounts/language/", sent, headers=own).status_code == 302
    assert everything() != before
