"""A consignment from the plan to the last kilogram, by the services."""

import random
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest

from core.models import AuditEntry
from supply import selectors, services
from supply.enums import BookingKind, PlaceKind, StepKind
from supply.models import Balance, Consignment, ConsignmentStep, Movement
from tests import factories as f

pytestmark = pytest.mark.django_db


def lines_of(consignment):
    return [(line.sent, line.received, line.lost, line.returned) for line in consignment.lines.order_by("id")]


def in_transit(consignment):
    return sum(Balance.objects.filter(place=consignment.transit).values_list("quantity", flat=True))


def lost(rice):
    """What the ledger has lost of it, all told."""
    came = Movement.objects.filter(item=rice, destination__kind=PlaceKind.LOST)
    back = Movement.objects.filter(item=rice, source__kind=PlaceKind.LOST)
    return sum(one.quantity for one in came) - sum(one.quantity for one in back)


def state(consignment):
    consignment.refresh_from_db()
    return consignment.state


# --- plan and pack ---------------------------------------------------------------------------------------


def test_plan_moves_nothing_and_numbers_itself(plan, warehouse, rice, today):
    f.receive(warehouse, rice, 100)
    first, second = plan(75, 25), plan(10)
    assert first.code == f"C{today:%y}-001"
    assert second.code == f"C{today:%y}-002"
    assert first.transit.kind == PlaceKind.TRANSIT
    assert first.transit != second.transit
    assert state(first) == "planned"
    assert selectors.held(warehouse, rice) == 100
    entry = AuditEntry.objects.get(subject_uuid=first.uuid)
    assert entry.action == "consignment.planned"


def test_same_plan_again_is_the_first(plan):
    key = uuid.uuid4()
    assert plan(75, key=key) == plan(75, key=key)
    assert Consignment.objects.count() == 1


def test_plan_needs_lines_and_fitting_places(plan, warehouse, rice, sora, today):
    with pytest.raises(services.NothingPlanned):
        plan()
    with pytest.raises(services.NotAnAmount):
        plan(0)
    with pytest.raises(services.WrongPlace):
        plan(5, destinations=[warehouse])
    with pytest.raises(services.WrongPlace):
        plan(5, source=f.PlaceFactory(kind=PlaceKind.SUPPLIER))
    assert not Consignment.objects.exists()


def test_what_is_packed_is_reserved_until_it_leaves(plan, pack, step, warehouse, rice):
    f.receive(warehouse, rice, 100)
    first, second = plan(75), plan(50)
    assert selectors.free_at(warehouse, rice) == 100
    pack(first)
    assert selectors.free_at(warehouse, rice) == 25
    with pytest.raises(services.PackedElsewhere) as refusal:
        pack(second)
    assert str(refusal.value).startswith("Only this much Rice is free at DEPOT: 25 kg.")
    pack(first, 60)  # its own load does not stand in its way
    step(services.cancel_consignment, first, reason="the road is closed")
    assert selectors.free_at(warehouse, rice) == 100
    pack(second)
    step(services.send_consignment, second)
    assert selectors.free_at(warehouse, rice) == selectors.held(warehouse, rice) == 50


def test_packing_chooses_the_lot(plan, pack, step, warehouse, rice):
    old, other = f.LotFactory(item=rice), f.LotFactory()
    f.MovementFactory(item=rice, lot=old, quantity=30, destination=warehouse)
    consignment = plan(30)
    with pytest.raises(services.LotOfAnotherItem):
        pack(consignment, lot=other)
    with pytest.raises(services.PackedElsewhere):
        pack(consignment)  # without the lot there is none
    pack(consignment, lot=old)
    step(services.send_consignment, consignment)
    assert selectors.held(consignment.transit, rice, old) == 30
    with pytest.raises(services.NothingPacked):
        pack(plan(5), 0)


# --- on the way ------------------------------------------------------------------------------------------


