"""Test 5, further: with SQL under one's own proven identity nobody rewrites what was written down.

Each refusal stands beside what the app itself writes, so that it cannot hold for another reason.
"""


import pytest
from django.db import DatabaseError, connection, transaction

from core.identity import acting_as
from tests import factories as f


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


# --- a shelter ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "code = 'HIDDEN'",
        "region = 'elsewhere'",
        "capacity = 99",
        "blocked_places = 1",
        "opened_on = '1990-01-01'",
        "closed_on = '2090-01-01'",
        "disclosure = 'public'",
        "store_id = (SELECT max(id) FROM supply_place)",
    ],
)
def test_field_staff_change_no_more_of_their_shelter_than_its_place(change, hana, aya, willow):
    f.PlaceFactory(kind="store")
    statement = "UPDATE shelters_shelter SET {} WHERE id = %s"
    assert not is_taken(hana, statement.format(change), willow.pk)
    assert is_taken(aya, statement.format(change), willow.pk)
    for column in ("address", "map_point", "contact", "spellings"):
        assert is_taken(hana, statement.format(f"{column} = 'sealed'"), willow.pk)
