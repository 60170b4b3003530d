"""A database of its own for a benchmark, made, walled and dropped like that of the tests."""

import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager

from django.db import connection
from psycopg2 import sql

from benchmarks.harness import say
from core.identity import run_as_system
from tests import database


@contextmanager
def database_of_its_own() -> Iterator[str]:
    """Its name. Django is connected to it as the app's role; what is filled in is filled in as the system."""
    before, name = connection.settings_dict["NAME"], f"bench_{uuid.uuid4().hex[:8]}"
    say("Making a database …")
    run_as_system()
    database.create(name)
    try:
        yield name
    finally:
        database.drop(name)
        database.become(before)


def as_owner(name: str, statement: str, *tables: str) -> None:
    """One statement of the owner for each of these tables."""
    with closing(database.owner_connection(name)) as owner, owner.cursor() as cursor:
        for table in tables:
            cursor.execute(sql.SQL(statement).format(sql.Identifier(table)))


def walled_tables(name: str) -> list[str]:
    """Every table with row policies in force."""
    with closing(database.owner_connection(name)) as owner, owner.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r' ORDER BY relname")
        return [row[0] for row in cursor.fetchall()]


def analyze(name: str) -> None:
    """Fresh statistics for the planner, as autovacuum would have made them."""
    with closing(database.owner_connection(name)) as owner, owner.cursor() as cursor:
        cursor.execute("ANALYZE")
