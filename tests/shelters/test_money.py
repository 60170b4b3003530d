"""Amounts of costs, allowances and payments have the digits of their currency."""

import uuid
from contextlib import closing
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from shelters import services
from shelters.models import Allowance, IncidentPayment, MedicalCost
from tests import database
from tests import factories as f
from tests.shelters.test_pages import text_of
from tests.shelters.test_rules import breaks

pytestmark = pytest.mark.django_db

NO_DIGITS = "has no digits after the point. Write a whole number."


@pytest.fixture
def case(willow, today):
    nights = DateRange(today - timedelta(days=5), None)
    return f.MedicalCaseFactory(resident=f.StayFactory(shelter=willow, nights=nights).resident)


@pytest.mark.parametrize(
    ("amount", "currency", "sentence"),
    [
        ("1.234", "CNY", "Write at most 2 digits after the point: CNY has no more."),
        ("300.5", "JPY", f"JPY {NO_DIGITS}"),
        ("-0.5", "KRW", "So much was never booked"),
        ("9999999999", "CNY", "That is very much. Write a number up to 1000000000."),
    ],
)
def test_a_medical_cost_that_nobody_pays(amount, currency, sentence, as_user, hana, case, today):
    sent = {"month": f"{today:%Y-%m}", "amount": amount, "currency": currency, "key": str(uuid.uuid4())}
    answer = as_user(hana).post(reverse("shelters:add_medical_cost", args=[case.uuid]), sent)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not MedicalCost.objects.exists()


def test_fifteen_hundred_is_read_with_its_comma(as_user, hana, case, today):
    sent = {"month": f"{today:%Y-%m}", "amount": "1,500", "currency": "JPY", "key": str(uuid.uuid4())}
    address = reverse("shelters:add_medical_cost", args=[case.uuid])
    assert as_user(hana).post(address, sent).status_code == 302
    assert MedicalCost.objects.get().amount == 1500


def test_an_allowance_that_nobody_pays(as_user, hana, case, today):
    sent = {
        "resident": str(case.resident.uuid), "amount": "300.5", "currency": "KRW", "months": "3",
        "from_month": f"{today:%Y-%m}", "reason": "leaves", "key": str(uuid.uuid4()),
    }  # fmt: skip
    answer = as_user(hana).post(reverse("shelters:grant_allowance"), sent)
    assert answer.status_code == 422
    assert f"KRW {NO_DIGITS}" in text_of(answer)
    assert not Allowance.objects.exists()


@pytest.mark.parametrize(
    ("amount", "currency", "sentence"),
    [
        ("~300.5", "JPY", f"JPY {NO_DIGITS}"),
        ("200-300.5", "KRW", f"KRW {NO_DIGITS}"),
        ("2-1000000001", "CNY", "That is very much. Write an amount up to 1000000000."),
    ],
)
def test_a_payment_that_nobody_pays(amount, currency, sentence, as_user, hana, willow):
    raid = f.IncidentFactory(shelter=willow)
    sent = {"amount": amount, "currency": currency, "payer": "", "paid_from": "", "key": str(uuid.uuid4())}
    answer = as_user(hana).post(reverse("shelters:add_incident_payment", args=[raid.uuid]), sent)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not IncidentPayment.objects.exists()


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("medical_cost_is_payable", lambda: f.MedicalCostFactory(amount="0.5", currency="JPY")),
        ("medical_cost_is_payable", lambda: f.MedicalCostFactory(amount="1.234", currency="CNY")),
        ("allowance_is_payable", lambda: f.AllowanceFactory(amount="300.5", currency="KRW")),
        ("allowance_is_payable", lambda: f.AllowanceFactory(amount=10**9 + 1)),
        ("incident_payment_is_payable", lambda: f.IncidentPaymentFactory(value="0.5", currency="JPY")),
        (
            "incident_payment_is_payable",
            lambda: f.IncidentPaymentFactory(value=1, value_upper="2.5", qualifier="range", currency="KRW"),
        ),
    ],
)
def test_rules_of_amounts(name, make):
    with breaks(name):
        make()


@pytest.mark.django_db(transaction=True)
def test_half_a_yen_of_before_is_taken_back_and_no_other(hana, case, today):
    table, rule = "ALTER TABLE shelters_medicalcost", "medical_cost_is_payable"
    owner = database.owner_connection(connection.settings_dict["NAME"])
    with closing(owner), owner, owner.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [rule])
        [[condition]] = cursor.fetchall()
        cursor.execute(f"{table} DROP CONSTRAINT {rule}")
        owner.commit()
        f.MedicalCostFactory(case=case, amount=Decimal("300.5"), currency="JPY")
        not_valid = "" if condition.endswith("NOT VALID") else "NOT VALID"
        cursor.execute(f"{table} ADD CONSTRAINT {rule} {condition} {not_valid}")
        owner.commit()
    back = {"by": hana, "case": case, "month": today.replace(day=1), "currency": "JPY", "today": today}
    with pytest.raises(services.MoreTakenBackThanSpent):
        services.add_medical_cost(amount=Decimal("-0.5"), key=uuid.uuid4(), **back)
    services.add_medical_cost(amount=Decimal("-300.5"), key=uuid.uuid4(), **back)
    assert sum(MedicalCost.objects.values_list("amount", flat=True)) == 0
