"""An amount as people write it: "75", "75 kg", "3 bags of 25 kg", "3 × bag of 25 kg"."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.quantities import GRAMS_PER_KILOGRAM, plain
from supply.enums import WHOLE_UNITS, Unit
from supply.forms.amounts import AmountField, refuse_fractions
from supply.models import Item

LONGEST = 60
MOST = 1_000_000_000  # far above any load
_WRITTEN = re.compile(r"([+-]?\d[\d.,]*)\s*(?:[×x*]\s+|×)?(.*)", re.IGNORECASE | re.DOTALL)
_GROUPED = re.compile(r"(?<=\d),(?=\d{3})")
_WEIGHED = {
    (Unit.KILOGRAM, "g"): Decimal(1) / GRAMS_PER_KILOGRAM,
    (Unit.GRAM, "kg"): Decimal(GRAMS_PER_KILOGRAM),
}


def read_amount(text: str, item: Item, *, zero: bool = False) -> tuple[Decimal, str]:
    """The quantity in the base unit, and as it is kept beside it. `zero`: nothing is an answer too.

    Costs no query when the item came with its packs. Raises ValidationError with a sentence and examples.
    """
    written = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text[:LONGEST]).strip())
    if written is None:
        raise ValidationError(_not_read(item))
    field = AmountField(max_value=MOST, zero=zero)
    field.in_whole_units = item.base_unit in WHOLE_UNITS
    number, unit = field.clean(written[1]), " ".join(written[2].casefold().split())
    factor, typed = _unit(number, unit, item)
    quantity = number * factor
    if not quantity and not zero:
        raise ValidationError(field.error_messages["min_value"])
    refuse_fractions(quantity, item)
    return quantity, typed


def ungrouped(text: str) -> str:
    """What we wrote ourselves, as it can be read again: "1,250 kg" could be typed for 1.25 kg as well."""
    return _GROUPED.sub("", text)


def example(item: Item) -> str:
    """How this item may be written: "75 kg" or "3 bags of 25 kg"."""
    pack = next(iter(item.packs.all()), None)
    plain_one = Unit(item.base_unit).amount(75)
    return (
        plain_one if pack is None else _("%(one)s or %(other)s") % {"one": plain_one, "other": f"3 × {pack}"}
    )


def _not_read(item: Item) -> str:
    return _("Write the amount of %(item)s as %(example)s.") % {"item": item, "example": example(item)}


def _unit(number: Decimal, unit: str, item: Item) -> tuple[Decimal, str]:
    base = Unit(item.base_unit)
    own = {"", base.value, str(base.label).casefold()}
    if unit in own | {f"{name}s" for name in own if name}:
        return Decimal(1), base.amount(number)
    if (base, unit) in _WEIGHED:
        return _WEIGHED[base, unit], f"{plain(number)} {unit}"
    packs = list(item.packs.all())
    bare = unit.replace(" ", "")
    found = [pack for pack in packs if bare in _names(*pack.names)]
    found = found or [pack for pack in packs if bare in _names(*(name.split(" ")[0] for name in pack.names))]
    if len(found) != 1:
        raise ValidationError(_not_read(item))
    return found[0].quantity, f"{plain(number)} × {found[0]}"


def _names(*names: str) -> set[str]:
    """One and many, without spaces: "bagof25kg", "bagsof25kg"."""
    found = set()
    for name in names:
        first, *rest = unicodedata.normalize("NFKC", name).casefold().split() or [""]
        found |= {"".join((word, *rest)) for word in (first, f"{first}s", f"{first}es")}
    return found


class WrittenAmount(forms.CharField):
    """The text alone; the form reads it once it knows the item."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "off", "inputmode": "text"}
        kwargs = {"max_length": LONGEST, "required": False} | kwargs
        super().__init__(widget=forms.TextInput(attrs=attributes), **kwargs)
