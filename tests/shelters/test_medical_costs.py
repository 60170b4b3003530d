"""A cost of a medical case that was booked wrongly: its mirror takes it back, and both stay to be read."""

import uuid
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from core.identity import acting_as
from core.models import AuditEntry
from core.money import Money
from shelters import selectors, services
from shelters.models import MedicalCost
from tests import factories as f
from tests.races import at_once
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cost(willow, hana):
    """100 yuan by mistake, of a case that cost 30 as well."""
    resident = f.StayFactory(resident=f.ResidentFactory(code="X-9"), shelter=willow).resident
    case = f.MedicalCaseFactory(resident=resident)
    f.MedicalCostFactory(case=case, amount=Decimal(30), by=hana)
    return f.MedicalCostFactory(case=case, amount=Decimal(100), by=hana)


def test_a_cost_is_taken_back_by_a_button_once(as_user, hana, cost):
    client, page = as_user(hana), reverse("shelters:medical_case", args=[cost.case.uuid])
    address = reverse("shelters:take_back_medical_cost", args=[cost.case.uuid, cost.uuid])
    assert address in client.get(page).content.decode()
    assert client.post(address, {"reason": "", "key": str(uuid.uuid4())}).status_code == 422
    sent = {"reason": "twice", "key": str(uuid.uuid4())}
    for _time in range(2):
        assert client.post(address, sent).url == page
    again = client.post(address, {"reason": "mistyped", "key": str(uuid.uuid4())})
    assert "This cost has already been taken back." in text_of(again)
    mirror = MedicalCost.objects.get(corrects=cost)
    assert (mirror.amount, mirror.month, mirror.reason, mirror.by) == (-100, cost.month, "twice", hana)
    assert selectors.spent(cost.case) == [Money(30, "CNY")]
    shown = client.get(page).content.decode()
    assert address not in shown
    assert "taken back by Hana: entered twice" in text_of(client.get(page))
    assert AuditEntry.objects.filter(action="shelters.case_cost_taken_back").count() == 1
    # A mirror is not taken back itself.
    wrong = reverse("shelters:take_back_medical_cost", args=[cost.case.uuid, mirror.uuid])
    assert client.get(wrong).status_code == 404


@pytest.mark.parametrize(
    ("amount", "refusal"), [(-80, services.CostIsTakenBackInPart), (-130, services.CostIsTakenBack)]
)
def test_what_an_amount_with_a_minus_took_back_is_not_taken_back_again(hana, cost, amount, refusal):
    f.MedicalCostFactory(case=cost.case, amount=amount, by=hana)
    with acting_as(hana), pytest.raises(refusal):
        services.take_back_medical_cost(by=hana, cost=cost, reason="twice", key=uuid.uuid4())


def test_another_shelters_cost_is_not_theirs(jin, cost):
    with acting_as(jin), pytest.raises(PermissionDenied):
        services.take_back_medical_cost(by=jin, cost=cost, reason="twice", key=uuid.uuid4())


@pytest.mark.parametrize(
    "values",
    [{"amount": -99}, {"amount": -100, "currency": "USD"}, {"amount": -100, "reason": ""}, {"amount": 100}],
)
def test_only_a_mirror_takes_a_cost_back(cost, hana, values):
    """medical_cost_correction_mirrors, medical_cost_taken_back_with_a_reason."""
    told = {"case": cost.case, "month": cost.month, "corrects": cost, "reason": "twice", "by": hana} | values
    with pytest.raises(IntegrityError), transaction.atomic():
        f.MedicalCostFactory(**told)


def test_nobody_takes_back_for_a_colleague(cost, hana, jin):
    told = {"case": cost.case, "month": cost.month, "amount": -100, "corrects": cost, "reason": "twice"}
    with acting_as(hana), pytest.raises(DatabaseError), transaction.atomic():
        f.MedicalCostFactory(**told, by=jin)


def test_two_at_once_take_back_once(transactional_db, cost, hana):
    take = partial(services.take_back_medical_cost, by=hana, cost=cost, reason="twice")
    answers = at_once(*[partial(take, key=uuid.uuid4()) for _time in range(6)])
    assert sum(isinstance(answer, MedicalCost) for answer in answers) == 1
    assert selectors.spent(cost.case) == [Money(30, "CNY")]


def test_the_page_asks_as_much_for_many_costs(as_user, hana, cost, django_assert_num_queries):
    client, address = as_user(hana), reverse("shelters:medical_case", args=[cost.case.uuid])
    client.get(address)
    for more in (1, 30):
        for _row in range(more):
            wrong = f.MedicalCostFactory(case=cost.case, amount=5, by=hana)
            f.MedicalCostFactory(
                case=cost.case, month=wrong.month, amount=-5, corrects=wrong, reason="other", by=hana
            )
        with django_assert_num_queries(11):
            client.get(address)
