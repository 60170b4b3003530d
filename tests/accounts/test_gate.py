"""A view without a guard neither starts nor is served."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path, reverse

from accounts.checks import every_view_has_a_gate
from accounts.gate import public, requires
from accounts.middleware import Gate
from accounts.permissions import Right


def unguarded(request):
    return HttpResponse("secret")


urlpatterns = [
    path("open/", public(unguarded), name="open"),
    path("guarded/", requires(Right.PORTAL)(unguarded), name="guarded"),
    path("unguarded/", unguarded, name="unguarded"),
    path("", public(unguarded), name="home"),
    path("log-in/", public(unguarded), name="account_login"),
]


@override_settings(ROOT_URLCONF=__name__)
def test_an_unguarded_view_is_an_error_of_the_system_check():
    assert [error.id for error in every_view_has_a_gate(None)] == ["accounts.E001"]
    assert "unguarded" in every_view_has_a_gate(None)[0].msg


def test_every_view_of_the_site_has_a_gate():
    assert every_view_has_a_gate(None) == []


@override_settings(ROOT_URLCONF=__name__)
def test_an_unguarded_view_is_not_served(client, db):
    response = client.get("/unguarded/")
    assert response.status_code == 403
    assert b"secret" not in response.content
    assert client.get("/open/").content == b"secret"


@override_settings(ROOT_URLCONF=__name__)
def test_a_guarded_view_asks_for_log_in_then_right(client, as_user, hana, yuki):
    assert client.get("/guarded/").status_code == 302
    assert as_user(hana).get("/guarded/").status_code == 403
    assert as_user(yuki).get("/guarded/").content == b"secret"


def test_the_middleware_itself_refuses(rf):
    gate = Gate(lambda request: HttpResponse())
    assert gate.process_view(rf.get("/"), public(unguarded), (), {}) is None
    with pytest.raises(PermissionDenied):
        gate.process_view(rf.get("/"), unguarded, (), {})


def test_a_form_sent_after_the_log_out_does_not_come_back_to_its_address(client, db, aya):
    response = client.post(reverse("accounts:log_out_everywhere", args=[aya.uuid]))
    assert response.url == reverse("account_login")


def test_a_form_sent_within_its_page_after_the_log_out_is_not_taken_for_booked(client, db, aya):
    response = client.post(
        reverse("accounts:log_out_everywhere", args=[aya.uuid]), headers={"x-sent-within": "page"}
    )
    assert (response.status_code, response.content) == (401, b"")


def test_a_fragment_asked_for_after_the_log_out_sends_the_whole_page_away(client, db):
    response = client.get(reverse("accounts:people"), headers={"hx-request": "true"})
    assert response.headers["HX-Redirect"] == reverse("account_login")
    assert response.content == b""


def test_log_in_address_survives_a_query(client, db):
    response = client.get(reverse("accounts:people") + "?role=auditor")
    assert response.url.startswith(reverse("account_login"))
    assert "role%3Dauditor" in response.url
