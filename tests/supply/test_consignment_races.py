"""Two hands on one consignment, each on a connection of its own."""

import uuid
from decimal import Decimal
from functools import partial

import pytest

from supply import selectors, services
from supply.models import Consignment, ConsignmentCost, ConsignmentStep, Movement
from tests import factories as f
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(answers):
    return sorted(type(answer).__name__ for answer in answers)


@pytest.mark.parametrize("attempt", range(3))
def test_the_last_stock_is_sent_or_used(plan, pack, step, entry, sora, hana, warehouse, rice, attempt):
    f.receive(warehouse, rice, 10)
    consignment = plan(10)
    pack(consignment)
    answers = at_once(
        partial(step, services.send_consignment, consignment),
        partial(services.log_use, by=hana, place=warehouse, **entry(quantity=1)),
    )
    assert kinds(answers) in (["ConsignmentStep", "NotEnoughStock"], ["Movement", "NotEnoughStock"])
    in_transit = selectors.held(consignment.transit, rice)
    assert (selectors.held(warehouse, rice), in_transit) in ((0, 10), (9, 0))
    consignment.refresh_from_db()
    assert consignment.state == ("sent" if in_transit else "packed")
    assert selectors.check_ledger() == []


def test_settled_twice_at_once_is_settled_once(under_way, step, amounts):
    consignment = under_way(10)
    step(services.receive_part, consignment, amounts=amounts(consignment, 10))
    answers = at_once(*[partial(step, services.settle_consignment, consignment)] * 2)
    assert kinds(answers) == ["ConsignmentStep", "StepOutOfOrder"]
    key = uuid.uuid4()
    other = under_way(10)
    step(services.receive_part, other, amounts=amounts(other, 10))
    answers = at_once(*[partial(step, services.settle_consignment, other, key=key)] * 8)
    assert {answer.pk for answer in answers} == {ConsignmentStep.objects.get(key=key).pk}
    assert ConsignmentStep.objects.filter(kind="settled").count() == 2


def test_no_more_is_received_than_was_sent_however_many_receive(under_way, step, amounts, rice):
    consignment = under_way(10, 10)
    part = amounts(consignment, 6)
    answers = at_once(*[partial(step, services.receive_part, consignment, amounts=part)] * 6)
    assert kinds(answers) == ["ConsignmentStep"] + ["MoreThanUnderWay"] * 5
    line = consignment.lines.first()
    assert (line.received, line.outstanding) == (6, 4)
    assert selectors.held(consignment.transit, rice) == 14
    assert selectors.check_ledger() == []


def test_received_and_settled_at_once_leaves_nothing_behind(under_way, step, amounts):
    consignment = under_way(10)
    at_once(
        partial(step, services.receive_part, consignment, amounts=amounts(consignment, 10)),
        partial(step, services.settle_consignment, consignment),
    )
    line = consignment.lines.get()
    assert (line.received, line.outstanding) == (10, 0)


def test_the_last_free_stock_is_packed_for_one(plan, pack, warehouse, rice):
    f.receive(warehouse, rice, 10)
    journeys = [plan(8), plan(8)]
    answers = at_once(*[partial(pack, one) for one in journeys])
    assert kinds(answers) == ["ConsignmentStep", "PackedElsewhere"]
    assert selectors.free_at(warehouse, rice) == 2


def test_sent_twice_at_once_leaves_once(plan, pack, step, warehouse, rice):
    f.receive(warehouse, rice, 100)
    consignment = plan(10)
    pack(consignment)
    answers = at_once(*[partial(step, services.send_consignment, consignment)] * 4)
    assert kinds(answers) == ["ConsignmentStep"] + ["StepOutOfOrder"] * 3
    assert selectors.held(warehouse, rice) == 90
    assert Movement.objects.filter(source=warehouse).count() == 1


def test_planned_at_once_get_numbers_of_their_own(sora, warehouse, rice, today):
    end = f.RecipientFactory().place
    plan = partial(
        services.plan_consignment, by=sora, source=warehouse, planned_on=today, today=today,
        lines=[services.Wanted(rice, end, Decimal(5))],
    )  # fmt: skip
    same = uuid.uuid4()
    answers = at_once(*[partial(plan, key=uuid.uuid4()) for _ in range(6)], *[partial(plan, key=same)] * 4)
    assert len({answer.pk for answer in answers}) == 7
    assert sorted(Consignment.objects.values_list("code", flat=True)) == [
        f"C{today:%y}-{number:03}" for number in range(1, 8)
    ]


def test_drafts_made_twice_at_once_are_made_once(sora, today, warehouse):
    for _ in range(3):
        f.StandingPlanLineFactory(plan__source=warehouse)
    month = today.replace(day=1)
    answers = at_once(*[partial(services.make_drafts, by=sora, month=month, today=today)] * 4)
    assert sorted(answers) == [0, 0, 0, 3]
    assert Consignment.objects.count() == 3


