from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def joined_atomic() -> Iterator[None]:
    """A transaction; inside one, the caller's, without a savepoint: each costs two statements.

    For services whose refusals come before they write anything, or hold a savepoint around the one write that
    may be refused: who catches such a refusal goes on in a transaction that is whole.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        yield
