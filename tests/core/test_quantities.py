from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from core.dates import first_and_last, parse_precise, printed
from core.enums import Precision, Qualifier
from core.quantities import Quantity, plain, total


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Quantity(Decimal(20)), "20"),
        (Quantity(Decimal(12500)), "12,500"),
        (Quantity(Decimal("0.750")), "0.75"),
        (Quantity(Decimal(20), Qualifier.OVER), "more than 20"),
        (Quantity(Decimal(20000), Qualifier.RANGE, Decimal(50000)), "20,000 to 50,000"),
        (Quantity(None, Qualifier.NOT_COUNTED), "several"),
        (Quantity(Decimal(7), Qualifier.WITHHELD), "an undisclosed number of"),
    ],
)
def test_number_is_printed_with_its_qualifier(quantity, text):
    assert str(quantity) == text


def test_withheld_number_never_shows():
    assert "7" not in str(Quantity(Decimal(7), Qualifier.WITHHELD))


def test_sum_is_as_exact_as_its_weakest_part():
    exact, about = Quantity(Decimal(3)), Quantity(Decimal(5), Qualifier.ABOUT)
    assert total([exact, exact]) == Quantity(Decimal(6))
    assert total([exact, about]) == Quantity(Decimal(8), Qualifier.ABOUT)
    assert total([exact, Quantity(None, Qualifier.NOT_COUNTED)]) == Quantity(Decimal(3), Qualifier.AT_LEAST)
    assert total([]) == Quantity(Decimal(0))


def test_whole_tens_keep_their_zeros():
    assert plain(Decimal("100")) == "100"
    assert plain(Decimal("1E+3")) == "1,000"


@pytest.mark.parametrize(
    ("text", "day", "precision"),
    [
        ("2012-02-09", date(2012, 2, 9), Precision.DAY),
        ("2012-02", date(2012, 2, 1), Precision.MONTH),
        ("2012", date(2012, 1, 1), Precision.YEAR),
        ("2012/2/9", date(2012, 2, 9), Precision.DAY),
        ("2012.02", date(2012, 2, 1), Precision.MONTH),
    ],
)
def test_date_is_read_as_precisely_as_it_is_known(text, day, precision):
    assert parse_precise(text) == (day, precision)


@pytest.mark.parametrize(
    "text", ["", "2012-13", "2012-02-30", "9/2/2012", "2012-02-09-1", "soon", "26-11-20"]
)
def test_wrong_date_says_how_to_write_it(text):
    with pytest.raises(ValueError, match="2012-02-09, 2012-02 or 2012"):
        parse_precise(text)


def test_day_nobody_knows_is_not_printed():
    assert "1" not in printed(date(2012, 2, 1), Precision.MONTH).replace("2012", "")
    assert printed(date(2012, 1, 1), Precision.YEAR) == "2012"
    with translation.override("ja"):
        assert printed(date(2012, 1, 1), Precision.YEAR) == "2012年"
    assert first_and_last(date(2012, 2, 1), Precision.MONTH) == (date(2012, 2, 1), date(2012, 2, 29))
