"""What the runner does before the web starts; here in a process of its own, as there."""

import os
import subprocess
import sys
from contextlib import closing
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection

from core.grants import become_app_role
from tests import database

NAME = f"test_prepare_{os.getpid()}"


@pytest.fixture
def empty_database(db):
    """A database with nothing in it, and the environment of a process that prepares it."""
    owner_url = os.environ["OWNER_DATABASE_URL"]
    at = owner_url.rsplit("/", 1)[1]
    with closing(database.owner_connection(at)) as owner, owner.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {NAME}")
    yield {
        **os.environ,
        "DATABASE_ROLE": "owner",
        "DATABASE_URL": os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{NAME}",
        "OWNER_DATABASE_URL": owner_url.rsplit("/", 1)[0] + f"/{NAME}",
    }
    with closing(database.owner_connection(at)) as owner, owner.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def prepare(environment: dict[str, str]) -> subprocess.CompletedProcess:
    # Settings that leave this checkout's own .local/ alone.
    code = (
        "import django, sys; from django.conf import settings; django.setup();"
        "settings.SAMPLE_WORKBOOK = settings.BASE_DIR / 'sample' / 'none.xlsx';"
        "from django.core.management import call_command; call_command('prepare_stack')"
    )
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env=environment, cwd=django_settings.BASE_DIR, capture_output=True, text=True, check=False,
    )  # fmt: skip


def tables_in(name: str) -> int:
    with closing(database.owner_connection(name)) as owner, owner.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        return cursor.fetchone()[0]


def test_an_empty_database_is_migrated_and_a_missing_sample_named(empty_database):
    done = prepare(empty_database | {"SAMPLE": "true"})
    assert done.returncode == 0, done.stderr
    assert "No sample data" in done.stdout
    assert tables_in(NAME) > 40


def test_outside_the_sample_only_the_tables_are_made(empty_database):
    production = {
        "SAMPLE": "false", "DEBUG": "false", "SECRET_KEY": "a" * 50, "EMAIL_URL": "smtp://mail.example",
    }  # fmt: skip
    done = prepare(empty_database | production)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


def switches() -> list[tuple[str, str]]:
    with closing(database.owner_connection(NAME)) as owner, owner.cursor() as cursor:
        cursor.execute("SET row_security = off")
        cursor.execute("SELECT by_name, action FROM core_auditentry ORDER BY id")
        return cursor.fetchall()


def test_switching_the_second_person_off_is_written_down_before_the_start(empty_database):
    production = {
        "SAMPLE": "false", "DEBUG": "false", "SECRET_KEY": "a" * 50, "EMAIL_URL": "smtp://mail.example",
    }  # fmt: skip
    off, on = ("System", "accounts.second_person_off"), ("System", "accounts.second_person_on")
    for needs_two, told in (("true", []), ("false", [off]), ("false", [off]), ("true", [off, on])):
        done = prepare(empty_database | production | {"REVEAL_NEEDS_TWO": needs_two})
        assert done.returncode == 0, done.stderr
        assert switches() == told


def current_role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_the_sample_is_loaded_as_the_apps_role():
    connection.close()
    owner = urlsplit(os.environ["OWNER_DATABASE_URL"])
    connection.settings_dict.update(USER=unquote(owner.username), PASSWORD=unquote(owner.password or ""))
    assert current_role() == unquote(owner.username)
    become_app_role()
    assert current_role() == django_settings.APP_DATABASE_ROLE
