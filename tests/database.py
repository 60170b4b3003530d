"""The tests' database: made and migrated by the owner role, used by the tests as the app's role."""

import os
from contextlib import closing
from urllib.parse import unquote, urlsplit

import psycopg2
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from psycopg2 import sql

KEPT = ("django_migrations", "django_content_type", "auth_permission")


def owner_connection(name: str) -> "psycopg2.extensions.connection":
    address = urlsplit(os.environ["OWNER_DATABASE_URL"])
    connected = psycopg2.connect(
        host=unquote(address.netloc.rpartition("@")[2].partition(":")[0]),  # .hostname lower-cases a path
        port=address.port,
        user=unquote(address.username or ""),
        password=unquote(address.password or "") or None,
        dbname=name,
    )
    connected.autocommit = True
    return connected


def create(name: str) -> None:
    """A fresh database of this name, migrated as the owner."""
    drop(name)
    _as_owner("CREATE DATABASE {}", name)
    migrate(name)


def migrate(name: str) -> None:
    """`manage.py migrate` as the owner; Django is then the app role again."""
    address = urlsplit(os.environ["OWNER_DATABASE_URL"])
    app = {part: connection.settings_dict[part] for part in ("USER", "PASSWORD")}
    become(name, {"USER": unquote(address.username or ""), "PASSWORD": unquote(address.password or "")})
    call_command("migrate", verbosity=0)
    become(name, app)


def drop(name: str) -> None:
    # The owner may not end the app's connections; the app's role may end its own, but this one.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = %s AND pid <> pg_backend_pid() AND usename = current_user",
            [name],
        )
    connections.close_all()
    _as_owner("DROP DATABASE IF EXISTS {}", name)


def _as_owner(statement: str, name: str) -> None:
    beside = urlsplit(os.environ["OWNER_DATABASE_URL"]).path[1:]
    with closing(owner_connection(beside)) as owner, owner.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(sql.Identifier(name)))


def become(name: str, role: dict[str, str] | None = None) -> None:
    """Django works in this database from now on, as this role where one is given."""
    connections["default"].close()
    for values in (connection.settings_dict, settings.DATABASES["default"]):
        values.update((role or {}) | {"NAME": name, "CONN_MAX_AGE": 0})


def empty(name: str) -> None:
    """Empty every table as the owner: the app's role cannot, and append-only tables refuse it."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - set(KEPT)
    guarded = {m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False)}
    with closing(owner_connection(name)) as owner, owner.cursor() as cursor:
        cursor.execute("BEGIN")
        for table in guarded:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
        names = sql.SQL(", ").join(map(sql.Identifier, sorted(tables)))
        cursor.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))
        for table in guarded:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))
        cursor.execute("COMMIT")
