"""The tests' own connection is the system's; a request of theirs begins as in production, as nobody's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse

from core.identity import SETTING, SYSTEM, Scope, sealed


@contextmanager
def nobody() -> Iterator[None]:
    """Also inside a test's own transaction, and past the counter of queries."""
    with suppress(OperationalError):  # a test may have taken the database away
        _be("")
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            _be(sealed(SYSTEM, Scope.OWN))


def _be(said: str) -> None:
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, said])


def nobody_before_the_gate(get_response: Callable) -> Callable:
    def middleware(request: HttpRequest) -> HttpResponse:
        with nobody():
            return get_response(request)

    return middleware
