"""A store as its shelter's page shows it: asked so often that its statements are written once."""

from decimal import Decimal
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BigIntegerField, DecimalField, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, JSONObject

from core.prepared import Asked, Prepared
from supply.models import Balance, Movement, Pack, Place
from supply.selectors.movements import last_movements_at
from supply.selectors.reserved import with_reserved
from supply.selectors.stock import stock_at

_PLACE = Asked("place", BigIntegerField())


def _lines() -> QuerySet[Balance]:
    # As text, for JSON has no decimals.
    told = JSONObject(name="name", name_ja="name_ja", quantity=Cast("quantity", TextField()))
    packs = Pack.objects.filter(item=OuterRef("item"))
    return stock_at(_PLACE).annotate(packs_told=ArraySubquery(packs.values(one=told)))


_LINES = Prepared(lambda: _lines().annotate(reserved=Value(None, DecimalField())))
_LINES_WITH_RESERVED = Prepared(lambda: with_reserved(_lines()))


def lines_in(place: Place, *, reserved: bool = False) -> list[Any]:
    """`stock_of`, each line with `packs`, those of its item; as `with_reserved` where it is asked for, else
    `reserved` is None.

    The caller has seen to it that it may be shown.
    """
    lines: list[Any] = (_LINES_WITH_RESERVED if reserved else _LINES).rows(place=place.pk)
    for line in lines:
        # As far as a page tells of them: none could be named by a form.
        line.packs = [
            Pack(uuid=None, **one | {"quantity": Decimal(one["quantity"])}) for one in line.packs_told
        ]
    return lines


@cache
def _last(number: int) -> Prepared[Movement]:
    return Prepared(lambda: last_movements_at(_PLACE, number))


def last_movements(place: Place, number: int) -> list[Movement]:
    """The newest of a place, as it was typed in, with item and person. The caller has seen to it that it may
    be shown.
    """
    return _last(number).rows(place=place.pk)