def test_stock_leaves_when_sent_and_stands_in_transit(plan, pack, step, warehouse, rice):
    f.receive(warehouse, rice, 100)
    consignment = plan(75)
    with pytest.raises(services.StepOutOfOrder) as refusal:
        step(services.send_consignment, consignment)
    assert str(refusal.value).startswith(f"{consignment.code} is planned already.")
    pack(consignment)
    assert selectors.held(warehouse, rice) == 100
    step(services.send_consignment, consignment)
    assert selectors.held(warehouse, rice) == 25
    assert selectors.held(consignment.transit, rice) == 75
    assert state(consignment) == "sent"


def test_what_was_used_meanwhile_is_not_sent(plan, pack, step, warehouse, rice, entry, sora):
    f.receive(warehouse, rice, 10)
    consignment = plan(10)
    pack(consignment)
    services.log_use(by=sora, place=warehouse, **entry(quantity=3))
    with pytest.raises(services.NotEnoughStock, match="DEPOT: 7 kg"):
        step(services.send_consignment, consignment)
    assert state(consignment) == "packed"
    assert lines_of(consignment) == [(0, 0, 0, 0)]


def test_field_check_of_the_reference(under_way, step, amounts, warehouse, rice, store):
    """Send 100, receive 80, lose 15: not settled; 5 returned: settled; 3 found later: stock +3, lost −3."""
    consignment = under_way(100, destinations=[store])
    step(services.receive_part, consignment, amounts=amounts(consignment, 80))
    assert state(consignment) == "arrived"
    step(
        services.lose_part, consignment, amounts=amounts(consignment, 15), how="taken", reason="a check point"
    )
    with pytest.raises(services.StillUnderWay) as refusal:
        step(services.settle_consignment, consignment)
    assert str(refusal.value) == (
        "Rice for ST-OAK: 5 kg is still under way. Say first whether it arrived, was lost or came back."
    )
    step(services.return_part, consignment, amounts=amounts(consignment, 5), reason="no room")
    step(services.settle_consignment, consignment)
    assert state(consignment) == "settled"
    assert (selectors.held(store, rice), selectors.held(warehouse, rice), lost(rice)) == (80, 5, 15)
    found = {"amounts": amounts(consignment, 3), "came_back": False, "reason": "behind the mill"}
    step(services.find_part, consignment, **found)
    assert (selectors.held(store, rice), lost(rice)) == (83, 12)
    assert state(consignment) == "settled"
    assert lines_of(consignment) == [(100, 83, 12, 5)]
    assert in_transit(consignment) == 0
    step(services.find_part, consignment, **found | {"came_back": True})
    assert selectors.held(warehouse, rice) == 8
    with pytest.raises(services.MoreThanLost, match="was lost: 9 kg"):
        step(services.find_part, consignment, **found | {"amounts": amounts(consignment, 10)})
    assert selectors.check_ledger() == []


def test_no_more_arrives_than_is_under_way_for_the_place(under_way, step, amounts):
    consignment = under_way(10, 90)
    with pytest.raises(services.MoreThanUnderWay, match="10 kg"):
        step(services.receive_part, consignment, amounts=amounts(consignment, 11))
    step(services.receive_part, consignment, amounts=amounts(consignment, 10, 40))
    with pytest.raises(services.MoreThanUnderWay, match="50 kg"):
        step(services.lose_part, consignment, amounts=amounts(consignment, 0, 51), how="lost", reason="river")
    with pytest.raises(services.NothingGiven):
        step(services.receive_part, consignment, amounts=amounts(consignment, 0, 0))
    assert lines_of(consignment) == [(10, 10, 0, 0), (90, 40, 0, 0)]


@pytest.mark.parametrize("service", [services.lose_part, services.return_part])
def test_every_difference_has_a_reason(under_way, step, amounts, service):
    consignment = under_way(10)
    how = {"how": "lost"} if service is services.lose_part else {}
    with pytest.raises(services.WhyMissing):
        step(service, consignment, amounts=amounts(consignment, 1), reason="  ", **how)
    assert in_transit(consignment) == 10


def test_all_of_it_lost_ends_it_and_some_may_be_found(under_way, step, amounts, rice):
    consignment = under_way(10, 20)
    step(services.lose_all, consignment, how="taken", reason="the courier was stopped")
    assert state(consignment) == "lost"
    assert lost(rice) == 30
    step(
        services.find_part,
        consignment,
        amounts=amounts(consignment, 0, 5),
        came_back=True,
        reason="given back",
    )
    assert state(consignment) == "settled"
    assert lost(rice) == 25


