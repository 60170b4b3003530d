from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import IntegrityError, connection, transaction
from django.db.models import Model

Kept = TypeVar("Kept", bound=Model)


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


def once(row: Kept, content: Iterable[str], refusal: type[Exception]) -> Kept:
    """The row of this `key`: this one, or what a form with it booked the first time.

    Raises `refusal` where that was something else in one of the fields of `content`, or where somebody else
    wrote meanwhile what may be there once.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        first = type(row)._default_manager.filter(key=row.key).first()  # type: ignore[attr-defined]
        if first is None or any(getattr(first, name) != getattr(row, name) for name in content):
            raise refusal from None
        return first
    return row
