"""What the database itself refuses of consignments and plans, whoever writes: asked as the app's own role."""

import uuid
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from core.identity import acting_as
from supply.enums import PlaceKind
from supply.models import ConsignmentCost
from tests import factories as f
from tests.supply.test_ledger_rules import breaks, sql

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(db):
    """10 of something, under way."""
    return f.sent_line()


def booked(line, kind, quantity, *, step=None, **places):
    """A booking of the line and its row in the ledger, between the places that belong to its kind."""
    journey = line.consignment
    lost = f.sink(PlaceKind.LOST)
    ends = {
        "received": (journey.transit, line.destination),
        "returned": (journey.transit, journey.source),
        "lost": (journey.transit, lost),
        "found": (lost, journey.transit),
    }[kind]
    movement = {"source": ends[0], "destination": ends[1]} | places
    movement = f.MovementFactory(item=line.item, quantity=quantity, **movement)
    taken = f.ConsignmentStepFactory(consignment=journey, kind=step or kind, note="on the way")
    made = f.ConsignmentBookingFactory(line=line, step=taken, kind=kind, movement=movement)
    line.refresh_from_db()
    return made


def sums(line):
    return line.sent, line.received, line.lost, line.returned


def test_sums_of_a_line_are_its_bookings(line):
    assert sums(line) == (10, 0, 0, 0)
    booked(line, "received", 6)
    booked(line, "lost", 3)
    booked(line, "returned", 1)
    assert sums(line) == (10, 6, 3, 1)
    booked(line, "found", 2)
    assert sums(line) == (10, 6, 1, 1)


def test_no_more_arrives_than_was_sent(under_way):
    """Though in transit there is more of it, for another place."""
    line = under_way(10, 10).lines.first()
    with breaks("consignment_line_no_more_than_sent"):
        booked(line, "received", 11)


def test_no_more_is_found_than_was_lost(line):
    with breaks("consignment_line_sums_not_negative"):
        booked(line, "found", 1)


@pytest.mark.parametrize("column", ["sent", "received", "lost", "returned"])
def test_sums_are_written_by_bookings_alone(line, column):
    with breaks("consignment_line_sums_follow_bookings"):
        sql(f"UPDATE supply_consignmentline SET {column} = 5")
    with breaks("consignment_line_sums_follow_bookings"):
        f.ConsignmentLineFactory(**{column: 5})


@pytest.mark.parametrize("state", ["packed", "sent", "settled", "cancelled"])
def test_state_is_written_by_steps_alone(state):
    consignment = f.ConsignmentFactory()
    with breaks("consignment_state_follows_steps"):
        sql("UPDATE supply_consignment SET state = %s", state)
    with breaks("consignment_state_follows_steps"):
        f.ConsignmentFactory(state=state)
    consignment.refresh_from_db()
    assert consignment.state == "planned"


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        ([], "sent"), ([], "received"), ([], "settled"), (["packed"], "received"), (["packed"], "lost"),
        (["packed", "sent"], "packed"), (["packed", "sent"], "cancelled"), (["cancelled"], "packed"),
        (["packed", "sent", "received"], "all_lost"), (["packed", "sent", "settled"], "received"),
        (["packed", "sent", "settled"], "lost"), (["packed", "sent", "settled"], "corrected"),
    ],
)  # fmt: skip
def test_steps_come_in_their_order(before, kind):
    consignment = f.ConsignmentFactory()
    for one in ["planned", *before]:
        f.ConsignmentStepFactory(consignment=consignment, kind=one, note="why")
    with breaks("consignment_step_in_order"):
        f.ConsignmentStepFactory(consignment=consignment, kind=kind, note="why")


def test_some_steps_are_taken_once():
    consignment = f.ConsignmentFactory()
    f.ConsignmentStepFactory(consignment=consignment)
    with breaks("consignment_step_once"):
        f.ConsignmentStepFactory(consignment=consignment)


def test_one_step_a_key():
    step = f.ConsignmentStepFactory()
    with breaks("consignment_step_one_per_key"):
        f.ConsignmentStepFactory(key=step.key)


