"""`tally` collects what a proof counted; the counts are printed at the end of the run."""

import uuid
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection

from core.identity import acting_as
from tests.backups import backup_role, bare_machine, filled, identity, machine, saved  # noqa: F401
from tests.proof import scale

COUNTS = pytest.StashKey[list[str]]()


@pytest.fixture
def tally(pytestconfig: pytest.Config) -> Callable[[str], None]:
    """`tally("test 10: 240 slots, 0 survived")`: a line of the closing table."""
    lines = pytestconfig.stash.setdefault(COUNTS, [])
    return lines.append


@pytest.fixture
def does(today):
    """`does(hana, shelters.log_supplies, …)`: in Hana's name and under her identity, to its very end."""

    def done(person, service, **values):
        with acting_as(person), connection.cursor() as cursor:
            answer = service(by=person, **values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return answer

    return done


@pytest.fixture
def books(does, today):
    """`books(hana, shelters.log_supplies, rice, 5, …)`: an entry of today with a key of its own."""

    def booked(person, service, item, quantity, **values):
        entry = {"item": item, "quantity": Decimal(quantity), "occurred_on": today}
        return does(person, service, today=today, key=uuid.uuid4(), **entry | values)

    return booked


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    lines = config.stash.get(COUNTS, [])
    if lines and scale.WHOLE:
        terminalreporter.section("what was counted")
        for line in sorted(lines):
            terminalreporter.write_line(line)
