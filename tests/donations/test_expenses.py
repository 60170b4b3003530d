"""Money out: typed by hand, booked where it waits, taken back; and what finance is told of a consignment."""

import csv
import io
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from core.identity import acting_as
from core.models import AuditEntry
from donations import selectors, services
from donations.models import Expense
from supply import services as supply
from tests import factories as f
from tests.races import at_once, one_before_the_other

pytestmark = pytest.mark.django_db

ABOUT = "about CN¥300.00 (1 amount)"


@pytest.fixture
def typed(kenji, today):
    fund, programme = f.FundFactory(), f.ProgrammeFactory()

    def record(**values) -> Expense:
        given = {
            "by": kenji, "key": uuid.uuid4(), "today": today, "paid_on": today, "fund": fund,
            "programme": programme, "nature": "rent", "what": "rent of the office", "amount": Decimal(80000),
            "currency": "JPY",
        }  # fmt: skip
        return services.record_expense(**given | values)

    return record


@pytest.fixture
def cost(sora, today):
    """A consignment's cost, written down by who plans it."""
    consignment = f.ConsignmentFactory(note="by way of Willow", courier="K-7")

    def note(**values):
        given = {
            "by": sora, "consignment": consignment, "kind": "side_payment", "amount": Decimal(250),
            "currency": "CNY", "paid_on": today, "note": "paid to Willow's neighbour", "today": today,
            "key": uuid.uuid4(),
        }  # fmt: skip
        return supply.note_cost(**given | values)

    return note


# --- typed by hand


def test_an_expense_is_booked_once_and_written_down(typed, kenji):
    key = uuid.uuid4()
    expense = typed(key=key)
    assert typed(key=key) == expense
    assert (expense.value, expense.qualifier, expense.stands) == (80000, "exact", True)
    entry = AuditEntry.objects.get(subject_uuid=expense.uuid)
    assert (entry.action, entry.by_id) == ("donations.spent", kenji.pk)
    with pytest.raises(services.KeyAlreadyUsed):
        typed(key=key, amount=Decimal(5))


def test_tomorrow_is_not_paid_yet(typed, today):
    with pytest.raises(services.NotPaidYet, match="lies in the future"):
        typed(paid_on=today + timedelta(days=1))
    assert not Expense.objects.exists()


def test_taken_back_it_stays_and_counts_no_more(typed, kenji):
    expense, key = typed(), uuid.uuid4()
    body = {"by": kenji, "expense": expense, "reason": "typed twice", "key": key}
    back = services.take_back_expense(**body)
    assert services.take_back_expense(**body) == back
    assert (back.corrects, back.value, back.code) == (expense, expense.value, f"{expense.code}-R")
    assert selectors.spent(Expense.objects.all()) == []
    for again in (expense, back):
        with pytest.raises(services.ExpenseIsTakenBack):
            services.take_back_expense(**body | {"key": uuid.uuid4(), "expense": again})


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_back_at_once_one_does(typed, kenji):
    expense = typed()

    def take_back():
        return services.take_back_expense(by=kenji, expense=expense, reason="twice", key=uuid.uuid4())

    answers = at_once(take_back, take_back)
    assert [type(answer) for answer in answers].count(services.ExpenseIsTakenBack) == 1
    assert Expense.objects.filter(corrects=expense).count() == 1


# --- what consignments cost


def test_a_cost_waits_and_tells_finance_its_code_and_kind_alone(cost, sora, kenji, as_user):
    with acting_as(sora):
        note = cost()
    with acting_as(kenji):
        expense = Expense.objects.get()
        assert type(note).objects.count() == 0  # the row itself is none of theirs
    assert (expense.what, expense.nature, expense.value) == (note.consignment.code, "side_payment", 250)
    assert (expense.source, expense.source_key, expense.is_waiting) == ("consignment", note.key, True)
    page = as_user(kenji).get(reverse("donations:expenses")).content.decode()
    assert note.consignment.code in page
    assert "Willow" not in page
    assert "K-7" not in page


@pytest.mark.parametrize(
    ("kind", "nature"),
    [
        ("transport", "transport"), ("courier", "transport"), ("lodging", "transport"),
        ("packing", "transport"), ("side_payment", "side_payment"), ("other", "other"),
    ],
)  # fmt: skip
def test_each_kind_of_cost_has_its_nature(cost, kind, nature):
    cost(kind=kind)
    assert Expense.objects.get().nature == nature


