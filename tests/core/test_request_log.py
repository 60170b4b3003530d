"""The log line of a request: what was opened, never what was searched for or who may set a password."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from core.logs import Formatter


def lines(caplog) -> str:
    return json.dumps([str(record.msg) for record in caplog.records], ensure_ascii=False)


@pytest.fixture
def log(caplog):
    caplog.set_level("INFO")
    return caplog


def test_no_search_word_in_the_log(as_user, aya, log):
    as_user(aya).get(reverse("accounts:people"), {"q": "Yamada"})
    assert "/accounts/people/" in lines(log)
    assert "Yamada" not in lines(log)


def test_no_link_of_a_mail_in_the_log(client, db, log):
    client.get("/password/new/1-abcdef-0123456789/")
    assert "/password/new/" in lines(log)
    assert "abcdef" not in lines(log)


def test_no_address_of_a_phone_in_the_log(as_user, hana, log):
    client = as_user(hana, REMOTE_ADDR="203.0.113.77")
    client.get("/", headers={"x-forwarded-for": "203.0.113.77"})
    assert "GET /" in lines(log)
    assert "203.0.113.77" not in lines(log)


def test_no_link_of_a_mail_in_a_line_of_the_framework(db, log):
    Client(enforce_csrf_checks=True).post("/password/new/1-abcdef-0123456789/")
    [refused] = [record for record in log.records if record.name == "django.security.csrf"]
    line = Formatter().format(refused)
    assert "/password/new/" in line
    assert "abcdef" not in line