def test_a_part_arrived_is_not_all_lost(under_way, step, amounts):
    consignment = under_way(10)
    step(services.receive_part, consignment, amounts=amounts(consignment, 1))
    with pytest.raises(services.StepOutOfOrder):
        step(services.lose_all, consignment, how="lost", reason="river")


def test_same_form_twice_books_once(under_way, step, amounts, rice):
    consignment, key = under_way(10), uuid.uuid4()
    values = {"amounts": amounts(consignment, 4), "key": key}
    first = step(services.receive_part, consignment, **values)
    assert step(services.receive_part, consignment, **values) == first
    assert lines_of(consignment) == [(10, 4, 0, 0)]
    for other in ({"amounts": amounts(consignment, 5)}, {"on": first.on - timedelta(days=1)}):
        with pytest.raises(services.KeyAlreadyUsed):
            step(services.receive_part, consignment, **values | other)
    with pytest.raises(services.KeyAlreadyUsed):
        step(services.settle_consignment, consignment, key=key)
    assert AuditEntry.objects.filter(action="consignment.received").count() == 1


def test_days_are_those_of_the_ledger(under_way, step, amounts, today):
    consignment = under_way(10)
    for day in (today + timedelta(days=1), today - timedelta(days=60)):
        with pytest.raises(services.DayNotAllowed):
            step(services.receive_part, consignment, amounts=amounts(consignment, 1), on=day)
    with pytest.raises(services.BeforeTheStepBefore):
        step(
            services.receive_part, consignment, amounts=amounts(consignment, 1), on=today - timedelta(days=1)
        )
    assert state(consignment) == "sent"


def test_a_mistake_is_taken_back_by_its_mirror(under_way, step, amounts, sora, today, store, rice):
    consignment = under_way(10, destinations=[store])
    mistaken = step(services.receive_part, consignment, amounts=amounts(consignment, 8)).bookings.get()
    with pytest.raises(services.IsAStep, match=consignment.code):
        services.reverse_movement(by=sora, movement=mistaken.movement, today=today, reason="typed 8")
    back = {"by": sora, "booking": mistaken, "reason": "typed 8 for 3", "today": today}
    taken = services.take_back_booking(**back, key=uuid.uuid4())
    assert taken.kind == StepKind.CORRECTED
    assert lines_of(consignment) == [(10, 0, 0, 0)]
    assert selectors.held(store, rice) == 0
    with pytest.raises(services.AlreadyReversed):
        services.take_back_booking(**back, key=uuid.uuid4())
    sent = consignment.steps.get(kind="sent").bookings.get()
    with pytest.raises(services.CannotReverse):
        services.take_back_booking(**back | {"booking": sent}, key=uuid.uuid4())
    assert selectors.check_ledger() == []


def test_what_arrives_over_a_route_is_carried_by_it(under_way, step, amounts, today, store):
    route = f.RouteFactory()
    consignment = under_way(10, 20, 30, route=route, destinations=[store])
    step(services.receive_part, consignment, amounts=amounts(consignment, 10, 15))
    step(services.return_part, consignment, amounts=amounts(consignment, 0, 5), reason="no room")
    assert selectors.routes(today).get(pk=route.pk).carried == 25


def test_journey_changes_until_it_leaves(plan, pack, step, under_way, sora, today):
    consignment, route = plan(5, courier="Magpie"), f.RouteFactory()
    change = {
        "by": sora,
        "planned_on": today + timedelta(days=3),
        "route": route,
        "note": "by night",
        "today": today,
    }
    services.change_journey(consignment=consignment, **change)
    consignment.refresh_from_db()
    assert (consignment.route, consignment.note) == (route, "by night")
    assert str(consignment.courier) == "[sealed]"
    with pytest.raises(services.StepOutOfOrder):
        services.change_journey(consignment=under_way(5), **change)


# --- told of it ------------------------------------------------------------------------------------------


