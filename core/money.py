"""Money is a Decimal beside a currency code; sums never cross currencies without a dated rate."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency, get_currency_precision
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, ngettext, to_locale
from django.utils.translation import gettext as _

from core.enums import Qualifier
from core.quantities import Quantity

# Names under which sources print one currency (yuan, RMB and CNY are one).
CURRENCY_ALIASES = {"RMB": "CNY", "YUAN": "CNY", "YEN": "JPY", "円": "JPY", "元": "CNY"}
CURRENCIES = ("JPY", "USD", "EUR", "GBP", "KRW", "CNY", "THB", "AUD", "CAD")
MOST = 1_000_000_000  # of any currency in one entry; more is a slip of the thumb


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added without a rate.")
        return Money(self.amount + other.amount, self.currency)

    def __str__(self) -> str:
        locale = to_locale(get_language() or "en")
        return format_currency(self.amount, self.currency, locale=locale)


def told(amount: Quantity, currency: str) -> str:
    """An amount as exact as it is known: "about CN¥400.00"."""
    if amount.qualifier == Qualifier.WITHHELD:
        return _("an undisclosed amount")
    if amount.qualifier == Qualifier.NOT_COUNTED or amount.value is None:
        return _("an amount that is not known")
    return amount.known_as(lambda number: str(Money(number, currency)))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the smallest unit of the currency (ISO 4217: yen and won have none, dollars two digits)."""
    return amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), ROUND_HALF_UP)


def is_in_coins(amount: Decimal, currency: str) -> bool:
    """Whether it can be paid: no part of the smallest unit of the currency."""
    return amount == rounded(amount, currency)


def refuse_amount(amount: Decimal, currency: str) -> None:
    """Raises ValidationError: more digits after the point than the currency has, or more than MOST."""
    if abs(amount) > MOST:
        raise ValidationError(
            _("That is very much. Write an amount up to %(most)s."), "max_value", {"most": MOST}
        )
    digits = get_currency_precision(currency)
    if -int(amount.as_tuple().exponent) <= digits:
        return
    if not digits:
        sentence = _("%(currency)s has no digits after the point. Write a whole number.")
    else:
        sentence = ngettext(
            "Write at most %(digits)s digit after the point: %(currency)s has no more.",
            "Write at most %(digits)s digits after the point: %(currency)s has no more.",
            digits,
        )
    raise ValidationError(sentence, "max_decimal_places", {"currency": currency, "digits": digits})


def currency_code(text: str) -> str:
    """The ISO 4217 code of what a source printed. Raises ValueError: unknown currency."""
    code = CURRENCY_ALIASES.get(text.strip().upper(), text.strip().upper())
    if code not in CURRENCIES:
        raise ValueError(text)
    return code
