"""Whose rows the database shows: the identity under which a transaction runs.

Row policies (lfnkr/walls) ask `core_identity()`, never the app's own filters. The app says who it acts for in
the setting `app.identity` of the transaction, sealed with a secret that the database knows and SQL does not
show: a statement slipped in by an attacker can set it, but not to another person. docs/adr/0020 says more.

A web request acts as its user for its one transaction. Workers and commands act as the system for as long as
they run. Whoever says nothing sees nothing.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.backends.signals import connection_created

SETTING = "app.identity"
SYSTEM = "system"


class Scope(StrEnum):
    """A wider sight for one piece of work, granted by a policy that names it."""

    OWN = ""  # what the person's role sees
    FIGURES = "figures"  # rows that a report's figures are computed from
    SUMS = "sums"  # rows of persons that the office sees added up alone
    GUARD = "guard"  # every sealed value, for the leak guard: a verdict comes out, never a value
    EXPOSURE = "exposure"  # what another log-in could see, for the exposure report
    LOCK_DOWN = "lock-down"  # which shelter is meant and who is posted there, for whoever locks it down
    BREAK_GLASS = "break-glass"  # one sealed value, opened by two persons in an emergency
    FORGET = "forget"  # the data keys of one subject, to be deleted


def secret_of(secret_key: str) -> bytes:
    """What application and database share: 32 bytes that do not lead back to SECRET_KEY."""
    return hashlib.sha256(b"lfnkr row identity|" + secret_key.encode()).digest()


def secrets_in_force() -> list[bytes]:
    """Of SECRET_KEY and its former values; `migrate` writes them down for the database."""
    return [secret_of(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def sealed(who: str, scope: Scope) -> str:
    """`who:scope:seal`, as `core_identity()` expects it."""
    said = f"{who}:{scope}"
    secret = secret_of(settings.SECRET_KEY)
    inner = hashlib.sha256(secret + said.encode()).digest()
    return f"{said}:{hashlib.sha256(secret + inner).hexdigest()}"


def act_as(user: Any, *, scope: Scope = Scope.OWN) -> None:
    """For the rest of the running transaction. None: nobody.

    Raises ImproperlyConfigured when the database does not know this installation's SECRET_KEY.
    """
    who = str(user.pk) if user is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config(%s, %s, true), core_who()",
            [SETTING, sealed(who, scope) if who or scope else ""],
        )
        if cursor.fetchone()[1] != (user.pk if user is not None else None):
            raise ImproperlyConfigured(
                "The database does not know this SECRET_KEY, so it shows no rows: run `manage.py migrate`."
            )


@contextmanager
def acting_as(user: Any, *, scope: Scope = Scope.OWN) -> Iterator[None]:
    """Inside, the database shows the rows of this person (None: of nobody); the former identity comes back.

    Opens a transaction or a savepoint.
    """
    with transaction.atomic():
        before = _said()
        act_as(user, scope=scope)
        yield
        # An exception rolls the setting back with everything else.
        _say(before)


@contextmanager
def seeing(scope: Scope) -> Iterator[None]:
    """Inside, whoever the transaction acts for has a wider sight; the system sees everything anyway.

    Opens a transaction or a savepoint.
    """
    with transaction.atomic():
        before, who = _said(), _proven()
        if who != SYSTEM:
            _say(sealed(who, scope))
        yield
        _say(before)


def _said() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [SETTING])
        return cursor.fetchone()[0]


def _proven() -> str:
    """Who that is by the database's own word: what merely stands in the setting is never sealed anew."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce((core_identity())[1], '')")
        return cursor.fetchone()[0]


def _say(said: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, said])


def run_as_system() -> None:
    """This process works for nobody in particular: a worker, a command. Never a web server.

    It stays the system on every connection that it opens, except inside `acting_as`.
    """
    connection_created.connect(_become_system, dispatch_uid="core.identity")
    if connection.connection is not None:
        _become_system(connection=connection)


def _become_system(connection: Any, **_kwargs: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, sealed(SYSTEM, Scope.OWN)])
