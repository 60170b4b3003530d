"""Each rule of the register of expenses, broken past the services: the database itself refuses."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from donations.models import Expense
from tests.factories import ExpenseFactory, FundFactory, ProgrammeFactory, UserFactory

pytestmark = pytest.mark.django_db

SAME = (
    "paid_on", "paid_precision", "fund", "programme", "nature", "what", "currency", "value", "value_upper",
    "qualifier",
)  # fmt: skip
# The rule expense_correction_mirrors is a trigger's, which says it in words; so is expense_is_kept.
MIRRORS, KEPT = "a correction mirrors the expense", "an expense is never changed"


def sourced(**values) -> Expense:
    return ExpenseFactory(**{"source": "incident", "source_key": uuid.uuid4()} | values)


def mirror(expense: Expense, **values) -> Expense:
    same = {name: getattr(expense, name) for name in SAME}
    return ExpenseFactory(**same | {"corrects": expense, "stands": False, "reason": "typed twice"} | values)


@pytest.mark.parametrize(
    ("rule", "values"),
    [
        ("expense_range_has_two_ends", {"value_upper": 90000}),
        ("expense_value_unless_uncounted", {"value": None}),
        ("expense_is_something", {"value": 0}),
        ("expense_is_something", {"value": -5}),
        ("expense_by_hand_is_exact", {"qualifier": "about"}),
        ("expense_by_hand_is_booked", {"fund": None}),
        ("expense_by_hand_is_booked", {"programme": None}),
        ("expense_by_hand_is_booked", {"what": ""}),
        ("expense_is_payable", {"value": Decimal("0.5")}),
        ("expense_is_payable", {"value": 1_000_000_001}),
        ("expense_no_invented_day", {"paid_precision": "month", "paid_on": date(2026, 3, 2)}),
        ("expense_source_has_its_key", {"source": "incident"}),
        ("expense_source_has_its_key", {"source_key": uuid.UUID(int=1)}),
    ],
)
def test_what_no_row_may_say(rule, values):
    with pytest.raises(IntegrityError, match=rule):
        ExpenseFactory(**values)


def test_expense_one_per_key():
    key = ExpenseFactory().key
    with pytest.raises(IntegrityError, match="expense_one_per_key"):
        ExpenseFactory(key=key)


def test_expense_once_a_payment():
    first = sourced()
    with pytest.raises(IntegrityError, match="expense_once_a_payment"):
        sourced(source_key=first.source_key)


def test_a_sum_below_zero_is_what_another_register_took_back():
    assert sourced(source="medical", value=-5).stands
    with pytest.raises(IntegrityError, match="expense_is_something"):
        sourced(source="medical", value=-5, qualifier="about")


def test_expense_is_taken_back_with_a_reason():
    with (
        pytest.raises(IntegrityError, match="expense_is_taken_back_with_a_reason"),
        transaction.atomic(),
    ):
        mirror(ExpenseFactory(), reason="")
    with pytest.raises(IntegrityError, match="expense_is_taken_back_with_a_reason"):
        mirror(ExpenseFactory(), stands=True)


@pytest.mark.parametrize("values", [{"value": 5}, {"nature": "food"}, {"paid_on": date(2026, 1, 1)}])
def test_expense_correction_mirrors(values):
    expense = ExpenseFactory()
    with pytest.raises(IntegrityError, match=MIRRORS), transaction.atomic():
        mirror(expense, **values)
    with pytest.raises(IntegrityError, match=MIRRORS):
        mirror(mirror(expense), fund=expense.fund)


def test_taken_back_neither_row_stands_and_nothing_is_taken_back_twice():
    expense = ExpenseFactory()
    back = mirror(expense)
    assert not Expense.objects.that_stand().filter(pk__in=(expense.pk, back.pk)).exists()
    with pytest.raises(IntegrityError, match=MIRRORS):
        mirror(expense, code="AGAIN")


@pytest.mark.parametrize(
    "change",
    [
        "value = 5", "paid_on = '2026-01-01'", "what = 'x'", "nature = 'food'", "stands = false",
        "fund_id = NULL", "programme_id = NULL", "fund_id = {fund}", "programme_id = {programme}",
        "by_id = {by}", "recorded_at = now()",
    ],
)  # fmt: skip
def test_expense_is_kept(change):
    expense = ExpenseFactory()
    others = {"fund": FundFactory(code="OTHER"), "programme": ProgrammeFactory(), "by": UserFactory()}
    statement = change.format(**{name: record.pk for name, record in others.items()})
    with pytest.raises(IntegrityError, match=KEPT), connection.cursor() as cursor:
        cursor.execute(f"UPDATE donations_expense SET {statement} WHERE id = %s", [expense.pk])


def test_what_was_not_known_is_named_once_while_it_stands():
    expense = sourced(fund=None, programme=None)
    found = Expense.objects.filter(pk=expense.pk)
    assert found.update(fund=FundFactory(), programme=ProgrammeFactory()) == 1
    with pytest.raises(IntegrityError, match=KEPT), transaction.atomic():
        found.update(fund=FundFactory(code="OTHER"))
    gone = sourced(fund=None, programme=None)
    mirror(gone, source="incident", source_key=uuid.uuid4())
    with pytest.raises(IntegrityError, match=KEPT):
        Expense.objects.filter(pk=gone.pk).update(fund=FundFactory())


def test_what_is_written_down_elsewhere_waits_anew_when_finance_takes_it_back():
    booked = sourced()
    mirror(booked)
    waits = Expense.objects.waiting().get()
    assert (waits.source_key, waits.value, waits.fund) == (booked.source_key, booked.value, None)


def test_taken_back_where_it_was_written_down_nothing_waits():
    booked = sourced()
    mirror(booked, source="incident", source_key=uuid.uuid4(), reason="")
    assert not Expense.objects.that_stand().exists()


def test_no_expense_is_deleted():
    expense = ExpenseFactory()
    with pytest.raises(Exception, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM donations_expense WHERE id = %s", [expense.pk])
