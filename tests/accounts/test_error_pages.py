"""Error pages: a sentence, a way home, and nothing that tells one record from another."""

import uuid
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from core.views import server_error

ERRORS = ["400", "403", "403_csrf", "404", "413", "429", "500", "503"]


@pytest.mark.parametrize("log_in", [True, False])
def test_missing_pages_look_alike_to_the_byte(client, as_user, hana, log_in):
    if log_in:
        client = as_user(hana)
    answers = [client.get(f"/nowhere/{uuid.uuid4()}/") for _time in range(2)]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].content == answers[1].content
    assert b'href="/"' in answers[0].content


def test_a_missing_record_looks_like_a_missing_page(as_user, aya):
    client = as_user(aya)
    record = client.get(reverse("accounts:person", args=[uuid.uuid4()]))
    assert record.status_code == 404
    assert record.content == client.get("/nowhere/").content


def test_without_the_right_a_sentence_and_403(as_user, hana):
    response = as_user(hana).get(reverse("accounts:people"))
    assert response.status_code == 403
    assert "Not for your role" in response.content.decode()


def test_a_form_without_its_token_is_explained(hana):
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("account_login"), {"login": hana.email, "password": "x"})
    assert response.status_code == 403
    assert "has expired" in response.content.decode()


def test_a_foreign_host_is_refused_with_a_page(client, db):
    response = client.get("/log-in/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "cannot be read" in response.content.decode()
    assert "evil.example" not in response.content.decode()


def test_the_500_page_needs_no_database(rf):
    # No `db` fixture: pytest-django refuses any query here.
    response = server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


def test_a_form_above_the_limit_is_explained(client, db, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = client.post(reverse("account_login"), {"login": "x" * 2000})
    assert response.status_code == 413
    assert "larger than 15 MB" in response.content.decode()


@pytest.mark.parametrize("code", ERRORS)
def test_no_error_page_holds_a_form_or_the_path(code):
    text = (Path(django_settings.BASE_DIR) / "templates" / f"{code}.html").read_text()
    frame = (Path(django_settings.BASE_DIR) / "templates" / "error.html").read_text()
    for forbidden in ("csrf_token", "request.", "user", "exception", "block.super"):
        assert forbidden not in text + frame.split("<body>")[1]


def test_error_pages_speak_the_persons_language(as_user, hana):
    hana.language = "ja"
    hana.save()
    assert '<html lang="ja"' in as_user(hana).get("/nowhere/").content.decode()