def test_a_cost_taken_back_takes_its_expense_back_booked_or_not(cost, sora, kenji):
    costs = [cost(), cost()]
    booked = Expense.objects.get(source_key=costs[0].key)
    services.book_expenses(by=kenji, expenses=[booked], fund=f.FundFactory(), programme=f.ProgrammeFactory())
    for mistaken in costs:
        with acting_as(sora):
            supply.take_back_cost(by=sora, cost=mistaken, reason="never paid", key=uuid.uuid4())
    assert not Expense.objects.that_stand().exists()
    assert Expense.objects.filter(corrects__isnull=False).count() == 2
    assert not Expense.objects.exclude(reason="").exists()  # the coordinator's words stay with the record


def test_a_cost_that_is_refused_leaves_no_expense(cost, today):
    with pytest.raises(supply.Refusal):
        cost(paid_on=today + timedelta(days=3))
    with transaction.atomic():
        cost()
        transaction.set_rollback(True)
    assert not Expense.objects.exists()


# --- booking what waits


def test_many_are_booked_at_once_and_what_stands_there_stays(cost, kenji):
    general, winter, programme = f.FundFactory(), f.FundFactory(code="WINTER"), f.ProgrammeFactory()
    cost(), cost(amount=Decimal(600), kind="transport")
    of_incident = f.IncidentPaymentFactory(paid_from=winter)
    waiting = list(Expense.objects.waiting())
    assert len(waiting) == 3
    booking = {"by": kenji, "expenses": waiting, "fund": general, "programme": programme}
    services.book_expenses(**booking)
    assert not Expense.objects.waiting().exists()
    funds = dict(Expense.objects.values_list("source_key", "fund__code"))
    assert funds.pop(of_incident.key) == "WINTER"
    assert set(funds.values()) == {"GENERAL"}
    written = AuditEntry.objects.filter(action="donations.expense_booked")
    assert written.count() == 3


def test_booked_the_same_again_is_as_it_is_and_otherwise_refused(cost, kenji):
    fund, programme = f.FundFactory(), f.ProgrammeFactory()
    cost(), cost()
    one, two = Expense.objects.order_by("pk")
    booking = {"by": kenji, "fund": fund, "programme": programme}
    services.book_expenses(expenses=[one], **booking)
    services.book_expenses(expenses=[one], **booking)
    with pytest.raises(services.ExpenseOfAnother, match=one.code):
        services.book_expenses(expenses=[one, two], **booking | {"programme": f.ProgrammeFactory()})
    assert Expense.objects.waiting().get() == two  # all or none


def test_nothing_is_booked_without_a_fund_nor_when_it_is_gone(cost, sora, kenji):
    note = cost()
    [expense] = Expense.objects.all()
    programme = f.ProgrammeFactory()
    with pytest.raises(services.FundMissing):
        services.book_expenses(by=kenji, expenses=[expense], fund=None, programme=programme)
    with pytest.raises(services.NothingChosen):
        services.book_expenses(by=kenji, expenses=[], fund=f.FundFactory(), programme=programme)
    with pytest.raises(services.StillWaiting):
        services.take_back_expense(by=kenji, expense=expense, reason="wrong", key=uuid.uuid4())
    supply.take_back_cost(by=sora, cost=note, reason="never paid", key=uuid.uuid4())
    with pytest.raises(services.ExpenseIsTakenBack):
        services.book_expenses(by=kenji, expenses=[expense], fund=f.FundFactory(), programme=programme)


def test_booked_to_the_wrong_fund_it_waits_anew(cost, sora, kenji):
    note = cost()
    right, wrong, programme = f.FundFactory(code="RIGHT"), f.FundFactory(code="WRONG"), f.ProgrammeFactory()
    first = Expense.objects.get()
    with acting_as(kenji):
        services.book_expenses(by=kenji, expenses=[first], fund=wrong, programme=programme)
        services.take_back_expense(by=kenji, expense=first, reason="the wrong fund", key=uuid.uuid4())
        anew = Expense.objects.waiting().get()
        services.book_expenses(by=kenji, expenses=[anew], fund=right, programme=programme)
    supply.take_back_cost(by=sora, cost=note, reason="never paid", key=uuid.uuid4())
    assert not Expense.objects.that_stand().exists()


