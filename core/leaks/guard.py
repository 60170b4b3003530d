"""The opened values, for as long as one piece of work needs them.

They are read at the first text that is checked, shared by all checks inside `guarding`, and let go with it:
nothing refers to them afterwards and Python frees their memory, but does not overwrite it. They never reach
a cache, a session, a queue or another process.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils.translation import gettext as _

from core.identity import Scope, seeing
from core.keyring import KeysLocked
from core.leaks.collecting import build_index
from core.leaks.index import Index
from core.sealed import CannotOpen

FRESH_SECONDS = 60  # work that goes on for longer reads the values again


class CannotCheck(Exception):
    def __str__(self) -> str:
        return _(
            "The sealed values cannot be opened, so the text cannot be checked, and unchecked nothing leaves."
            " Tell the operator."
        )


class Guard:
    def __init__(self) -> None:
        self._index: Index | None = None
        self._read_at = 0.0

    def index(self) -> Index:
        """Raises CannotCheck."""
        if self._index is None or time.monotonic() - self._read_at > FRESH_SECONDS:
            self._index, self._read_at = _read(), time.monotonic()
        return self._index

    def let_go(self) -> None:
        self._index = None


def _read() -> Index:
    try:
        with seeing(Scope.GUARD):
            return build_index()
    except (CannotOpen, KeysLocked):
        raise CannotCheck from None


_now: ContextVar[Guard | None] = ContextVar("guard", default=None)


@contextmanager
def guarding() -> Iterator[Guard]:
    """Every check inside uses the same opened values; with one around it already, that one serves."""
    if outer := _now.get():
        yield outer
        return
    guard = Guard()
    token = _now.set(guard)
    try:
        yield guard
    finally:
        _now.reset(token)
        guard.let_go()
