"""Goods on their way out, and somebody who reports where they go: on a connection of its own each."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from core.fiscal import month_of, next_month
from core.identity import acting_as
from core.workbook.exporting import write_workbook
from core.workbook.importing import import_workbook
from shelters import services as shelters
from shelters.models import Evacuation, ShelterStatus
from supply import selectors, services
from supply.models import Consignment, ConsignmentStep, Movement, RouteStatus
from tests import factories as f
from tests.races import at_once, one_before_the_other, until_they_wait

pytestmark = pytest.mark.django_db(transaction=True)
REFUSED = "exposed, closed or being evacuated"


@pytest.fixture
def oak():
    return f.ShelterFactory(code="OAK", store__code="OAK")


@pytest.fixture
def full(warehouse, rice):
    f.receive(warehouse, rice, 100)
    return warehouse


@pytest.fixture
def move(sora, full, rice, oak, today):
    """Sora moves so much rice to Oak."""

    def moved(quantity=10, key=None):
        with acting_as(sora):
            return services.transfer(
                by=sora, source=full, destination=oak.store, item=rice, quantity=Decimal(quantity),
                occurred_on=today, today=today, key=key or uuid.uuid4(),
            )  # fmt: skip

    return moved


@pytest.fixture
def expose(hana, oak, today):
    f.PostingFactory(user=hana, shelter=oak)

    def exposed():
        with acting_as(hana):
            return shelters.say_state(
                by=hana, shelter=oak, state="exposed", reason="seen", today=today, key=uuid.uuid4()
            )

    return exposed


def evacuate(oak):
    """Without a word of its state, as no service does."""
    return f.EvacuationFactory(shelter=oak)


def close(oak, today):
    oak.closed_on = today
    oak.save()


# --- to a shelter ------------------------------------------------------------------------------------------


def test_who_moves_goods_waits_for_who_reports_the_shelter_and_is_told(move, expose, oak, rice):
    second = one_before_the_other(expose, move)
    assert second.waited
    assert isinstance(second.answer, services.PlaceIsShut)
    assert "OAK was exposed on" in str(second.answer)
    assert selectors.held(oak.store, rice) == 0


def test_who_moves_goods_waits_for_who_closes_it_or_begins_to_evacuate_it(move, oak, rice, today):
    second = one_before_the_other(partial(evacuate, oak), move)
    assert second.waited
    assert isinstance(second.answer, services.PlaceIsShut)
    Evacuation.objects.update(finished_at=oak.evacuations.get().started_at, finished_by=f.UserFactory())
    second = one_before_the_other(partial(close, oak, today), move)
    assert second.waited
    assert isinstance(second.answer, services.PlaceIsShut)
    assert not Movement.objects.filter(destination=oak.store).exists()


def test_who_reports_the_shelter_waits_for_what_is_just_being_moved_there(move, expose, oak, rice):
    second = one_before_the_other(move, expose)
    assert second.waited
    assert isinstance(second.answer, ShelterStatus)
    assert selectors.held(oak.store, rice) == 10
    with pytest.raises(services.PlaceIsShut):
        move()


def test_who_begins_to_evacuate_waits_for_it_too(move, oak):
    second = one_before_the_other(move, partial(evacuate, oak))
    assert second.waited
    assert second.answer == Evacuation.objects.get()


@pytest.mark.parametrize("attempt", range(3))
def test_moved_and_reported_at_once_nobody_meets_a_deadlock(move, expose, oak, rice, attempt):
    *moved, reported = at_once(*[partial(move, 1)] * 6, expose)
    assert isinstance(reported, ShelterStatus)
    refused = [answer for answer in moved if not isinstance(answer, Movement)]
    assert {type(answer) for answer in refused} <= {services.PlaceIsShut}
    assert selectors.held(oak.store, rice) == len(moved) - len(refused)
    assert selectors.check_ledger() == []


def test_a_form_sent_twice_while_it_is_reported_gets_the_first_answer(move, expose, oak, rice):
    key = uuid.uuid4()

    def both():
        move(key=key)
        expose()

    second = one_before_the_other(both, partial(move, key=key))
    assert second.waited
    assert second.answer == Movement.objects.get(key=key)
    assert selectors.held(oak.store, rice) == 10


# --- by SQL ------------------------------------------------------------------------------------------------


def by_hand(source, destination, item, by, today, **values):
    """A row of the ledger as nobody but an attacker writes it."""
    row = {
        "uuid": uuid.uuid4(), "key": uuid.uuid4(), "item_id": item.pk, "quantity": 5, "source_id": source.pk,
        "destination_id": destination.pk, "reason": "transfer", "occurred_on": today, "by_id": by.pk,
        "typed": "", "document": "",
    } | values  # fmt: skip
    names, places = ", ".join(row), ", ".join(["%s"] * len(row))
    with transaction.atomic(), acting_as(by), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO supply_movement ({names}) VALUES ({places})", list(row.values()))


@pytest.mark.parametrize("reason", ["transfer", "delivered", "given", "found", "corrected", "counted"])
def test_the_database_moves_nothing_to_a_shut_shelter_whatever_it_is_called(
    reason, full, stocked, oak, rice, sora, expose, today
):
    expose()
    for source in (full, stocked.store):
        with pytest.raises(IntegrityError, match=REFUSED):
            by_hand(source, oak.store, rice, sora, today, reason=reason)
    by_hand(full, stocked.store, rice, sora, today, reason=reason)
    assert selectors.held(oak.store, rice) == 0


@pytest.mark.parametrize("days", [1, 400])
def test_nor_as_something_of_an_earlier_day(days, full, oak, rice, sora, expose, today):
    f.receive(full, rice, 10, days_ago=500)
    expose()
    with pytest.raises(IntegrityError, match=REFUSED):
        by_hand(full, oak.store, rice, sora, today.fromordinal(today.toordinal() - days))


def test_what_is_no_moving_goes_on_at_a_shut_shelter(
    full, oak, rice, sora, expose, move, entry, plan, pack, step, amounts, today
):
    """Counted, taken back, come back from a journey of its own, arrived, moved away."""
    moved = move(20)
    own = plan(5, source=oak.store)
    to_oak = plan(6, destinations=[oak.store])
    for journey in (own, to_oak):
        pack(journey)
        step(services.send_consignment, journey)
    expose()
    with acting_as(sora):
        services.log_count(by=sora, place=oak.store, **entry(quantity=40))
        back = services.log_use(by=sora, place=oak.store, **entry(quantity=3))
        services.reverse_movement(by=sora, movement=back, today=today, reason="mistyped")
        away = services.transfer(by=sora, source=oak.store, destination=full, **entry(quantity=7))
        services.reverse_movement(by=sora, movement=away, today=today, reason="it never left")
        step(services.return_part, own, amounts=amounts(own, 5), reason="turned back")
        step(services.receive_part, to_oak, amounts=amounts(to_oak, 6))
        services.reverse_movement(by=sora, movement=moved, today=today, reason="it never came")
    assert selectors.held(oak.store, rice) == 40 + 5 + 6 - 20
    assert selectors.check_ledger() == []


# --- a workbook --------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path, aya, today):
    """`book({"Movements": [row, …]})`: brought in by the command; the outcome."""

    def brought(pages):
        path = tmp_path / f"{uuid.uuid4()}.xlsx"
        write_workbook(path, pages)
        return import_workbook(path=path, by=aya, today=today)

    return brought


def test_a_workbook_tells_of_old_moves_to_a_shelter_that_is_shut_by_now(book, full, oak, rice, expose, today):
    expose()
    row = {
        "Number": "M-1", "Happened": today, "Item": "RICE", "Quantity": 8, "From": full.code, "To": "OAK",
        "Reason": "moved to another place",
    }  # fmt: skip
    outcome = book({"Movements": [row]})
    assert outcome.problems == []
    assert selectors.held(oak.store, rice) == 8


@pytest.fixture
def packed(plan, pack, full, oak):
    """Ten for Oak over RN-01."""
    journey = plan(10, destinations=[oak.store], route=f.RouteFactory(code="RN-01", kind="food"))
    pack(journey)
    return journey


@pytest.fixture
def send(sora, packed, step):
    def sent():
        with acting_as(sora):
            return step(services.send_consignment, packed)

    return sent


@pytest.mark.parametrize(
    ("sheet", "row"),
    [
        ("Shelter statuses", {"Shelter": "OAK", "State": "exposed", "Reason": "seen"}),
        ("Route statuses", {"Route": "RN-01", "State": "lost", "Cause": "a flood"}),
    ],
)
def test_a_workbook_that_reports_danger_and_who_sends_or_moves_meet_in_no_deadlock(
    sheet, row, book, send, move, full, rice, today
):
    """The workbook is held up by somebody after its row of the danger, and before its movements."""
    moved = {
        "Number": "M-1", "Happened": today, "Item": "RICE", "Quantity": 1, "From": full.code, "To": "USED",
        "Reason": "used",
    }  # fmt: skip
    f.PlaceFactory(code="USED", kind="consumed")
    pages = {sheet: [row | {"Since": today}], "Residents": [{"Code": "X-1"}], "Movements": [moved]}
    with ThreadPoolExecutor(3) as pool:
        with transaction.atomic():
            f.ResidentFactory(code="X-1")
            brought = pool.submit(at_once, partial(book, pages))
            assert until_they_wait(1)
            others = [pool.submit(at_once, one) for one in (send, move)]
            assert until_they_wait(3)
            transaction.set_rollback(True)
        [outcome] = brought.result(timeout=30)
        [sent], [shifted] = (other.result(timeout=30) for other in others)
    assert outcome.problems == []
    if sheet == "Route statuses":
        assert isinstance(sent, services.RouteNotPassable)
        assert isinstance(shifted, Movement)
    else:
        assert isinstance(sent, services.PlaceIsShut)
        assert isinstance(shifted, services.PlaceIsShut)
    assert selectors.check_ledger() == []


def test_a_shelter_reported_while_drafts_are_made_keeps_no_draft_of_the_others(
    expose, oak, warehouse, sora, today
):
    """The drafts are held up by somebody at the first of them, and the shelter of the second is reported."""
    month = next_month(month_of(today))
    kept = f.StandingPlanLineFactory(plan__source=warehouse, plan__route__code="RN-01").plan
    f.StandingPlanLineFactory(plan__source=warehouse, plan__route__code="RN-02", destination=oak.store)
    last = f.StandingPlanLineFactory(plan__source=warehouse, plan__route__code="RN-03").plan
    make = partial(services.make_drafts, by=sora, month=month, today=today)
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            f.PlaceFactory(code=f"TR-C{month:%y}-001")
            made = pool.submit(at_once, make)
            assert until_they_wait(1)
            assert isinstance(pool.submit(at_once, expose).result(timeout=30)[0], ShelterStatus)
            transaction.set_rollback(True)
        assert made.result(timeout=30) == [2]
    assert {one.plan for one in Consignment.objects.all()} == {kept, last}
    assert [type(why) for _plan, why in services.plans_waiting(month)] == [services.PlaceIsShut]


# --- over a route ------------------------------------------------------------------------------------------


def lost(route, today):
    """As the workbook or SQL writes it, without a word to any service."""
    return f.RouteStatusFactory(route=route, state="lost", since=today)


def test_who_sends_waits_for_who_reports_the_route_lost_and_is_told(send, packed, today):
    second = one_before_the_other(partial(lost, packed.route, today), send)
    assert second.waited
    assert isinstance(second.answer, services.RouteNotPassable)
    packed.refresh_from_db()
    assert packed.state == "packed"


def test_who_reports_the_route_lost_waits_for_what_is_just_being_sent(send, packed, today):
    second = one_before_the_other(send, partial(lost, packed.route, today))
    assert second.waited
    assert second.answer == RouteStatus.objects.get()
    packed.refresh_from_db()
    assert packed.state == "sent"


@pytest.mark.parametrize("attempt", range(3))
def test_sent_and_lost_at_once_nobody_meets_a_deadlock(send, packed, today, attempt):
    *sent, reported = at_once(*[send] * 3, partial(lost, packed.route, today))
    assert isinstance(reported, RouteStatus)
    assert sum(isinstance(one, ConsignmentStep) for one in sent) <= 1
    kinds = {type(one) for one in sent} - {ConsignmentStep}
    assert kinds <= {services.RouteNotPassable, services.StepOutOfOrder}