@pytest.mark.django_db(transaction=True)
def test_what_finance_takes_back_and_its_writer_too_at_once_waits_no_more(cost, sora, kenji):
    note = cost()
    booked = Expense.objects.get()
    services.book_expenses(by=kenji, expenses=[booked], fund=f.FundFactory(), programme=f.ProgrammeFactory())
    second = one_before_the_other(
        lambda: services.take_back_expense(by=kenji, expense=booked, reason="wrong", key=uuid.uuid4()),
        lambda: supply.take_back_cost(by=sora, cost=note, reason="never paid", key=uuid.uuid4()),
    )
    assert second.waited
    assert not Expense.objects.that_stand().exists()


# --- pages


def test_the_office_types_books_and_takes_back_on_its_pages(as_user, kenji, cost, today):
    cost()
    fund, programme = f.FundFactory(), f.ProgrammeFactory()
    client = as_user(kenji)
    assert "1 expense waits" in client.get(reverse("donations:start")).content.decode()
    page = client.get(reverse("donations:waiting")).content.decode()
    waits = Expense.objects.get()
    assert str(waits.uuid) in page
    body = {"expenses": [str(waits.uuid)], "fund": fund.pk, "programme": programme.pk}
    assert client.post(reverse("donations:waiting"), body).status_code == 302
    assert "Nothing is waiting." in client.get(reverse("donations:waiting")).content.decode()
    body = {
        "key": uuid.uuid4(), "paid_on": today, "nature": "food", "what": "rice", "amount": "1,500",
        "currency": "JPY", "fund": fund.pk, "programme": programme.pk,
    }  # fmt: skip
    for _time in range(2):
        assert client.post(reverse("donations:record_expense"), body).status_code == 302
    typed = Expense.objects.get(nature="food")
    address = reverse("donations:take_back_expense", args=[typed.uuid])
    assert address in client.get(reverse("donations:expenses")).content.decode()
    client.post(address, {"key": uuid.uuid4(), "reason": "it was a gift"})
    typed.refresh_from_db()
    assert not typed.stands


def test_a_page_that_came_back_keeps_what_was_chosen(as_user, kenji, cost):
    cost()
    waits = Expense.objects.get()
    body = {"expenses": [str(waits.uuid)], "programme": f.ProgrammeFactory().pk}
    response = as_user(kenji).post(reverse("donations:waiting"), body)
    assert response.status_code == 422
    assert f'value="{waits.uuid}" checked' in response.content.decode()


def test_sums_are_told_as_exactly_as_they_are_known(as_user, kenji):
    f.ExpenseFactory(value=1000)
    f.ExpenseFactory(value=500)
    taken_back = f.ExpenseFactory(value=99)
    services.take_back_expense(by=kenji, expense=taken_back, reason="twice", key=uuid.uuid4())
    ransom = {"source": "incident", "currency": "CNY", "nature": "ransom"}
    for number, amount in enumerate(
        (
            {"value": 200, "value_upper": 400, "qualifier": "range"},
            {"value": 100, "value_upper": 150, "qualifier": "range"},
            {"value": 300, "qualifier": "about"},
            {"value": None, "qualifier": "not_counted"},
            {"value": 7},
        )
    ):
        f.ExpenseFactory(source_key=uuid.UUID(int=number), **ransom | amount)
    expected = [
        (
            "CNY",
            [
                "CN¥7.00",
                "about CN¥300.00 (1 amount)",
                "CN¥300.00 to CN¥550.00 (2 amounts)",
                "1 unknown amount",
            ],
        ),
        ("JPY", ["¥1,500"]),
    ]
    client = as_user(kenji)
    page = client.get(reverse("donations:expenses"))
    assert page.context["table"].spent == expected
    assert f"CN¥7.00 + {ABOUT}" in page.content.decode()
    filtered = client.get(reverse("donations:expenses") + "?currency=JPY")
    assert filtered.context["table"].spent == expected[1:]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?nature=food", {"FOOD"}),
        ("?state=waiting", {"WAITS"}),
        ("?state=standing", {"FOOD", "RENT", "WAITS"}),
        ("?state=taken_back", {"GONE", "GONE-R"}),
        ("?since={yesterday}&until={yesterday}", {"FOOD"}),
        ("?programme={programme}", {"RENT"}),
        ("?fund={fund}", {"FOOD"}),
        ("?currency=CNY", {"WAITS"}),
    ],
)
def test_filters(as_user, kenji, today, query, codes):
    yesterday, programme = today - timedelta(days=1), f.ProgrammeFactory()
    food = f.ExpenseFactory(code="FOOD", nature="food", paid_on=yesterday, fund=f.FundFactory(code="WINTER"))
    f.ExpenseFactory(code="RENT", programme=programme)
    waits = {"source": "medical", "source_key": uuid.uuid4(), "fund": None, "currency": "CNY"}
    f.ExpenseFactory(code="WAITS", nature="medical", **waits)
    gone = f.ExpenseFactory(code="GONE")
    services.take_back_expense(by=kenji, expense=gone, reason="twice", key=uuid.uuid4())
    query = query.format(yesterday=yesterday, programme=programme.pk, fund=food.fund.pk)
    table = as_user(kenji).get(reverse("donations:expenses") + query).context["table"]
    assert {row.record.code for row in table.rows} == codes


