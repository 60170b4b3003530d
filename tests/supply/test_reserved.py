"""What planned and packed consignments will take out of a place, beside what lies there."""

from decimal import Decimal

import pytest
from django.urls import reverse

from supply import selectors, services
from supply.models import Balance
from tests import factories as f
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_lots(warehouse, rice):
    """100 kg of a lot and 50 kg without one."""
    lot = f.LotFactory(item=rice, code="L-1")
    f.MovementFactory(item=rice, lot=lot, quantity=100, destination=warehouse)
    f.receive(warehouse, rice, 50)
    return lot


def told(place):
    """What the register says of each line: held, and of the item reserved and free."""
    lines = selectors.with_reserved(Balance.objects.filter(place=place).order_by("-quantity"))
    return [(line.quantity, line.reserved, line.free) for line in lines]


def test_planned_and_packed_reserve_over_all_lots_and_what_left_does_not(
    two_lots, plan, pack, step, warehouse
):
    assert told(warehouse) == [(100, 0, 150), (50, 0, 150)]
    plan(40)
    packed = plan(60)
    assert told(warehouse) == [(100, 100, 50), (50, 100, 50)]
    pack(packed, 30, lot=two_lots)  # less than planned
    assert told(warehouse) == [(100, 70, 80), (50, 70, 80)]
    step(services.send_consignment, packed)
    assert told(warehouse) == [(70, 40, 80), (50, 40, 80)]
    given_up = plan(500)
    assert told(warehouse)[0] == (70, 540, -420)  # shown, not cut off at nothing
    step(services.cancel_consignment, given_up, reason="snow")
    assert told(warehouse)[0] == (70, 40, 80)


def test_another_place_or_item_reserves_nothing_here(two_lots, plan, warehouse, store, rice):
    plan(40, source=store)
    plan(5, item=f.ItemFactory(code="SALT"))
    assert told(warehouse) == [(100, 0, 150), (50, 0, 150)]


def test_plan_form_counts_what_others_plan_as_taken(client, two_lots, plan, rice, warehouse):
    plan(40)
    mine = plan(30)
    salt = f.ItemFactory(code="SALT", name="Salt", base_unit="kg")
    plan(5, item=salt)
    shown = text_of(client.get(reverse("supply:plan_consignment")))
    assert "Rice · 80 kg free" in shown
    assert "150 kg 70 kg 80 kg" in shown
    assert "Salt 0 kg 5 kg -5 kg" in shown
    changing = text_of(client.get(reverse("supply:change_lines", args=[mine.uuid])))
    assert "150 kg 40 kg 110 kg" in changing  # its own lines are what is being changed


def test_stock_shows_reserved_and_free_to_who_reads_plans_alone(
    as_user, sora, otto, hana, plan, stocked, rice
):
    plan(30, source=stocked.store)
    register = reverse("supply:start")
    shown = text_of(as_user(sora).get(register))
    assert "Reserved, all lots" in shown
    assert "100 30 70 kg" in shown
    assert "Reserved" not in text_of(as_user(otto).get(register))
    sheet = as_user(sora).get(register, {"export": "csv"}).content.decode()
    assert "100,30,70,kg" in sheet
    page = reverse("shelters:stock", args=[stocked.uuid])
    assert "all lots: 30 kg reserved, 70 kg free" in text_of(as_user(sora).get(page))
    for who in (hana, otto):
        assert "reserved" not in text_of(as_user(who).get(page))


@pytest.mark.parametrize("number", [1, 12])
def test_plan_form_costs_the_same_for_many(client, number, plan, warehouse, django_assert_num_queries):
    for item in f.ItemFactory.create_batch(number):
        f.receive(warehouse, item, 100)
        plan(5, item=item)
    with django_assert_num_queries(16):
        client.get(reverse("supply:plan_consignment"))
    [*_, last] = selectors.free_items(warehouse, selectors.items())
    assert (last.held, last.reserved, last.free) == (Decimal(100), 5, 95)
