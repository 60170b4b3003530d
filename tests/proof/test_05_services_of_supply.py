"""The writing services of stock and routes as their own person, as in test_05_services.py."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shelters import services as shelters
from supply import selectors as stock
from supply import services as supply
from supply.enums import Booking, PlaceKind
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot(rice):
    place = f.PlaceFactory(code="DEPOT", kind=PlaceKind.WAREHOUSE)
    f.receive(place, rice, 100, days_ago=3)
    return place


def test_the_coordinator_books_at_a_depot(does, books, sora, depot, willow, rice, today):
    recipient = f.RecipientFactory()
    tea = does(sora, supply.add_item, code="TEA", name="Tea", name_ja="茶", kind="food", base_unit="kg")
    does(sora, supply.change_item, item=tea, name="Green tea")
    tin = does(sora, supply.add_pack, item=tea, name="tin", quantity=Decimal("0.5"))
    does(sora, supply.name_pack, pack=tin, name_ja="缶")
    at = {"place": depot}
    books(
        sora, supply.book_entry, tea, 10, kind=Booking.RECEIVED, reason="bought", lot_code="L-1",
        expires_on=today + timedelta(days=90), **at,
    )  # fmt: skip
    lot = tea.lots.get()
    does(sora, supply.change_lot, lot=lot, code="L-2", expires_on=lot.expires_on, reason="misread")
    books(sora, supply.book_entry, rice, 5, kind=Booking.USED, **at)
    books(sora, supply.book_entry, rice, 5, kind=Booking.LOST, reason="spoiled", **at)
    books(sora, supply.book_entry, rice, 5, kind=Booking.HANDED_OUT, recipient=recipient, **at)
    moved = books(sora, supply.book_entry, rice, 5, kind=Booking.MOVED, destination=willow.store, **at)
    does(sora, supply.reverse_movement, movement=moved, today=today, reason="mistyped")
    books(sora, supply.post_movement, rice, 1, source=depot, destination=willow.store, reason="transfer")
    now = timezone.now()
    does(sora, supply.set_level, place=depot, item=rice, minimum=Decimal(1000), now=now)
    month = today.replace(day=1) - timedelta(days=40)
    does(sora, supply.close_month, month=month, today=today, reason="reported")
    does(sora, supply.reopen_month, month=month, reason="a bill came late")
    assert stock.held(depot, rice) == 84
    assert stock.check_ledger() == []


def test_the_coordinator_keeps_the_register_of_places(does, sora):
    place = does(sora, supply.add_place, code="CO-OP", name="Co-op", kind="supplier")
    does(sora, supply.change_place, place=place, name="Co-op of the hills")
    about = {
        "publishable_place": "North",
        "area": "inside",
        "people": 5,
        "real_name": "Kim",
        "address": "river",
    }
    found = does(sora, supply.add_recipient, code="RC-90", kind="family", **about)
    does(sora, supply.change_recipient, recipient=found, people=7, real_name="Lee")
    found.refresh_from_db()
    assert (found.place.code, found.people) == ("RC-90", 7)


def test_the_coordinator_keeps_routes_and_plans(does, sora, depot, rice, today):
    route = does(
        sora, supply.add_route, kind="food", code="RN-01", regularity="regular", region="the north",
        drop_points="the mill", couriers="K-1",
    )  # fmt: skip
    does(sora, supply.change_route, route=route, reason="less often", regularity="irregular", couriers="K-2")
    for state in ("open", "at_risk"):
        does(
            sora, supply.change_route_status, route=route, state=state, since=today, cause="snow",
            today=today,
        )  # fmt: skip
    month = today.replace(day=1)
    for kilograms in (Decimal(500), Decimal(600)):
        does(sora, supply.set_route_target, route=route, from_month=month, kilograms_a_month=kilograms)
    sites = [
        does(
            sora, supply.add_route_site, route=route, kind="crossing", name=name, after=None, since=today,
            whereabouts="under the bridge", today=today, key=uuid.uuid4(),
        )
        for name in ("Heron", "Otter")
    ]  # fmt: skip
    does(sora, supply.change_route_site, site=sites[0], kind="resting", after=None, whereabouts="the mill")
    does(sora, supply.end_route_site, site=sites[1], until=today)
    assert [site.name for site in route.sites.all()] == ["Heron", "Otter"]
    lines = [supply.Wanted(rice, f.RecipientFactory().place, Decimal(10))]
    plan = does(
        sora, supply.make_standing_plan, route=route, source=depot, day=5, from_month=month,
        until_month=None, lines=lines, key=uuid.uuid4(),
    )  # fmt: skip
    does(sora, supply.end_standing_plan, plan=plan, until_month=month)
    assert (route.statuses.count(), route.targets.get().kilograms_a_month) == (2, 600)


@pytest.fixture
def step(does, sora, today):
    def taken(service, consignment, person=sora, **values):
        common = {"on": today, "today": today, "key": uuid.uuid4(), "consignment": consignment}
        return does(person, service, **common | values)

    return taken


@pytest.fixture
def plan(does, sora, depot, rice, today):
    def planned(*destinations):
        lines = [supply.Wanted(rice, to, Decimal(10)) for to in destinations]
        return does(
            sora, supply.plan_consignment, source=depot, lines=lines, today=today, key=uuid.uuid4(),
            planned_on=today, route=None, courier="K-7", note="",
        )  # fmt: skip

    return planned


def packed(consignment):
    return {line: supply.Packed(line.planned) for line in stock.lines_of(consignment)}


def test_a_consignment_from_the_plan_to_the_last_kilogram(
    does, step, plan, sora, hana, depot, willow, rice, today
):
    recipient = f.RecipientFactory().place
    made = plan(recipient)
    lines = [supply.Wanted(rice, to, Decimal(20)) for to in (recipient, willow.store)]
    does(sora, supply.change_lines, consignment=made, lines=lines)
    does(
        sora, supply.change_journey, consignment=made, planned_on=today, route=f.RouteFactory(),
        courier="K-8", note="by night", today=today,
    )  # fmt: skip
    step(supply.pack_consignment, made, packed=packed(made))
    step(supply.send_consignment, made)
    to_recipient, to_willow = made.lines.all()
    ten = {to_recipient: Decimal(10)}
    arrived = {"amounts": {to_willow: Decimal(20)}, "shelter": willow}
    step(shelters.confirm_arrival, made, person=hana, **arrived)
    part = step(supply.receive_part, made, amounts=ten)
    does(
        sora, supply.take_back_booking, booking=part.bookings.get(), reason="mistyped", today=today,
        key=uuid.uuid4(),
    )  # fmt: skip
    step(supply.receive_part, made, amounts=ten)
    five = {to_recipient: Decimal(5)}
    step(supply.lose_part, made, amounts=five, how="lost", reason="fell")
    step(supply.return_part, made, amounts=five, reason="no room")
    step(supply.find_part, made, amounts=five, came_back=True, reason="dug out")
    step(supply.settle_consignment, made)
    word = {"receiver": "K-7", "quality": "good", "is_satisfied": True, "people": 40, "note": ""}
    told = does(
        sora, supply.confirm_receipt, line=to_recipient, received_on=today, quantity=Decimal(10), today=today,
        key=uuid.uuid4(), **word,
    )  # fmt: skip
    does(sora, supply.take_back_confirmation, confirmation=told, reason="twice", key=uuid.uuid4())
    cost = does(
        sora, supply.note_cost, consignment=made, kind="transport", amount=Decimal(300), currency="CNY",
        paid_on=today, note="", today=today, key=uuid.uuid4(),
    )  # fmt: skip
    does(sora, supply.take_back_cost, cost=cost, reason="twice", key=uuid.uuid4())
    made.refresh_from_db()
    assert made.state == "settled"
    assert (stock.held(willow.store, rice), stock.held(depot, rice)) == (20, 70)
    assert stock.check_ledger() == []


def test_consignments_that_come_to_nothing(step, plan, willow, depot, rice):
    cancelled, gone = plan(willow.store), plan(willow.store)
    step(supply.cancel_consignment, cancelled, reason="snow")
    step(supply.pack_consignment, gone, packed=packed(gone))
    step(supply.send_consignment, gone)
    step(supply.lose_all, gone, how="taken", reason="a raid")
    for one in (cancelled, gone):
        one.refresh_from_db()
    assert (cancelled.state, gone.state) == ("cancelled", "lost")
    assert stock.held(depot, rice) == 90
