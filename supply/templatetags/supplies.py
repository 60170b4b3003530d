"""Amounts of goods as people read them."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from core import quantities
from core.texts import listed
from supply.enums import Unit
from supply.models import Item, Pack

register = template.Library()


@register.filter
def plain(number: Decimal | int) -> str:
    """12,500 or 0.75."""
    return quantities.plain(number)


@register.filter
def amount(number: Decimal | int, item: Item) -> str:
    """With the item's base unit: 30 pieces, 2.5 kg."""
    return Unit(item.base_unit).amount(number)


@register.filter
def in_a_row(words: Iterable[Any]) -> str:
    """With the comma of the reader's language between them."""
    return listed(words)


@register.filter
def in_packs(quantity: Decimal, packs: Iterable[Pack]) -> str:
    """In the biggest pack that fits: "4 × bag of 25 kg", "≈ 4.4 × bag of 25 kg"; empty without one.

    `packs`: of the item, the biggest first.
    """
    pack = next((pack for pack in packs if pack.quantity <= quantity), None)
    if pack is None:
        return ""
    number = quantity / pack.quantity
    words = {"number": quantities.plain(round(number, 1)), "pack": pack}
    if number == round(number, 1):
        return _("%(number)s × %(pack)s") % words
    return _("≈ %(number)s × %(pack)s") % words
