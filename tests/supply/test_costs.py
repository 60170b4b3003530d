"""What a journey cost: in its own currency, and what of it was a mistake."""

import uuid
from contextlib import closing
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from supply import selectors, services
from tests import database
from tests import factories as f

pytestmark = pytest.mark.django_db


def test_costs_stay_in_their_currency(plan, sora, today):
    consignment, key = plan(5), uuid.uuid4()
    cost = {"by": sora, "consignment": consignment, "paid_on": today, "note": "", "today": today}
    services.note_cost(kind="side_payment", amount=Decimal("300.5"), currency="CNY", key=key, **cost)
    services.note_cost(kind="side_payment", amount=Decimal("300.5"), currency="CNY", key=key, **cost)
    services.note_cost(kind="transport", amount=Decimal(20), currency="USD", key=uuid.uuid4(), **cost)
    assert selectors.costs_of(consignment) == {"CNY": Decimal("300.5"), "USD": 20}
    with pytest.raises(services.KeyAlreadyUsed):
        services.note_cost(kind="transport", amount=Decimal(1), currency="CNY", key=key, **cost)


def test_a_cost_is_taken_back_once_by_its_mirror(plan, sora, today):
    consignment, key = plan(5), uuid.uuid4()
    cost = services.note_cost(
        by=sora, consignment=consignment, kind="transport", amount=Decimal(30), currency="CNY",
        paid_on=today, note="", today=today, key=uuid.uuid4(),
    )  # fmt: skip
    with pytest.raises(services.WhyMissing):
        services.take_back_cost(by=sora, cost=cost, reason=" ", key=key)
    mirror = services.take_back_cost(by=sora, cost=cost, reason="written twice", key=key)
    assert services.take_back_cost(by=sora, cost=cost, reason="written twice", key=key) == mirror
    assert (mirror.corrects, mirror.amount, mirror.paid_on) == (cost, Decimal(-30), today)
    assert selectors.costs_of(consignment) == {"CNY": 0}
    assert [one.is_mistake for one in selectors.costs(consignment)] == [True, True]
    with pytest.raises(services.AlreadyReversed):
        services.take_back_cost(by=sora, cost=cost, reason="again", key=uuid.uuid4())
    with pytest.raises(services.CostIsACorrection):
        services.take_back_cost(by=sora, cost=mirror, reason="after all", key=uuid.uuid4())
    with pytest.raises(services.KeyAlreadyUsed):
        services.take_back_cost(by=sora, cost=mirror, reason="after all", key=key)


@pytest.fixture
def old_cost(plan):
    """`old_cost(-300)`: a cost as it could be typed before a correction named what it takes back.

    `rule`: the constraint that was not there yet.
    """
    consignment = plan(5)

    def made(amount, rule="consignment_cost_is_an_amount", **values):
        owner = database.owner_connection(connection.settings_dict["NAME"])
        table = "ALTER TABLE supply_consignmentcost"
        with closing(owner), owner.cursor() as cursor:
            cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [rule])
            [[condition]] = cursor.fetchall()
            cursor.execute(f"{table} DROP CONSTRAINT {rule}")
            try:
                return f.ConsignmentCostFactory(consignment=consignment, amount=Decimal(amount), **values)
            finally:
                not_valid = "" if condition.endswith("NOT VALID") else "NOT VALID"
                cursor.execute(f"{table} ADD CONSTRAINT {rule} {condition} {not_valid}")

    return made


@pytest.mark.django_db(transaction=True)
def test_an_old_amount_below_zero_took_back_the_oldest_cost_like_it(old_cost, client, sora):
    """Two alike and one taken back, one of another amount, kind or currency, and one taken back by part."""
    first, second = old_cost(300), old_cost(300)
    others = [old_cost(300, kind="side_payment"), old_cost(300, currency="USD"), old_cost(80)]
    old, part = old_cost(-300, note="twice"), old_cost(-30, note="he gave some back")
    consignment = first.consignment
    shown = {one.pk: (one.is_mistake, one.may_be_taken_back) for one in selectors.costs(consignment)}
    assert shown[first.pk] == shown[old.pk] == (True, False)
    assert shown[part.pk] == (False, False)
    assert {shown[one.pk] for one in (second, *others)} == {(False, True)}
    assert selectors.costs_of(consignment) == {"CNY": 650, "USD": 300}
    page = client.get(reverse("supply:consignment", args=[consignment.uuid])).content.decode()
    for one in (first, second, *others, old, part):
        address = reverse("supply:take_back_cost", args=[consignment.uuid, one.uuid])
        assert (address in page) is shown[one.pk][1]
    back = {"by": sora, "reason": "again"}
    with pytest.raises(services.AlreadyReversed):
        services.take_back_cost(cost=first, key=uuid.uuid4(), **back)
    with pytest.raises(services.CostIsACorrection):
        services.take_back_cost(cost=part, key=uuid.uuid4(), **back)
    services.take_back_cost(cost=second, key=uuid.uuid4(), **back)
    assert selectors.costs_of(consignment) == {"CNY": 350, "USD": 300}
    again = {one.pk: one.is_mistake for one in selectors.costs(consignment)}
    assert again[first.pk], "what another row took back stays taken back"


@pytest.mark.django_db(transaction=True)
def test_half_a_yen_of_before_can_be_taken_back(old_cost, sora):
    cost = old_cost("300.5", rule="consignment_cost_is_payable", currency="JPY")
    services.take_back_cost(by=sora, cost=cost, reason="yen have no digits", key=uuid.uuid4())
    assert selectors.costs_of(cost.consignment) == {"JPY": 0}