def test_the_receiver_confirms_and_people_are_counted(under_way, sora, today):
    consignment = under_way(10, 20)
    word = {
        "by": sora, "received_on": today, "receiver": "K-7", "quantity": Decimal(9), "quality": "partly",
        "is_satisfied": False, "note": "one bag wet", "today": today,
    }  # fmt: skip
    key = uuid.uuid4()
    for line, people in zip(consignment.lines.all(), (40, 2), strict=True):
        services.confirm_receipt(line=line, people=people, key=uuid.uuid4(), **word)
    line = consignment.lines.first()
    first = services.confirm_receipt(line=line, people=None, key=key, **word)
    assert services.confirm_receipt(line=line, people=None, key=key, **word) == first
    assert selectors.people_reached(consignment) == 42
    with pytest.raises(services.KeyAlreadyUsed):
        services.confirm_receipt(line=line, people=None, key=key, **word | {"quantity": Decimal(8)})


# --- whatever happens ------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_in_transit_after_settling(seed, under_way, step, amounts, rice):
    """Random parts until all lines are even; the sums of the lines and the ledger agree all the way."""
    chance = random.Random(seed)
    consignment = under_way(*(chance.randint(1, 60) for _ in range(3)))
    sent = sum(line.sent for line in consignment.lines.all())
    for _ in range(200):
        lines = {line: line.outstanding for line in consignment.lines.all()}
        if not any(lines.values()):
            break
        part = {line: Decimal(chance.randint(0, int(rest))) for line, rest in lines.items()}
        if not any(part.values()):
            continue
        match chance.choice(["receive", "receive", "lose", "return", "find"]):
            case "receive":
                step(services.receive_part, consignment, amounts=part)
            case "lose":
                step(services.lose_part, consignment, amounts=part, how="lost", reason="river")
            case "return":
                step(services.return_part, consignment, amounts=part, reason="no room")
            case "find":
                part = {line: min(line.lost, Decimal(2)) for line in lines}
                if any(part.values()):
                    step(
                        services.find_part, consignment, amounts=part, came_back=chance.random() < 0.5,
                        reason="behind the mill",
                    )  # fmt: skip
        assert in_transit(consignment) == sum(line.outstanding for line in consignment.lines.all())
    step(services.settle_consignment, consignment)
    assert in_transit(consignment) == 0
    sums = lines_of(consignment)
    assert sum(r + lost_ + back for _sent, r, lost_, back in sums) == sent
    assert sum(one[2] for one in sums) == lost(rice)
    assert selectors.check_ledger() == []
    assert ConsignmentStep.objects.filter(consignment=consignment, kind="settled").count() == 1
    assert set(BookingKind.values) >= {
        b.kind for s in selectors.steps_of(consignment) for b in s.bookings.all()
    }


def test_what_has_expired_goes_neither_to_people_nor_to_a_shelter(
    plan, pack, step, warehouse, store, rice, today
):
    old = f.LotFactory(item=rice, expires_on=today - timedelta(days=1))
    f.MovementFactory(item=rice, lot=old, quantity=20, destination=warehouse)
    for consignment in (plan(10), plan(10, destinations=[store])):
        with pytest.raises(services.LotExpired, match="give it to nobody") as refusal:
            pack(consignment, lot=old)
        assert refusal.value.line == consignment.lines.get()
    depot = f.PlaceFactory(code="OTHER", kind="warehouse")
    to_depot = plan(10, destinations=[depot])
    pack(to_depot, lot=old)
    step(services.send_consignment, to_depot)
    assert selectors.held(to_depot.transit, rice, old) == 10


def test_a_lot_that_expired_after_it_was_packed_does_not_leave(plan, pack, step, warehouse, rice, today):
    lot = f.LotFactory(item=rice, expires_on=today - timedelta(days=1))
    f.MovementFactory(
        item=rice, lot=lot, quantity=20, destination=warehouse, occurred_on=today - timedelta(days=5)
    )
    consignment = plan(10)
    pack(consignment, lot=lot, on=today - timedelta(days=1))
    with pytest.raises(services.LotExpired):
        step(services.send_consignment, consignment)
    assert selectors.held(warehouse, rice, lot) == 20