def test_a_difference_has_a_reason(line):
    with breaks("consignment_step_difference_has_a_reason"):
        f.ConsignmentStepFactory(consignment=line.consignment, kind="lost")


def test_what_is_settled_is_even(line):
    booked(line, "received", 9)
    with breaks("consignment_settles_when_even"):
        f.ConsignmentStepFactory(consignment=line.consignment, kind="settled")
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    booked(line, "lost", 1)
    f.ConsignmentStepFactory(consignment=line.consignment, kind="settled")
    sql("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_is_found_after_settling_must_go_somewhere(line):
    booked(line, "received", 9)
    booked(line, "lost", 1)
    f.ConsignmentStepFactory(consignment=line.consignment, kind="settled")
    with breaks("consignment_settles_when_even"):
        booked(line, "found", 1)
        sql("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("odd", ["item", "source", "destination", "step", "reversal"])
def test_a_booking_is_of_its_line_and_step(line, odd):
    other = f.receive(f.PlaceFactory(), line.item, 10).destination
    with breaks("consignment_booking_fits_its_line"):
        match odd:
            case "item":
                line.item = f.ItemFactory()
                f.MovementFactory(item=line.item, destination=line.consignment.transit)
                booked(line, "received", 1)
            case "source":
                booked(line, "received", 1, source=other)
            case "destination":
                booked(line, "received", 1, destination=other)
            case "step":
                booked(line, "received", 1, step="returned")
            case "reversal":
                booked(line, "received", 1, step="corrected")


def test_goods_in_transit_move_by_steps_alone(line):
    with breaks("movement_in_transit_is_a_step"):
        f.MovementFactory(
            item=line.item, quantity=1, source=line.consignment.transit, destination=f.PlaceFactory()
        )
        sql("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_line_changes_until_it_is_sent(line):
    for column in ("planned", "packed"):
        with breaks("consignment_line_changes_before_sending"):
            sql(f"UPDATE supply_consignmentline SET {column} = 7")
    with breaks("consignment_line_changes_before_sending"):
        f.ConsignmentLineFactory(consignment=line.consignment)


def test_a_line_goes_to_another_store_or_a_recipient():
    consignment = f.ConsignmentFactory()
    for place in (consignment.source, consignment.transit, f.sink(PlaceKind.LOST)):
        with breaks("consignment_line_goes_somewhere"):
            f.ConsignmentLineFactory(consignment=consignment, destination=place)


def test_a_lot_is_of_its_lines_item():
    with breaks("consignment_line_lot_of_its_item"):
        f.ConsignmentLineFactory(lot=f.LotFactory())


@pytest.mark.parametrize("wrong", ["source", "transit"])
def test_a_consignment_leaves_a_store_over_a_place_in_transit(wrong):
    with breaks("consignment_over_a_place_in_transit"):
        f.ConsignmentFactory(**{wrong: f.PlaceFactory(kind=PlaceKind.SUPPLIER)})


@pytest.mark.parametrize(
    ("make", "values", "rule"),
    [
        (f.ConsignmentLineFactory, {"planned": -1}, "consignment_line_plans_something"),
        (f.ConsignmentLineFactory, {"planned": 0, "packed": 1}, "consignment_line_plans_something"),
        (f.ConsignmentLineFactory, {"packed": -1}, "consignment_line_packs_no_less_than_nothing"),
        (f.ConsignmentFactory, {"plan_month": date(2026, 1, 1)}, "consignment_plan_has_its_month"),
        (f.ConfirmationFactory, {"quantity": -1}, "confirmation_not_negative"),
        (f.ConsignmentCostFactory, {"amount": 0}, "consignment_cost_is_an_amount"),
        (f.ConsignmentCostFactory, {"amount": -5}, "consignment_cost_is_an_amount"),
        (f.ConsignmentCostFactory, {"amount": "0.5", "currency": "KRW"}, "consignment_cost_is_payable"),
        (f.ConsignmentCostFactory, {"amount": "1.234"}, "consignment_cost_is_payable"),
        (f.ConsignmentCostFactory, {"amount": 10**9 + 1}, "consignment_cost_is_payable"),
        (f.StandingPlanFactory, {"day": 0}, "standing_plan_on_a_day_of_every_month"),
        (f.StandingPlanFactory, {"day": 29}, "standing_plan_on_a_day_of_every_month"),
        (f.StandingPlanFactory, {"from_month": date(2026, 1, 2)}, "standing_plan_of_whole_months"),
        (f.StandingPlanFactory, {"until_month": date(2026, 1, 31)}, "standing_plan_of_whole_months"),
        (f.StandingPlanFactory, {"until_month": date(2019, 12, 1)}, "standing_plan_ends_after_it_starts"),
        (f.StandingPlanLineFactory, {"quantity": 0}, "standing_plan_line_carries_something"),
    ],
)  # fmt: skip
def test_rule_of_one_row(make, values, rule):
    with breaks(rule):
        make(**values)


def test_a_cost_below_zero_mirrors_the_one_that_it_takes_back():
    cost = f.ConsignmentCostFactory(amount=Decimal(5), currency="CNY")
    mirror = {"consignment": cost.consignment, "amount": Decimal(-5), "note": "written twice"}
    with breaks("consignment_cost_is_an_amount"):
        f.ConsignmentCostFactory(**mirror)
    for other in (
        {"amount": Decimal(-4)},
        {"currency": "USD"},
        {"kind": "courier"},
        {"paid_on": date(2026, 1, 1)},
        {"consignment": f.ConsignmentFactory()},
    ):
        with breaks("consignment_cost_correction_mirrors"):
            f.ConsignmentCostFactory(corrects=cost, **mirror | other)
    with breaks("consignment_cost_is_an_amount"):
        f.ConsignmentCostFactory(corrects=cost, **mirror | {"note": ""})
    back = f.ConsignmentCostFactory(corrects=cost, **mirror)
    with breaks("supply_consignmentcost_corrects_id_key"):
        f.ConsignmentCostFactory(corrects=cost, **mirror)
    with breaks("consignment_cost_correction_mirrors"):
        f.ConsignmentCostFactory(corrects=back, consignment=cost.consignment, amount=Decimal(5))


def test_no_cost_is_changed_or_deleted():
    cost = f.ConsignmentCostFactory()
    rows = ConsignmentCost.objects.filter(pk=cost.pk)
    for write in (lambda: rows.update(amount=1), rows.delete):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            write()


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (f.ConfirmationFactory, "confirmation_one_per_key"),
        (f.ConsignmentCostFactory, "consignment_cost_one_per_key"),
        (f.StandingPlanFactory, "standing_plan_one_per_key"),
    ],
)
def test_one_row_a_key(make, rule):
    key = uuid.uuid4()
    make(key=key)
    with breaks(rule):
        make(key=key)


def test_one_consignment_a_plan_and_month():
    plan, month = f.StandingPlanFactory(), date(2026, 12, 1)
    f.ConsignmentFactory(plan=plan, plan_month=month)
    with breaks("consignment_once_a_plan_and_month"):
        f.ConsignmentFactory(plan=plan, plan_month=month)
    with breaks("consignment_plan_has_its_month"):
        f.ConsignmentFactory(plan=plan, plan_month=date(2026, 12, 2))


def test_field_staff_receive_at_their_own_store_alone(hana, willow, maple):
    """Row policies: a step "arrived" and its booking, and nothing else of a consignment."""
    mine, foreign = f.sent_line(willow.store), f.sent_line(maple.store)
    journeys = {line: line.consignment for line in (mine, foreign)}
    with acting_as(hana):
        step = f.ConsignmentStepFactory(consignment=mine.consignment, kind="received", by=hana)
        movement = f.MovementFactory(
            item=mine.item, source=mine.consignment.transit, destination=willow.store, by=hana
        )
        f.ConsignmentBookingFactory(line=mine, step=step, kind="received", movement=movement)
    mine.refresh_from_db()
    assert mine.received == 10
    for line, kind in ((foreign, "received"), (mine, "settled"), (mine, "lost")):
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(hana):
            f.ConsignmentStepFactory(consignment=journeys[line], kind=kind, by=hana, note="x")
    with acting_as(hana), connection.cursor() as cursor:
        cursor.execute("UPDATE supply_consignment SET note = 'x'")
        assert cursor.rowcount == 0
