"""A year of a ledger typed into a workbook, some of its rows wrong."""

import random
import re
import time
from datetime import date, timedelta

import pytest
from django.utils import timezone

from core.models import AuditEntry
from core.workbook.exporting import write_workbook
from core.workbook.importing import import_workbook
from supply.enums import PlaceKind
from supply.models import Balance, Movement
from supply.selectors import check_ledger
from tests import factories

ROWS = 5_000
FIRST = date(2025, 1, 1)
MOST_SECONDS = 60  # far above what it takes; a growth with the square of the rows would go beyond

# What a tired person writes, the heading under which it stands, and what the importer says of it.
MISTAKES = [
    ("Quantity", -5, "above zero"),
    ("Quantity", 0, "above zero"),
    ("Quantity", "many", "not a number"),
    ("Quantity", "NaN", "not a number"),
    ("Quantity", "Infinity", "not a number"),
    ("Quantity", "1e400", "not a number"),
    ("Quantity", "1.00001", "more than 3 digits"),
    ("Quantity", 999_999, "There is only this much"),
    ("Happened", "2025-13-40", "no such day"),
    ("Happened", timezone.localdate() + timedelta(days=400), "still to come"),
    ("Item", "PLUTONIUM", "PLUTONIUM"),
    ("From", "NOWHERE", "NOWHERE"),
    ("To", "NOWHERE", "NOWHERE"),
    ("Lot", "L-OF-ANOTHER", "L-OF-ANOTHER"),
    ("Reason", "eaten by the dog", "eaten by the dog"),
    ("As typed", "x" * 2_000_000, "at most 60"),
    ("Document", "y" * 30_000, "at most 200"),
    ("Number", "M-00001", "same record"),
    ("Reverses", "M-NEVER", "No row of this sheet"),
    ("By", "nobody@example.org", "nobody@example.org"),
]


@pytest.fixture
def ledger(db):
    """Ten items at ten stores: a receipt of each first, then small uses."""
    items = [factories.ItemFactory(code=f"ITEM-{n}") for n in range(10)]
    stores = [factories.PlaceFactory(code=f"ST-{n}", kind=PlaceKind.STORE) for n in range(10)]
    factories.PlaceFactory(code="GIVER", kind=PlaceKind.SUPPLIER)
    factories.PlaceFactory(code="USED", kind=PlaceKind.CONSUMED)
    factories.LotFactory(item=factories.ItemFactory(code="PILLS"), code="L-OF-ANOTHER")
    lines = [(item.code, store.code) for item in items for store in stores]
    rows = []
    for number in range(ROWS):
        item, store = lines[number % len(lines)]
        is_receipt = number < len(lines)
        rows.append(
            {
                "Number": f"M-{number:05}",
                "Happened": FIRST + timedelta(days=number // 20),
                "Item": item,
                "Quantity": 1_000 if is_receipt else 2,
                "From": "GIVER" if is_receipt else store,
                "To": store if is_receipt else "USED",
                "Reason": "bought" if is_receipt else "used",
            }
        )
    return rows


@pytest.fixture
def bring_in(tmp_path, aya):
    """`bring_in(rows)`: the outcome, and the seconds that it took."""

    def command(rows):
        path = tmp_path / "book.xlsx"
        write_workbook(path, {"Movements": rows})
        began = time.monotonic()
        outcome = import_workbook(path=path, by=aya, today=timezone.localdate())
        return outcome, time.monotonic() - began

    return command


def test_forty_bad_rows_of_five_thousand_are_listed_and_nothing_is_booked(ledger, bring_in):
    numbers = random.Random(4).sample(range(200, ROWS), 40)
    for number, (heading, written, _said) in zip(numbers, MISTAKES * 2, strict=True):
        ledger[number][heading] = written
    audits = AuditEntry.objects.count()
    outcome, seconds = bring_in(ledger)
    row_of = {number: number + 2 for number in numbers}  # the headings stand in row 1
    expected = {
        row_of[number]: mistake for number, mistake in zip(numbers, MISTAKES * 2, strict=True)
    }  # fmt: skip
    assert [problem.row for problem in outcome.problems] == sorted(expected)
    for problem in outcome.problems:
        heading, _written, said = expected[problem.row]
        assert (problem.sheet, problem.column) == ("Movements", heading)
        assert re.search(said, problem.sentence), problem
    assert outcome.unchecked == 0
    assert not Movement.objects.exists()
    assert not Balance.objects.exists()
    assert AuditEntry.objects.count() == audits
    assert seconds < MOST_SECONDS


def test_shortage_that_may_come_from_a_bad_receipt_is_not_called_an_error(ledger, bring_in):
    """The receipt of the item at the store is bad: its uses cannot be judged. At other stores they can."""
    rows = ledger[:400]
    rows[0]["Quantity"] = "many"
    rows[201]["Quantity"] = 5_000
    outcome, _seconds = bring_in(rows)
    assert [(problem.row, problem.column) for problem in outcome.problems] == [
        (2, "Quantity"),
        (203, "Quantity"),
    ]
    assert outcome.unchecked == 3
    assert not Movement.objects.exists()


def test_good_rows_of_the_same_sheet_are_booked(ledger, bring_in):
    outcome, _seconds = bring_in(ledger[:400])
    assert outcome.is_clean
    assert Movement.objects.count() == 400
    assert check_ledger() == []