def test_the_file_has_bare_numbers_and_harmless_cells(as_user, kenji):
    f.ExpenseFactory(what="=1+1", value=1500, paid_on=date(2026, 3, 1), paid_precision="month")
    f.ExpenseFactory(what="tea", value=99)
    client = as_user(kenji)
    page = client.post(reverse("donations:expenses"), {"q": "=1"}, follow=True)
    address = page.redirect_chain[-1][0] + "&export=csv"
    headings, *rows = csv.reader(io.StringIO(client.get(address).content.decode("utf-8-sig")))
    [row] = [dict(zip(headings, row, strict=True)) for row in rows]
    assert (row["Paid on"], row["What it paid"], row["Amount"]) == ("2026-03", "'=1+1", "1500")
    assert "Steps" not in headings


@pytest.mark.parametrize("who", ["kenji", "otto"])
def test_what_is_withheld_is_in_no_file_and_stands_beside_no_amount(as_user, who, request):
    paid = {"paid_from": f.FundFactory(), "currency": "CNY"}
    for amount in (777000, 777999):
        f.IncidentPaymentFactory(value=amount, **paid)
    f.IncidentPaymentFactory(value=Decimal(777123), qualifier="withheld", **paid)
    f.IncidentPaymentFactory(value=None, qualifier="not_counted", **paid)
    client, address = as_user(request.getfixturevalue(who)), reverse("donations:expenses")
    for query in ("", "?export=csv"):
        assert "777123" not in client.get(address + query).content.decode().replace(",", "")
    for order in ("value", "-value"):
        rows = client.get(f"{address}?sort={order}").context["table"].rows
        assert {row.record.qualifier for row in rows[2:]} == {"withheld", "not_counted"}
    book = load_workbook(io.BytesIO(client.get(address + "?export=xlsx").content))
    cells = [cell.value for row in book.active.iter_rows() for cell in row]
    assert 777000 in cells
    assert 777123 not in cells


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize(("name", "queries"), [("expenses", 12), ("waiting", 10)])
def test_pages_cost_the_same_for_many(as_user, kenji, number, name, queries, django_assert_num_queries):
    for _time in range(number):
        f.ExpenseFactory(source="medical", source_key=uuid.uuid4(), programme=None)
    client = as_user(kenji)
    with django_assert_num_queries(queries):
        client.get(reverse(f"donations:{name}"))


def test_the_auditor_reads_and_is_offered_no_change(as_user, otto):
    expense = f.ExpenseFactory()
    page = as_user(otto).get(reverse("donations:expenses")).content.decode()
    assert expense.what in page
    for word in ("record_expense", "waiting"):
        assert reverse(f"donations:{word}") not in page
    assert str(expense.uuid) not in page


# --- the database alone


@pytest.mark.parametrize("who", ["hana", "sora", "miki", "aya", "otto"])
def test_finance_alone_writes(who, request):
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        acting_as(request.getfixturevalue(who)),
    ):
        f.ExpenseFactory(by=request.getfixturevalue(who), fund=None, programme=None, corrects=None)


def test_finance_signs_what_it_types_and_invents_no_payment_of_others(kenji, sora):
    with acting_as(kenji):
        fund, programme = f.FundFactory(), f.ProgrammeFactory()
        f.ExpenseFactory(by=kenji, fund=fund, programme=programme)
    for forged in ({"by": sora}, {"by": kenji, "source": "incident", "source_key": uuid.uuid4()}):
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), acting_as(kenji):
            f.ExpenseFactory(fund=fund, programme=programme, **forged)
