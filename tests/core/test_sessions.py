"""A session's row is a hash: who reads the database cannot make a cookie of it."""

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.exceptions import SynchronousOnlyOperation
from django.db import connection
from django.test import Client
from django.urls import reverse
from psycopg2 import sql

from accounts.models import Device
from core.sessions import SessionStore, row_key_of
from tests.entering import come_in, with_app

PAGE = reverse("accounts:devices")


def is_in(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def stored_text() -> str:
    """All that the app can read in the database, as text."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "select tablename from pg_tables where schemaname = 'public'"
            " and has_table_privilege(format('%I.%I', schemaname, tablename), 'select')"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("select t::text from {} t").format(sql.Identifier(table)))
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_what_the_cookie_says_stands_nowhere_in_the_database(client, hana):
    come_in(client, with_app(hana))
    assert is_in(client)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    stored = stored_text()
    assert cookie not in stored
    # The control: what must be found is.
    assert stored.count(row_key_of(cookie)) >= 2


def test_what_the_database_holds_is_no_cookie(client, hana):
    come_in(client, with_app(hana))
    for stolen in (Session.objects.get().pk, Device.objects.get().session_key):
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = stolen
        assert not is_in(thief)
    assert is_in(client)


@pytest.mark.parametrize("is_control", [False, True])
def test_a_row_copied_under_a_key_of_ones_own_is_nobody(is_control, client, hana, monkeypatch):
    """Somebody who can write to the table too, and knows which cookie leads to which key."""
    if is_control:
        monkeypatch.setattr(SessionStore, "key_salt", "the same for all")
    come_in(client, with_app(hana))
    thief, cookie = Client(), "t" * 32
    thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
    Device.objects.update(session_key=row_key_of(cookie))
    Session.objects.update(session_key=row_key_of(cookie))
    assert is_in(thief) is is_control


def test_a_session_is_found_renewed_and_deleted_by_its_cookie(db):
    session = SessionStore()
    assert session.row_key == ""
    session["language"] = "ko"
    session.save()
    before = session.session_key
    assert SessionStore(before)["language"] == "ko"
    assert session.exists(before)
    session.cycle_key()
    assert not session.exists(before)
    assert SessionStore(before).load() == {}
    assert SessionStore(session.session_key)["language"] == "ko"
    session.delete(session.session_key)
    session.flush()
    assert not Session.objects.exists()


def test_a_session_that_was_ended_meanwhile_is_not_written_back(db):
    session = SessionStore()
    session.create()
    Session.objects.all().delete()
    session["language"] = "ko"
    with pytest.raises(UpdateError):
        session.save()


@pytest.mark.parametrize("call", ["aload", "acreate", "aexists", "adelete"])
def test_the_half_that_would_look_by_the_cookie_is_closed(call):
    arguments = ["a" * 32] if call in ("aexists", "adelete") else []
    coroutine = getattr(SessionStore("a" * 32), call)(*arguments)
    with pytest.raises(SynchronousOnlyOperation, match=r"[uU]se"):
        coroutine.send(None)
