"""Test 15: the whole set of headers on every route at every status, and no host but our own in any page."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from accounts.gate import public
from core.keyring import KeysLocked
from lfnkr.urls import handler400, handler500
from lfnkr.urls import urlpatterns as pages
from tests.proof import scale
from tests.proof.conftest import COUNTS
from tests.proof.routes import ROWS, address_of, allowed, refused, some

pytestmark = pytest.mark.django_db
assert handler400
assert handler500

# As it must be, written out: not what the code says of itself.
SET = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), "
        "payment=(), usb=()"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}
NOT_KEPT = {"Cache-Control": "no-store, private"}
OVER_TLS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload"}
# What an answer may say besides.
OF_ITS_OWN = {
    "Allow", "Clear-Site-Data", "Content-Disposition", "Content-Language", "Content-Length", "Content-Type",
    "HX-Redirect", "HX-Refresh", "Location", "Retry-After", "Vary",
}  # fmt: skip
OF_A_FILE = {"Cache-Control", "Last-Modified", "ETag", "Content-Encoding"}
STATUSES = {200, 302, 400, 403, 404, 405, 413, 429, 500, 503}
FOREIGN_HOST = re.compile(r"""(?:src|href|action|hx-\w+|content)=["'](?:https?:)?//([^/"']+)""", re.I)
IN_A_STYLE = re.compile(r"""(?:url\(|@import)\s*["']?(?:https?:)?//([^/"')]+)""", re.I)


def faults(response, wanted: dict[str, str]) -> list[str]:
    """What is missing, different or too much."""
    wrong = [f"{name}: {response.get(name)}" for name in wanted if response.get(name) != wanted[name]]
    more = OF_ITS_OWN if "Cache-Control" in wanted else OF_ITS_OWN | OF_A_FILE
    return wrong + [f"{name} is too much" for name in response.headers if name not in set(wanted) | more]


def hosts_in(response) -> set[str]:
    if "html" not in response.get("Content-Type", ""):
        return set()
    return set(FOREIGN_HOST.findall(response.content.decode()))


# --- every route -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def asked(pytestconfig) -> Iterator[Counter]:
    """Route → how many of its answers were looked at."""
    routes: Counter[str] = Counter()
    yield routes
    line = f"test 15: {routes.total()} answers of {len(routes)} routes, headers missing or different: 0"
    pytestconfig.stash.setdefault(COUNTS, []).append(line)


def answers(row, get, as_user) -> list:
    """As whom it is for, as somebody else, as nobody; by other methods, from a strange host, of nothing."""
    address, options = address_of(row, get), {"raise_request_exception": False}
    theirs = as_user(get(allowed(row)), **options)
    ask = theirs.get if row.post is None else lambda one: theirs.post(one, row.post)
    found = [ask(address), theirs.put(address), theirs.get(address, headers={"host": "evil.example"})]
    found += [Client(**options).get(address), theirs.get(re.sub(r"[0-9a-f]{8}-", "00000000-", address))]
    found += [as_user(get(stranger), **options).get(address)] if (stranger := refused(row)) else []
    strict = strict_client()
    return [*found, strict.post(address), strict.post(address, {"x": "x" * 2000})]


def strict_client() -> Client:
    """Of a browser that has been here: only with its cookie is the form looked into."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies[django_settings.CSRF_COOKIE_NAME] = "x" * 32
    return client


@pytest.mark.parametrize("row", some(scale.of(1, 6)), ids=lambda row: row.name)
def test_every_route_has_the_whole_set_at_every_status(row, request, as_user, settings, asked):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1500
    found = answers(row, request.getfixturevalue, as_user)
    seen = Counter(response.status_code for response in found)
    wrong = {response.status_code: faults(response, SET | NOT_KEPT) for response in found}
    assert {status: fault for status, fault in wrong.items() if fault} == {}
    assert set.union(*map(hosts_in, found)) == set()
    assert {400, 413} <= set(seen)
    asked[row.name] += len(found)


# --- every status ------------------------------------------------------------------------------------------


def fail(_request: HttpRequest) -> HttpResponse:
    raise ValueError


def locked(_request: HttpRequest) -> HttpResponse:
    raise KeysLocked


urlpatterns = [
    path("fails/", public(fail), name="fails"),
    path("locked/", public(locked), name="locked"),
    *pages,
]


def by_status(aya, as_user) -> dict[int, HttpResponse]:
    theirs, options = as_user(aya), {"raise_request_exception": False}
    for _time in range(6):
        too_often = Client(**options).post("/log-in/", {"login": aya.email, "password": "wrong"})
    found = [
        theirs.get("/accounts/me/"),
        theirs.get("/"),
        theirs.get("/", headers={"host": "evil.example"}),
        theirs.get("/foster/mine/"),
        theirs.get("/nowhere/"),
        theirs.get("/accounts/language/"),
        strict_client().post("/log-in/", {"login": "x" * 2000}),
        too_often,
        Client(**options).get("/fails/"),
        Client(**options).get("/locked/"),
    ]
    return {response.status_code: response for response in found}


@pytest.mark.urls(__name__)
def test_every_status_has_the_whole_set(aya, as_user, settings, tally):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1500
    found = by_status(aya, as_user)
    assert set(found) == STATUSES
    wrong = {status: faults(response, SET | NOT_KEPT) for status, response in found.items()}
    assert {status: fault for status, fault in wrong.items() if fault} == {}
    tally(f"test 15: statuses {sorted(found)}, headers missing or different: 0")


@pytest.mark.urls(__name__)
def test_over_tls_every_status_says_so(aya, as_user, settings):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    client = as_user(aya, raise_request_exception=False)
    for address in ("/accounts/me/", "/", "/nowhere/", "/foster/mine/", "/fails/", "/locked/"):
        assert faults(client.get(address, secure=True), SET | NOT_KEPT | OVER_TLS) == []
    strange = client.get("/", secure=True, headers={"host": "evil.example"})
    assert faults(strange, SET | NOT_KEPT | OVER_TLS) == []


def test_the_way_to_tls_has_the_set_and_waits_for_it(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/log-in/")
    assert response.status_code == 301
    assert faults(response, SET | NOT_KEPT) == []


# --- files that everybody gets -----------------------------------------------------------------------------


STATIC = ("vendor/bootstrap.min.css", "css/house.css", "js/send-once.js", "img/icon.svg")


@pytest.mark.parametrize("name", STATIC)
def test_static_files_have_the_set_and_may_be_kept(name, client):
    response = client.get(f"/static/{name}")
    assert response.status_code == 200
    assert faults(response, SET) == []
    assert "max-age" in response["Cache-Control"]
    text = b"".join(response.streaming_content).decode()
    assert IN_A_STYLE.findall(text) == []


def test_a_static_file_that_is_none_is_not_kept(client):
    assert faults(client.get("/static/nothing.css"), SET | NOT_KEPT) == []


# --- the controls ------------------------------------------------------------------------------------------


def test_control_without_the_skin_the_gaps_are_reported(client, settings):
    settings.MIDDLEWARE = [one for one in django_settings.MIDDLEWARE if one != "core.middleware.outer_skin"]
    missing = " ".join(faults(client.get("/log-in/"), SET | NOT_KEPT))
    for name in ("Content-Security-Policy", "Permissions-Policy", "Cross-Origin-Resource-Policy"):
        assert name in missing
    assert "Cache-Control" in " ".join(faults(client.get("/nowhere/"), SET | NOT_KEPT))


def test_control_a_weaker_or_further_header_is_reported():
    response = HttpResponse(headers=SET | NOT_KEPT | {"X-Frame-Options": "SAMEORIGIN", "X-Powered-By": "x"})
    assert faults(response, SET | NOT_KEPT) == ["X-Frame-Options: SAMEORIGIN", "X-Powered-By is too much"]


@pytest.mark.parametrize(
    "planted",
    [
        '<script src="https://cdn.example/x.js">',
        "<img src='//tracker.example/p.gif'>",
        '<form action="http://a.example">',
    ],
)
def test_control_a_host_of_others_is_found(planted):
    assert hosts_in(HttpResponse(planted, content_type="text/html")) != set()


def test_there_are_routes_to_ask():
    assert len(ROWS) >= 50
