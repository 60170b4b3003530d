from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from core.enums import Qualifier
from core.money import MOST, Money, currency_code, refuse_amount, rounded, told
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


@pytest.mark.parametrize(
    ("amount", "currency", "sentence"),
    [
        ("300.5", "JPY", "JPY has no digits after the point. Write a whole number."),
        ("300.0", "KRW", "KRW has no digits after the point. Write a whole number."),
        ("1.234", "CNY", "Write at most 2 digits after the point: CNY has no more."),
        ("1000000000.01", "USD", "That is very much. Write an amount up to 1000000000."),
        ("-1000000001", "JPY", "That is very much. Write an amount up to 1000000000."),
    ],
)
def test_an_amount_that_nobody_pays_is_refused(amount, currency, sentence):
    with pytest.raises(ValidationError) as refused:
        refuse_amount(Decimal(amount), currency)
    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(
    ("amount", "currency"), [("300", "JPY"), ("3E+2", "KRW"), ("300.50", "CNY"), (str(MOST), "USD")]
)
def test_an_amount_has_the_digits_of_its_currency(amount, currency):
    refuse_amount(Decimal(amount), currency)


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
