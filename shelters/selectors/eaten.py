"""In which order a store is eaten: what expires first goes first, and nothing after its last day."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple


class Part(NamedTuple):
    """So much of an item at a store that expires on one day, in the base unit; None: it never expires."""

    expires_on: date | None
    quantity: Decimal


def eaten_of(quantity: Decimal, needed: Decimal, before: Decimal) -> Decimal:
    """How much of a part is eaten by its last day.

    `needed`: by everybody until then; `before`: what the parts that expire earlier give of it.
    """
    return min(quantity, max(needed - before, Decimal(0)))


def spoiled(parts: Iterable[Part], today: date, need_until: Callable[[date], Decimal]) -> list[Part]:
    """What nobody will eat: the parts that expired before today, and of the others what is left of each
    after its last day. First to expire first; parts that never expire are in none.

    `need_until`: how much is eaten from today to the end of a day, never less for a later day.
    """
    found, before = [], Decimal(0)
    for expires_on, quantity in sorted((day, held) for day, held in parts if day is not None):
        eaten = Decimal(0)
        if expires_on >= today:
            eaten = eaten_of(quantity, need_until(expires_on), before)
        before += eaten
        if eaten < quantity:
            found.append(Part(expires_on, quantity - eaten))
    return found
