"""The log line of a request: which page was opened; never whose, nor what was searched for or typed."""

import json
import re

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse

from core.logs import Formatter, page_of


def lines(caplog) -> str:
    return json.dumps([Formatter().format(record) for record in caplog.records], ensure_ascii=False)


@pytest.fixture
def log(caplog):
    caplog.set_level("INFO")
    return caplog


def test_a_request_is_one_line(as_user, aya, log):
    as_user(aya).get(reverse("accounts:people"))
    [line] = [json.loads(Formatter().format(record)) for record in log.records]
    assert re.fullmatch("[2-9A-Z]{8}", line.pop("request_id"))
    assert line.pop("timestamp")
    assert line == {
        "event": "request_finished",
        "request": "GET /accounts/people/",
        "code": 200,
        "user_id": aya.pk,
        "level": "info",
    }


def test_no_search_word_in_the_log(as_user, aya, log):
    as_user(aya).get(reverse("accounts:people"), {"q": "Yamada"})
    as_user(aya).post(reverse("accounts:people"), {"q": "Yamada"}, follow=True)
    assert "Yamada" not in lines(log)
    assert "find" not in lines(log)


def test_whose_page_it_was_is_not_in_the_log(as_user, miki, momo, log):
    as_user(miki).get(reverse("foster:child", args=[momo.uuid]))
    assert "GET /foster/children/<uuid:uuid>/" in lines(log)
    assert str(momo.uuid) not in lines(log)


def test_an_address_that_is_none_is_not_in_the_log(client, db, log):
    client.get("/people/Yamada Hanako/")
    assert "Yamada" not in lines(log)
    assert '"GET …' in json.loads(lines(log))[-1]


def test_a_method_that_is_none_is_not_in_the_log():
    request = HttpRequest()
    request.method, request.resolver_match = "YAMADA", None
    assert page_of(request) == "… …"


def test_no_link_of_a_mail_in_the_log(client, db, log):
    client.get("/password/new/1-abcdef-0123456789/")
    Client(enforce_csrf_checks=True).post("/password/new/1-abcdef-0123456789/")
    assert "/password/new/" in lines(log)
    assert "django.security.csrf" in lines(log)
    assert "abcdef" not in lines(log)


def test_no_address_of_a_phone_in_the_log(as_user, hana, log):
    client = as_user(hana, REMOTE_ADDR="203.0.113.77")
    client.get("/", headers={"x-forwarded-for": "203.0.113.77", "user-agent": "Hanas phone"})
    assert "GET /" in lines(log)
    assert "203.0.113.77" not in lines(log)
    assert "Hanas phone" not in lines(log)
