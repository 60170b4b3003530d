"""What is eaten of an item, whichever lots it lies in: first to expire, first out."""

from decimal import Decimal
from typing import Any, Unpack

from django.db import transaction

from accounts.models import User
from supply import selectors
from supply.enums import Reason, Unit
from supply.models import Movement, Place
from supply.services.entries import Entry, log_use
from supply.services.ledger import hold_ledger, refuse_quantity
from supply.services.refusals import KeyAlreadyUsed, NotEnoughStock


@transaction.atomic
def use_first_out(*, by: User, place: Place, **entry: Unpack[Entry]) -> Movement:
    """Used up: of the lots that expire first, as many as it takes, all in one booking or nothing.

    The lot of the entry does not count. The last movement, which bears the key; the same again is the first
    booking. Raises NotEnoughStock where what has not expired is less, and the refusals of `log_use`.
    """
    item, quantity, day, key = entry["item"], entry["quantity"], entry["occurred_on"], entry["key"]
    hold_ledger()
    booked = Movement.objects.filter(key=key).first()
    if booked is not None:
        return _booked_before(booked, (by.pk, place.pk, item.pk, quantity, day))
    refuse_quantity(item, quantity)
    lines = selectors.first_to_expire(place, item, day, today=entry["today"])
    parts = selectors.taken_from(lines, quantity)
    if not parts:
        raise NotEnoughStock(place, item, None, sum((held for _lot, held in lines), Decimal(0)))
    keys = [*selectors.keys_of_parts(key)[: len(parts) - 1], key]
    movements = []
    for one, (lot, part) in zip(keys, parts, strict=True):
        own: Any = {"lot": lot, "quantity": part, "typed": Unit(item.base_unit).amount(part), "key": one}
        movements.append(log_use(by=by, place=place, **(entry | own)))
    return movements[-1]


def _booked_before(booked: Movement, asked: tuple) -> Movement:
    """Raises KeyAlreadyUsed when it was something else."""
    others = Movement.objects.filter(key__in=selectors.keys_of_parts(booked.key))
    quantity = booked.quantity + sum(part.quantity for part in others)
    first = (booked.by_id, booked.source_id, booked.item_id, quantity, booked.occurred_on)
    if first != asked or booked.reason != Reason.USED:
        raise KeyAlreadyUsed
    return booked
