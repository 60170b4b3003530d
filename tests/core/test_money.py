from decimal import Decimal

import pytest
from django.utils import translation

from core.enums import Qualifier
from core.money import Money, currency_code, rounded, told
from core.quantities import Quantity


def test_currencies_are_never_added_across():
    with pytest.raises(ValueError, match="USD and JPY"):
        Money(Decimal(1), "USD") + Money(Decimal(1), "JPY")
    assert Money(Decimal(1), "USD") + Money(Decimal(2), "USD") == Money(Decimal(3), "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [("15000.4", "JPY", "15000"), ("0.5", "JPY", "1"), ("12.345", "USD", "12.35"), ("10.5", "KRW", "11")],
)
def test_rounding_is_that_of_the_currency(amount, currency, expected):
    assert rounded(Decimal(amount), currency) == Decimal(expected)


@pytest.mark.parametrize("printed", ["CNY", "RMB", "yuan", " 元 "])
def test_yuan_has_many_names(printed):
    assert currency_code(printed) == "CNY"


def test_won_without_its_country_is_not_guessed():
    with pytest.raises(ValueError, match="won"):
        currency_code("won")


@pytest.mark.parametrize(("language", "printed"), [("en", "¥15,000"), ("ja", "￥15,000")])
def test_money_is_printed_as_the_language_does(language, printed):
    with translation.override(language):
        assert str(Money(Decimal(15000), "JPY")) == printed


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (Quantity(Decimal(400)), "CN¥400.00"),
        (Quantity(Decimal(400), Qualifier.ABOUT), "about CN¥400.00"),
        (Quantity(Decimal(3000), Qualifier.RANGE, Decimal(4000)), "CN¥3,000.00 to CN¥4,000.00"),
        (Quantity(None, Qualifier.NOT_COUNTED), "an amount that is not known"),
        (Quantity(None, Qualifier.WITHHELD), "an undisclosed amount"),
    ],
)
def test_an_amount_is_told_as_exactly_as_it_is_known(amount, words):
    assert told(amount, "CNY") == words
