"""Every route of the site, asked as the table of access asks it."""

from collections.abc import Callable

from django.urls import reverse

from tests.access import PLAYERS, Row
from tests.test_access import ROWS

__all__ = ["ROWS", "address_of", "allowed", "refused", "some"]


def some(step: int) -> list[Row]:
    """Every `step`-th route."""
    return ROWS[::step]


def address_of(row: Row, get: Callable) -> str:
    """Of a record that one of its roles may see. `get`: request.getfixturevalue."""
    return reverse(row.name, kwargs=row.address(get) if row.address else None)


def allowed(row: Row) -> str:
    """The person, as a fixture, of the first role that gets an answer."""
    return next(PLAYERS[role] for role in PLAYERS if role in row.roles)


def refused(row: Row) -> str | None:
    return next((PLAYERS[role] for role in PLAYERS if role not in row.roles), None)
