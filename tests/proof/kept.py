"""Whether the database takes a statement of somebody who has SQL under their own proven identity."""

from django.db import DatabaseError, connection, transaction

from core.identity import acting_as


def is_taken(by, statement, *values) -> bool:
    """Whether the database takes it, deferred constraints included; whatever it wrote is undone."""
    return is_done(by, lambda: _run(statement, values))


def _run(statement, values) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def is_done(by, write) -> bool:
    try:
        with transaction.atomic():
            with acting_as(by), connection.cursor() as cursor:
                written = write()
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return bool(written)
