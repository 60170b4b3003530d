"""Numbers that say how exact they are ("more than 20"), and amounts printed with their unit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.enums import Qualifier

# Qualifiers that spread to a sum, weakest knowledge first.
_SPREADING = (Qualifier.ABOUT, Qualifier.AT_LEAST, Qualifier.OVER, Qualifier.UP_TO)
GRAMS_PER_KILOGRAM = 1000
KILOGRAMS_PER_TONNE = 1000


def plain(number: Decimal | int) -> str:
    """With thousands separators, without trailing zeros: 12,500 or 0.75."""
    return _plain(Decimal(number) or Decimal(0), get_language())  # or equal numbers could differ by a sign


@lru_cache(maxsize=4096)  # a store's page has dozens, most of them the same few from one hour to the next
def _plain(number: Decimal, _language: str | None) -> str:
    digits = max(0, -int(number.normalize().as_tuple().exponent))
    return number_format(number, digits, force_grouping=True)


@dataclass(frozen=True)
class Quantity:
    """`value` is None when not counted; `upper` only for a range."""

    value: Decimal | None
    qualifier: Qualifier = Qualifier.EXACT
    upper: Decimal | None = None

    def __str__(self) -> str:
        if self.qualifier == Qualifier.WITHHELD:
            return _("an undisclosed number of")
        if self.qualifier == Qualifier.NOT_COUNTED or self.value is None:
            return _("several")
        return self.known_as(plain)

    def known_as(self, shown: Callable[[Decimal], str]) -> str:
        """As exact as it is, its numbers put into words by `shown`. Only where there is a value."""
        if self.value is None:
            raise ValueError(self.qualifier)
        if self.qualifier == Qualifier.RANGE and self.upper is not None:
            return _("%(low)s to %(high)s") % {"low": shown(self.value), "high": shown(self.upper)}
        return _PHRASES[self.qualifier]() % {"number": shown(self.value)}


_PHRASES = {
    Qualifier.EXACT: lambda: "%(number)s",
    Qualifier.ABOUT: lambda: _("about %(number)s"),
    Qualifier.OVER: lambda: _("more than %(number)s"),
    Qualifier.AT_LEAST: lambda: _("at least %(number)s"),
    Qualifier.UP_TO: lambda: _("up to %(number)s"),
    Qualifier.RANGE: lambda: "%(number)s",
}


def total(quantities: Iterable[Quantity]) -> Quantity:
    """The sum, qualified as its weakest part; uncounted parts make it "at least"."""
    known = Decimal(0)
    qualifiers = set()
    for quantity in quantities:
        if quantity.value is None or quantity.qualifier in (Qualifier.NOT_COUNTED, Qualifier.WITHHELD):
            qualifiers.add(Qualifier.AT_LEAST)
            continue
        known += quantity.value
        qualifiers.add(Qualifier.AT_LEAST if quantity.qualifier == Qualifier.RANGE else quantity.qualifier)
    for qualifier in _SPREADING:
        if qualifier in qualifiers:
            return Quantity(known, qualifier)
    return Quantity(known)
