"""What is paid at shelters becomes an expense by code and nature; who writes it down sees no register."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.urls import reverse

from core.enums import Qualifier
from core.identity import acting_as
from core.quantities import Quantity
from donations import services as donations
from donations.models import Expense
from shelters import services
from shelters.models import Incident
from tests import factories as f
from tests.races import one_before_the_other, until_they_wait

pytestmark = pytest.mark.django_db


@pytest.fixture
def pay(hana, willow):
    fund = f.FundFactory(code="WINTER")
    incident = f.IncidentFactory(
        shelter=willow, kind="ransom", starts_on=date(2026, 2, 1), starts_precision="month", by=hana
    )

    def paid(**values):
        given = {
            "by": hana, "incident": incident, "key": uuid.uuid4(), "currency": "CNY", "paid_from": fund,
            "amount": Quantity(Decimal(200), Qualifier.RANGE, Decimal(400)), "payer": "K-7 at Willow",
        }  # fmt: skip
        with acting_as(hana):
            return services.add_incident_payment(**given | values)

    return paid


def test_a_payment_out_of_a_fund_is_an_expense_as_exact_as_it_is_known(pay, hana, kenji, as_user):
    key = uuid.uuid4()
    payment = pay(key=key)
    assert pay(key=key) == payment
    with acting_as(hana):
        assert not Expense.objects.exists()
    expense = Expense.objects.get()
    assert (expense.value, expense.value_upper, expense.qualifier) == (200, 400, "range")
    assert (expense.fund.code, expense.programme, expense.nature) == ("WINTER", None, "ransom")
    assert (expense.what, expense.source_key, expense.by) == (payment.incident.code, key, hana)
    assert expense.when == "February 2026"
    page = as_user(kenji).get(reverse("donations:expenses")).content.decode()
    assert payment.incident.code in page
    for secret in ("K-7", "Willow", "WILLOW", hana.name):
        assert secret not in page


@pytest.mark.parametrize(
    ("kind", "nature"),
    [("fine", "fine"), ("extortion", "ransom"), ("ransom", "ransom"), ("raid", "other"), ("arrest", "other")],
)
def test_each_kind_of_incident_has_its_nature(kind, nature):
    f.IncidentPaymentFactory(incident__kind=kind, paid_from=f.FundFactory())
    assert Expense.objects.get().nature == nature


def test_what_others_paid_is_no_expense_and_the_form_says_so(pay, as_user, hana):
    payment = pay(paid_from=None)
    assert not Expense.objects.exists()
    page = as_user(hana).get(reverse("shelters:add_incident_payment", args=[payment.incident.uuid]))
    assert "none of our funds" in page.content.decode()
    assert "Without a fund it is no expense of ours." in page.content.decode()


@pytest.mark.parametrize("is_booked", [False, True])
def test_a_payment_taken_back_takes_its_expense_back(pay, hana, kenji, is_booked):
    payment = pay()
    if is_booked:
        chosen = {"fund": None, "programme": f.ProgrammeFactory()}
        donations.book_expenses(by=kenji, expenses=Expense.objects.all(), **chosen)
    with acting_as(hana):
        services.take_back_incident_payment(
            by=hana, payment=payment, reason="never paid at Willow", key=uuid.uuid4()
        )
    assert not Expense.objects.that_stand().exists()
    back = Expense.objects.get(corrects__isnull=False)
    assert (back.corrects.source_key, back.reason) == (payment.key, "")


def test_an_incident_recorded_by_mistake_cost_nothing(pay, hana, today):
    payment = pay()
    with acting_as(hana):
        services.add_incident_note(
            by=hana, incident=payment.incident, key=uuid.uuid4(), today=today, happened_on=today,
            step="mistake",
        )  # fmt: skip
    pay()
    assert not Expense.objects.that_stand().exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_payment_and_the_mistake_of_its_incident_at_one_moment(pay, hana, today, is_first):
    """Whichever comes first: the second waits for it and sees it."""
    incident = Incident.objects.get()

    def mistake():
        with acting_as(hana):
            return services.add_incident_note(
                by=hana, incident=incident, key=uuid.uuid4(), today=today, happened_on=today, step="mistake"
            )

    second = one_before_the_other(*((pay, mistake) if is_first else (mistake, pay)))
    assert not isinstance(second.answer, Exception), second
    assert Expense.objects.exists() == is_first
    assert not Expense.objects.that_stand().exists()


@pytest.mark.django_db(transaction=True)
def test_a_mistake_waits_for_finance_as_finance_books_the_first_expense_first(pay, hana, kenji, today):
    """Else each would hold what the other waits for. An expense that was booked anew is the newer one."""
    payment, programme = pay(), f.ProgrammeFactory()
    pay()
    chosen = {"by": kenji, "fund": None, "programme": programme}
    [booked] = donations.book_expenses(expenses=Expense.objects.filter(source_key=payment.key), **chosen)
    donations.take_back_expense(by=kenji, expense=booked, reason="wrong programme", key=uuid.uuid4())
    first, anew = Expense.objects.that_stand().order_by("pk")
    assert anew.source_key == payment.key

    def mistake():
        with acting_as(hana):
            services.add_incident_note(
                by=hana, incident=payment.incident, key=uuid.uuid4(), today=today, happened_on=today,
                step="mistake",
            )  # fmt: skip

    def run():
        try:
            mistake()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Expense.objects.select_for_update().get(pk=first.pk)
            other = pool.submit(run)
            assert until_they_wait(1, but=other.done)
            Expense.objects.select_for_update(nowait=True).get(pk=anew.pk)
        other.result(timeout=30)
    assert not Expense.objects.that_stand().exists()


def test_what_is_withheld_is_not_copied_and_stands_in_no_trail(as_user, otto):
    withheld = {"value": Decimal(777123), "qualifier": "withheld", "currency": "CNY"}
    payment = f.IncidentPaymentFactory(paid_from=f.FundFactory(), **withheld)
    expense = Expense.objects.get(source_key=payment.key)
    assert (expense.value, expense.qualifier) == (None, "withheld")
    page = as_user(otto).get(reverse("accounts:written")).content.decode()
    assert expense.code in page
    assert "777,123" not in page


# --- the sick, and who leaves


@pytest.fixture
def case(willow, hana):
    stay = f.StayFactory(shelter=willow)
    return f.MedicalCaseFactory(resident=stay.resident, opened_on=date(2026, 3, 2), by=hana)


@pytest.fixture
def cost(case, hana, today):
    def add(amount, month=date(2026, 3, 1)):
        with acting_as(hana):
            return services.add_medical_cost(
                by=hana, case=case, key=uuid.uuid4(), month=month, amount=Decimal(amount), currency="CNY",
                today=today,
            )  # fmt: skip

    return add


@pytest.mark.parametrize("who", ["kenji", "otto"])
def test_a_medical_cost_is_a_month_and_an_amount_and_tells_no_case(cost, case, as_user, who, request):
    cost(300)
    expense = Expense.objects.waiting().get()
    assert (expense.what, expense.nature, expense.value, expense.fund) == ("", "medical", 300, None)
    assert expense.when == "March 2026"
    client = as_user(request.getfixturevalue(who))
    address = reverse("donations:expenses")
    for query in ("", "?export=csv"):
        assert case.code not in client.get(address + query).content.decode()
    searched = client.post(address, {"q": case.code}, follow=True)
    assert len(searched.context["table"].rows) == 0


def test_a_cost_that_is_named_takes_back_the_expense_of_that_one(cost, hana):
    mistaken, kept = cost(300), cost(300)
    with acting_as(hana):
        services.take_back_medical_cost(by=hana, cost=mistaken, reason="twice", key=uuid.uuid4())
    assert Expense.objects.that_stand().get().source_key == kept.key


@pytest.mark.parametrize(
    ("amount", "month"),
    [(-100, date(2026, 3, 1)), (-300, date(2026, 3, 1)), (-300, date(2026, 9, 1))],
)
def test_a_sum_below_zero_that_names_no_cost_is_a_row_of_its_own_month(cost, kenji, amount, month):
    """It may lie in another fiscal year, and what it means may be booked long since."""
    booked = Expense.objects.filter(source_key=cost(300).key)
    donations.book_expenses(by=kenji, expenses=booked, fund=f.FundFactory(), programme=f.ProgrammeFactory())
    cost(amount, month)
    stand = Expense.objects.that_stand().order_by("pk").values_list("value", "paid_on")
    assert list(stand) == [(300, date(2026, 3, 1)), (amount, month)]
    assert booked.get().stands


def test_an_allowance_waits_whole_and_names_nobody(hana, case):
    resident = case.resident
    with acting_as(hana):
        allowance = services.grant_allowance(
            by=hana, key=uuid.uuid4(), resident=resident, amount=Decimal(500), currency="CNY", months=3,
            from_month=date(2026, 3, 1), reason="leaves",
        )  # fmt: skip
    expense = Expense.objects.waiting().get()
    assert (expense.value, expense.nature, expense.what) == (1500, "allowance", "")
    with acting_as(hana):
        services.take_back_allowance(by=hana, key=uuid.uuid4(), allowance=allowance, reason="not_paid")
    assert not Expense.objects.that_stand().exists()