def test_a_part_taken_back_twice_at_once_goes_back_once(under_way, step, sora, amounts, rice, today):
    consignment = under_way(10)
    part = step(services.receive_part, consignment, amounts=amounts(consignment, 6)).bookings.get()
    back = partial(services.take_back_booking, by=sora, booking=part, today=today, reason="mistyped")
    same = uuid.uuid4()
    answers = at_once(*[partial(back, key=same)] * 4, *[partial(back, key=uuid.uuid4()) for _ in range(4)])
    steps = {answer.pk for answer in answers if isinstance(answer, ConsignmentStep)}
    refused = {type(answer) for answer in answers if not isinstance(answer, ConsignmentStep)}
    assert len(steps) == 1
    assert refused <= {services.AlreadyReversed}
    line = consignment.lines.get()
    assert (line.received, line.outstanding) == (0, 10)
    assert selectors.held(consignment.transit, rice) == 10


def test_one_arrival_sent_eight_times_at_once_arrives_once(under_way, step, amounts, rice):
    consignment, key = under_way(10), uuid.uuid4()
    part = amounts(consignment, 3)
    answers = at_once(*[partial(step, services.receive_part, consignment, amounts=part, key=key)] * 8)
    assert {answer.pk for answer in answers} == {ConsignmentStep.objects.get(key=key).pk}
    assert consignment.lines.get().received == 3


def test_what_was_lost_is_found_once(under_way, step, amounts, rice):
    consignment = under_way(10)
    step(services.lose_part, consignment, amounts=amounts(consignment, 10), how="lost", reason="fell")
    find = partial(
        step,
        services.find_part,
        consignment,
        amounts=amounts(consignment, 10),
        came_back=True,
        reason="dug out",
    )
    assert kinds(at_once(*[find] * 4)) == ["ConsignmentStep"] + ["MoreThanLost"] * 3
    assert selectors.check_ledger() == []


def test_cancelled_or_sent_never_both(plan, pack, step, warehouse, rice):
    f.receive(warehouse, rice, 10)
    consignment = plan(10)
    pack(consignment)
    answers = at_once(
        partial(step, services.send_consignment, consignment),
        partial(step, services.cancel_consignment, consignment, reason="snow"),
    )
    assert kinds(answers) == ["ConsignmentStep", "StepOutOfOrder"]
    consignment.refresh_from_db()
    assert (consignment.state, selectors.held(warehouse, rice)) in (("sent", 0), ("cancelled", 10))


@pytest.mark.parametrize("attempt", range(3))
def test_lines_are_changed_or_packed_never_both(plan, pack, step, sora, warehouse, rice, attempt):
    """Who packs by the lines that were is told so: nothing is loaded that nobody plans any more."""
    f.receive(warehouse, rice, 100)
    consignment, other = plan(10, 20), f.RecipientFactory().place
    before = told(consignment)
    kept = services.Wanted(rice, consignment.lines.first().destination, Decimal(5))
    lines = [kept, services.Wanted(rice, other, Decimal(7))]
    seen = {line: services.Packed(line.planned) for line in selectors.lines_of(consignment)}
    answers = at_once(
        partial(services.change_lines, by=sora, consignment=consignment, lines=lines),
        partial(step, services.pack_consignment, Consignment.objects.get(pk=consignment.pk), packed=seen),
    )
    consignment.refresh_from_db()
    if consignment.state == "packed":
        assert kinds(answers) == ["ConsignmentStep", "LinesArePacked"]
        assert told(consignment) == [(*line[:2], line[1]) for line in before]
    else:
        assert kinds(answers) == ["Consignment", "LinesChanged"]
        assert told(consignment) == [(kept.destination, 5, None), (other, 7, None)]
        pack(Consignment.objects.get(pk=consignment.pk))
        assert told(consignment) == [(kept.destination, 5, 5), (other, 7, 7)]


def told(consignment):
    return [(line.destination, line.planned, line.packed) for line in selectors.lines_of(consignment)]


def test_a_cost_taken_back_twice_at_once_goes_back_once(plan, sora):
    cost = f.ConsignmentCostFactory(consignment=plan(5), by=sora)
    back = partial(services.take_back_cost, by=sora, cost=cost, reason="written twice")
    same = uuid.uuid4()
    answers = at_once(*[partial(back, key=same)] * 4, *[partial(back, key=uuid.uuid4()) for _ in range(4)])
    rows = {answer.pk for answer in answers if isinstance(answer, ConsignmentCost)}
    refused = {type(answer) for answer in answers if not isinstance(answer, ConsignmentCost)}
    assert len(rows) == 1
    assert refused <= {services.AlreadyReversed}
    assert selectors.costs_of(cost.consignment) == {"CNY": 0}
