"""Test 5, beside the policies: whoever runs statements as the app's role cannot borrow another's identity.

PostgreSQL shows the statements of all connections of a role to that role. One of them says for whom a
transaction acts, with the proof; read there, it would open every row to an injected statement, for good.
"""

import os
from contextlib import closing

import psycopg2
import pytest
from django.db import DatabaseError, connection, connections, transaction

from core import grants
from core.identity import SETTING, Scope, act_as, run_as_system, sealed
from tests import database

OTHERS = (
    "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
    "AND query LIKE '%%app.identity%%'"
)


def an_injected_connection() -> "psycopg2.extensions.connection":
    """A second connection of the app's role, on which an attacker runs what he likes."""
    same = connection.get_connection_params()
    same.pop("cursor_factory", None)
    return psycopg2.connect(**same)


def seen_by(spy: "psycopg2.extensions.connection") -> list[str]:
    with spy.cursor() as cursor:
        cursor.execute(OTHERS)
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_no_proof_of_identity_is_read_from_another_connection(aya, tally):
    with transaction.atomic(), closing(an_injected_connection()) as spy:
        act_as(aya)
        assert seen_by(spy) == []
    connection.close()
    run_as_system()
    connection.ensure_connection()  # a worker begins: it says that it is the system
    with closing(an_injected_connection()) as spy:
        assert seen_by(spy) == []
    tally("test 05: 2 identities taken on, 0 read from another connection of the same role")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement", ["SET track_activities = on", "ALTER ROLE CURRENT_USER SET track_activities = on"]
)
def test_the_app_cannot_make_its_statements_visible(statement):
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_a_database_that_shows_them_is_a_wall_that_is_down():
    assert grants.faults() == []
    ours, name = connections["default"].connection, connection.settings_dict["NAME"]
    with closing(database.owner_connection(name)) as watched:
        connections["default"].connection = watched
        try:
            assert grants.faults() == [
                "the app may make temporary objects",
                "statements are shown to other connections",
            ]
        finally:
            connections["default"].connection = ours


@pytest.mark.django_db(transaction=True)
def test_the_spy_would_see_it(aya):
    """The same on connections that are watched, the owner's: the proof is read, and it is the right one."""
    name = connection.settings_dict["NAME"]
    with closing(database.owner_connection(name)) as one, closing(database.owner_connection(name)) as spy:
        with one.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, sealed(str(aya.pk), Scope.OWN)])
        [statement] = seen_by(spy)
    assert sealed(str(aya.pk), Scope.OWN) in statement
    assert os.environ["OWNER_DATABASE_URL"] != os.environ["DATABASE_URL"]
