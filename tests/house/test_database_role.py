"""The app, and with it every test, connects as a role that may not change the schema or pass a policy."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

pytestmark = pytest.mark.django_db


def ask(question: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()


def test_it_is_the_role_of_the_settings():
    assert ask("SELECT current_user, session_user") == (settings.APP_DATABASE_ROLE,) * 2


def test_it_has_no_special_powers():
    powers = ask(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication "
        "FROM pg_roles WHERE rolname = current_user"
    )
    assert powers == (False,) * 5


def test_it_owns_nothing():
    assert ask("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == (0,)
    assert ask("SELECT count(*) FROM pg_proc WHERE proowner = current_user::regrole") == (0,)
    assert ask(
        "SELECT pg_get_userbyid(datdba) = current_user FROM pg_database WHERE datname = current_database()"
    ) == (False,)


def test_it_belongs_to_no_other_role():
    assert ask("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole") == (0,)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE core_auditentry DISABLE TRIGGER append_only",
        "DROP TABLE core_auditentry",
        "DROP FUNCTION refuse_change() CASCADE",
        "SET session_replication_role = replica",
        "SET ROLE lfnkr_owner",
    ],
)
def test_it_changes_no_schema_and_silences_no_trigger(statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_driver_is_psycopg2():
    assert connection.Database.__name__ == "psycopg2"
    with pytest.raises(ModuleNotFoundError):
        __import__("psycopg")
