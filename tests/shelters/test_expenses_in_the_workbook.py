"""What others wrote down and finance booked: out and in again it spends the same, and nothing twice."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from openpyxl import load_workbook

from accounts.sheets import actor
from core.identity import acting_as
from core.workbook.exporting import export_workbook
from core.workbook.importing import import_workbook
from donations import selectors, services
from donations.models import Expense
from shelters import services as shelters
from supply import services as supply
from tests import database
from tests import factories as f

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def resident(willow):
    return f.StayFactory(shelter=willow, resident=f.ResidentFactory(code="X-9")).resident


@pytest.fixture
def case(resident, hana):
    return f.MedicalCaseFactory(resident=resident, opened_on=date(2026, 1, 1), by=hana)


@pytest.fixture
def pay(hana, willow):
    """Out of the winter fund; which fund it is, is known from the start."""

    def paid(**values):
        incident = f.IncidentFactory(shelter=willow, kind="ransom", by=hana)
        given = {"incident": incident, "paid_from": f.FundFactory(code="WINTER"), "value": 3000, "by": hana}
        return f.IncidentPaymentFactory(**given | values)

    return paid


@pytest.fixture
def booked(kenji):
    def book() -> None:
        """All that waits: to the fund that it has, or to one for all."""
        fund, programme = f.FundFactory(), f.ProgrammeFactory()
        services.book_expenses(
            by=kenji, expenses=Expense.objects.waiting(), fund=fund, programme=programme
        )  # fmt: skip

    return book


@pytest.fixture
def booked_anew(kenji):
    """To the wrong programme, taken back in the register, and booked to another fund."""

    def rebook(expense: Expense) -> None:
        fund = None if expense.fund_id else f.FundFactory(code="WRONG")
        services.book_expenses(by=kenji, expenses=[expense], fund=fund, programme=f.ProgrammeFactory())
        expense.refresh_from_db()
        services.take_back_expense(by=kenji, expense=expense, reason="wrong", key=uuid.uuid4())
        anew = Expense.objects.waiting().filter(source_key=expense.source_key)
        right = {"fund": f.FundFactory(code="RIGHT"), "programme": f.ProgrammeFactory()}
        services.book_expenses(by=kenji, expenses=anew, **right)

    return rebook


@pytest.fixture
def book(tmp_path):
    def written():
        export_workbook(path=tmp_path / "book.xlsx", by=actor(None), replace=True)
        return tmp_path / "book.xlsx"

    return written


@pytest.fixture
def bring_in(today):
    def run(path):
        return import_workbook(path=path, by=actor(None), today=today)

    return run


@pytest.fixture
def through_a_workbook(book, bring_in):
    """Out, into an empty database, and in once more: then nothing is new."""

    def run() -> None:
        path = book()
        database.empty(connection.settings_dict["NAME"])
        outcome = bring_in(path)
        assert outcome.is_clean, outcome.problems
        again = bring_in(path)
        assert again.is_clean, again.problems
        tally = again.tallies["Expenses"]
        assert (tally.new, tally.changed) == (0, 0)

    return run


@pytest.fixture
def change(book):
    """The exported workbook with other words in the cells of the one expense."""

    def changed(**cells):
        path = book()
        workbook = load_workbook(path)
        page = workbook["Expenses"]
        headings = {cell.value: cell.column for cell in page[1]}
        for heading, value in cells.items():
            page.cell(2, headings[heading.replace("_", " ")]).value = value
        workbook.save(path)
        return path

    return changed


def standing() -> list[tuple]:
    """All that counts. The number may be another: see docs/adr/0029."""
    told = ("source", "source_key", "paid_on", "nature", "what", "value", "value_upper", "qualifier")
    rows = Expense.objects.that_stand().values_list(*told, "currency", "fund__code", "programme__code")
    return sorted(rows, key=str)


@pytest.mark.parametrize("what", ["incident", "range", "withheld", "medical", "allowance"])
@pytest.mark.parametrize("twice", [False, True])
def test_what_was_booked_comes_back_as_it_was_booked(
    pay, case, hana, booked, booked_anew, through_a_workbook, what, twice
):
    if what == "incident":
        pay()
    elif what == "range":
        pay(value=200, value_upper=400, qualifier="range")
    elif what == "withheld":
        pay(value=777123, qualifier="withheld")
    elif what == "medical":
        f.MedicalCostFactory(case=case, amount=300, by=hana)
    else:
        f.AllowanceFactory(resident=case.resident, by=hana)
    booked_anew(Expense.objects.get()) if twice else booked()
    before, spent = standing(), selectors.spent(Expense.objects.all())
    through_a_workbook()
    assert standing() == before
    assert selectors.spent(Expense.objects.all()) == spent


def test_an_allowance_of_next_month_comes_back(resident, hana, today, booked, through_a_workbook):
    with acting_as(hana):
        shelters.grant_allowance(
            by=hana, key=uuid.uuid4(), resident=resident, amount=Decimal(500), currency="CNY", months=3,
            from_month=(today.replace(day=1) + timedelta(days=32)).replace(day=1), reason="leaves",
        )  # fmt: skip
    booked()
    before = standing()
    through_a_workbook()
    assert standing() == before


@pytest.mark.parametrize(
    "rows",
    [
        [(3, 300), (3, -100)],
        [(3, 300), (3, -300), (3, 300)],
        [(4, 300), (3, -300), (4, 300)],
        [(4, 300), (3, -300), (3, 300)],  # the sheet brings them in by month
    ],
)
def test_medical_costs_below_zero_come_back_in_whatever_order(case, hana, booked, through_a_workbook, rows):
    for month, amount in rows:
        f.MedicalCostFactory(case=case, month=date(2026, month, 1), amount=amount, by=hana)
    booked()
    before = standing()
    through_a_workbook()
    assert standing() == before
    assert not Expense.objects.waiting().exists()


@pytest.mark.parametrize("is_booked", [False, True])
def test_what_a_consignment_cost_is_a_row_of_its_own(sora, today, booked, through_a_workbook, is_booked):
    """No sheet holds consignments: what they cost would be gone."""
    supply.note_cost(
        by=sora, consignment=f.ConsignmentFactory(), kind="transport", amount=Decimal(250), currency="CNY",
        paid_on=today, note="", today=today, key=uuid.uuid4(),
    )  # fmt: skip
    if is_booked:
        booked()
    before = standing()
    through_a_workbook()
    assert standing() == before


def test_what_waits_still_waits(pay, case, hana, through_a_workbook):
    pay()
    f.MedicalCostFactory(case=case, amount=300, by=hana)
    before = standing()
    through_a_workbook()
    assert standing() == before
    assert Expense.objects.waiting().count() == 2


def test_an_old_file_in_which_it_waited_takes_no_booking_away(case, hana, book, bring_in, booked):
    f.MedicalCostFactory(case=case, amount=300, by=hana)
    old = book()
    booked()
    before = standing()
    assert bring_in(old).is_clean
    assert standing() == before


def test_a_file_names_fund_and_programme_of_what_waits(case, hana, change, bring_in):
    f.MedicalCostFactory(case=case, amount=300, by=hana)
    f.FundFactory(code="WINTER"), f.ProgrammeFactory(code="SHELTER")
    assert bring_in(change(Fund="WINTER", Programme="SHELTER")).is_clean
    expense = Expense.objects.get()
    assert (expense.fund.code, expense.programme.code) == ("WINTER", "SHELTER")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"Value": 5}, "Put this row back as it was"),
        ({"Fund": "OTHER"}, "Put this row back as it was"),
        ({"Number_of_that_record": "B-7"}, "No record of this number has an expense that counts"),
        ({"Written_down_as": None, "What_it_paid": "x", "Number": "E-7"}, "or neither"),
    ],
)
def test_a_row_changes_and_makes_nothing_else(case, hana, booked, change, bring_in, cells, sentence):
    f.MedicalCostFactory(case=case, amount=300, by=hana)
    f.FundFactory(code="OTHER")
    booked()
    before = standing()
    outcome = bring_in(change(**cells))
    [problem] = outcome.problems
    assert sentence in str(problem)
    assert standing() == before
