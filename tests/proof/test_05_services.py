"""The writing services as their own person: with the row policies, and what the end of a transaction asks.

Other tests call services as the system, which every policy lets pass; here each runs as a request does.
Those of stock and routes: test_05_services_of_supply.py.
"""

import inspect
import uuid
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import DatabaseError
from django.utils import timezone

from core.quantities import Quantity
from shelters import services as shelters
from shelters.enums import Entry
from shelters.models import Evacuation, Stay
from supply import selectors as stock
from supply import services as supply
from supply.models import CountLine
from tests import factories as f

pytestmark = pytest.mark.django_db

# What the system does by itself.
OF_THE_SYSTEM = {"call_for_missing", "make_drafts", "record_check", "watch_levels"}
# What others of these services are made of.
PARTS = {
    "arrive", "deliver", "hand_over", "leave", "log_count", "log_loss", "log_receipt", "log_use", "lot_of",
    "lot_received", "make_store", "may_take_back", "transfer", "use_first_out",
}  # fmt: skip


@pytest.fixture
def oak(hana):
    """Another shelter of Hana's."""
    shelter = f.ShelterFactory(code="OAK")
    f.PostingFactory(user=hana, shelter=shelter)
    return shelter


# --- a shelter's store ---------------------------------------------------------------------------------


def test_field_staff_log_what_happens_to_their_store(does, books, hana, stocked, oak, rice, today):
    """Nothing was ever used up, lost or counted: the places of those kinds are made at first need."""
    log = {"shelter": stocked}
    books(hana, shelters.log_supplies, rice, 20, kind=Entry.RECEIVED, reason="bought", **log)
    printed = {"lot_code": "L-1", "expires_on": today}
    books(hana, shelters.log_supplies, rice, 5, kind=Entry.RECEIVED, reason="bought", **printed, **log)
    books(hana, shelters.log_supplies, rice, 10, kind=Entry.USED, **log)
    books(hana, shelters.log_supplies, rice, 10, kind=Entry.HANDED_OUT, **log)
    books(hana, shelters.log_supplies, rice, 10, kind=Entry.LOST, reason="taken", **log)
    books(hana, shelters.log_supplies, rice, 10, kind=Entry.MOVED, destination=oak, **log)
    books(hana, shelters.log_supplies, rice, 75, kind=Entry.COUNTED, **log)
    mistake = books(hana, shelters.log_supplies, rice, 5, kind=Entry.USED, **log)
    does(hana, shelters.take_back, movement=mistake, now=timezone.now(), today=today, **log)
    cell = shelters.Cell(f"used.{rice.uuid}", Entry.USED, rice, None, Decimal(5), "5 kg")
    does(hana, shelters.log_day_sheet, cells=[cell], occurred_on=today, today=today, key=uuid.uuid4(), **log)
    coats = f.ItemFactory(code="COAT", kind="clothing", base_unit="piece")
    f.receive(stocked.store, coats, 10)
    books(hana, shelters.give_clothing, coats, 3, season="winter", people=3, **log)
    assert (stock.held(stocked.store, rice), stock.held(oak.store, rice)) == (70, 10)
    assert stock.held(stocked.store, coats) == 7
    assert stock.check_ledger() == []


def test_a_store_is_counted_by_one_and_finished_by_another(does, hana, sora, stocked, rice, today):
    tea = f.ItemFactory(code="TEA")
    sheet = does(hana, supply.begin_count, place=stocked.store, today=today, key=uuid.uuid4())
    added = does(hana, supply.add_count_line, sheet=sheet, item=tea)
    line = sheet.lines.get(item=rice)
    for line_again in (None, line):
        if line_again:
            does(sora, supply.recount, line=CountLine.objects.get(pk=line.pk))
        found = {line.pk: (Decimal(90), "90 kg"), added.pk: (Decimal(2), "2 kg")}
        does(hana, supply.write_counts, sheet=sheet, found=found, is_done=True)
    reasons = {line.pk: "a torn bag", added.pk: "never booked"}
    does(sora, supply.finish_count, sheet=sheet, reasons=reasons, now=timezone.now())
    assert (stock.held(stocked.store, rice), stock.held(stocked.store, tea)) == (90, 2)
    again = does(hana, supply.begin_count, place=stocked.store, today=today, key=uuid.uuid4())
    colleague = f.PostingFactory(shelter=stocked).user
    does(colleague, supply.set_count_aside, sheet=again)
    again.refresh_from_db()
    assert again.state == "set_aside"


# --- people --------------------------------------------------------------------------------------------


@pytest.fixture
def comes(does, hana, willow, today):
    """`comes("no stairs")`: somebody new is at Willow since yesterday."""

    def come(**values):
        about = {"needs": "no stairs", "real_name": "Kim Sun"}
        told = {"first": today - timedelta(days=1), "today": today, "key": uuid.uuid4()}
        return does(hana, shelters.arrive_new, shelter=willow, about=about, **told | values)

    return come


def test_somebody_comes_moves_and_leaves(does, comes, hana, jin, willow, oak, maple, today):
    yesterday = today - timedelta(days=1)
    stay = comes(first=today - timedelta(days=2))
    does(hana, shelters.change_resident, resident=stay.resident, needs="a doctor", spellings="Kimu")
    moves = {"outcome": "moved", "today": today, "note": "at night"}
    does(hana, shelters.depart, stay=stay, to=oak, day=yesterday, key=uuid.uuid4(), **moves)
    there = Stay.objects.on(yesterday).get()
    assert there.shelter == oak
    gone_to = does(hana, shelters.depart, stay=there, to="maple", day=today, key=uuid.uuid4(), **moves)
    assert gone_to == "MAPLE"
    expected = Stay.objects.expected().get()
    does(jin, shelters.come, stay=expected, day=today, today=today)
    gone = {"outcome": "safe_country", "day": today, "today": today, "note": "by train"}
    does(jin, shelters.depart, stay=expected, to=None, key=uuid.uuid4(), **gone)
    expected.refresh_from_db()
    assert expected.outcome == "safe_country"
    does(jin, shelters.take_back_outcome, stay=expected, today=today)
    assert Stay.objects.on(today).get() == expected


def test_who_was_called_off_comes_late(does, comes, hana, jin, maple, willow, today):
    stay = comes(first=today - timedelta(days=2))
    does(
        hana, shelters.depart, stay=stay, outcome="moved", to="MAPLE", day=today, today=today, note="",
        key=uuid.uuid4(),
    )  # fmt: skip
    guest = Stay.objects.expected().get()
    does(jin, shelters.call_off, stay=guest, today=today, now=timezone.now())
    late = does(
        jin, shelters.arrive_late, shelter=maple, code=stay.resident.code, first=today, last=None,
        is_planned=False, today=today, key=uuid.uuid4(),
    )  # fmt: skip
    assert Stay.objects.on(today).get() == late


def test_a_guest_is_expected_and_called_off_and_heads_are_counted(does, comes, hana, willow, today):
    stay = comes(first=today + timedelta(days=2), is_planned=True)
    does(hana, shelters.call_off, stay=stay, today=today, now=timezone.now())
    assert not Stay.objects.expected().exists()
    assert (
        does(hana, shelters.count_heads, shelter=willow, people=12, today=today, key=uuid.uuid4()).people
        == 12
    )


def test_illness_and_allowance(does, books, comes, hana, stocked, rice, today):
    resident = comes().resident
    case = does(
        hana, shelters.open_medical_case, key=uuid.uuid4(), today=today, resident=resident, kind="illness",
        opened_on=today, condition="a fever", treatment="rest",
    )  # fmt: skip
    does(hana, shelters.change_treatment, case=case, treatment="rest and tea")
    for amount in (Decimal(300), Decimal(-100)):
        does(
            hana, shelters.add_medical_cost, case=case, key=uuid.uuid4(), month=today, amount=amount,
            currency="CNY", today=today,
        )  # fmt: skip
    does(
        hana, shelters.take_back_medical_cost, cost=f.MedicalCostFactory(case=case, by=hana), reason="twice",
        key=uuid.uuid4(),
    )  # fmt: skip
    books(hana, shelters.give_for_case, rice, 1, case=case, shelter=stocked)
    does(hana, shelters.close_medical_case, case=case, closed_on=today, outcome="recovered", today=today)
    allowance = does(
        hana, shelters.grant_allowance, key=uuid.uuid4(), resident=resident, amount=Decimal(500),
        currency="CNY", months=3, from_month=today, reason="leaves",
    )  # fmt: skip
    does(hana, shelters.take_back_allowance, key=uuid.uuid4(), allowance=allowance, reason="twice")
    assert (case.supplies.count(), case.costs.count()) == (1, 4)
    assert allowance.taken_back.by == hana


def test_incidents_of_a_shelter_and_of_a_route(does, hana, sora, willow, today):
    route = f.RouteFactory()
    places = ((hana, {"shelter": willow}), (sora, {"route": route}))
    statuses = (f.ShelterStatusFactory(shelter=willow, state="exposed"), f.RouteStatusFactory(route=route))
    for (person, place), status in zip(places, statuses, strict=True):
        incident = does(
            person, shelters.record_incident, key=uuid.uuid4(), today=today, kind="raid", note="two men",
            starts=(today, "day"), people={"residents": Quantity(Decimal(2))}, **place,
        )  # fmt: skip
        does(
            person, shelters.add_incident_note, incident=incident, key=uuid.uuid4(), today=today,
            happened_on=today, step="lawyer", note="Mr Lee was asked",
        )  # fmt: skip
        paid = does(
            person, shelters.add_incident_payment, incident=incident, key=uuid.uuid4(), currency="CNY",
            amount=Quantity(Decimal(3000)), payer="K-3",
        )  # fmt: skip
        does(person, shelters.take_back_incident_payment, payment=paid, reason="mistyped", key=uuid.uuid4())
        does(
            person, shelters.correct_incident_people, incident=incident, kind="residents",
            number=Quantity(Decimal(3)), reason="counted anew",
        )  # fmt: skip
        does(person, shelters.link_incident_effect, incident=incident, status=status)
        assert (incident.notes.count(), incident.effects.count()) == (2, 1)


def test_a_shelter_is_evacuated(does, comes, hana, sora, aya, stocked, oak, rice, today):
    stay, others, child = comes(), [comes(), comes()], f.ChildFactory(shelter=stocked)
    guest = comes(first=today, is_planned=True)
    begun = does(
        hana, shelters.start_evacuation, shelter=stocked, reason="seen", today=today, key=uuid.uuid4()
    )
    does(
        hana, shelters.send_on, evacuation=begun, stay=stay, outcome="moved", to=oak, day=today, today=today,
        note="", now=timezone.now(), key=uuid.uuid4(),
    )  # fmt: skip
    does(
        hana, shelters.send_several_on, evacuation=begun, stays=others, outcome="moved", to=oak, day=today,
        today=today, note="", now=timezone.now(), key=uuid.uuid4(),
    )  # fmt: skip
    does(hana, shelters.send_guest_on, stay=guest, to=oak, today=today, now=timezone.now(), key=uuid.uuid4())
    does(hana, shelters.send_child, evacuation=begun, child=child.uuid, outcome="unknown", to_code="")
    half = [shelters.Settled(rice, None, Decimal(60), "", oak.store)]
    rest = [shelters.Settled(rice, None, Decimal(40), "lost", None)]
    for lines in (half, rest):
        does(hana, shelters.settle_stock, evacuation=begun, lines=lines, today=today, key=uuid.uuid4())
    does(hana, shelters.note_reached, call=begun.calls.get(person=sora), now=timezone.now())
    does(hana, shelters.finish_evacuation, evacuation=begun, today=today, now=timezone.now())
    assert Evacuation.objects.get().finished_by == hana


def test_a_shelter_where_people_are_only_counted_is_evacuated(does, hana, willow, today):
    does(hana, shelters.count_heads, shelter=willow, people=3, today=today, key=uuid.uuid4())
    begun = does(
        hana, shelters.start_evacuation, shelter=willow, reason="seen", today=today, key=uuid.uuid4()
    )
    does(
        hana, shelters.send_counted, evacuation=begun, people=3, outcome="unknown", to_code="", today=today,
        key=uuid.uuid4(),
    )  # fmt: skip
    does(hana, shelters.finish_evacuation, evacuation=begun, today=today, now=timezone.now())
    assert Evacuation.objects.get().finished_by == hana


# --- the register of shelters --------------------------------------------------------------------------


def test_the_administrator_keeps_the_shelters(does, aya, hana, sora, rice, today):
    shelter = does(aya, shelters.add_shelter, code="ELM", opened_on=today, capacity=8, region="coast")
    does(aya, shelters.change_shelter, shelter=shelter, capacity=6)
    posting = does(aya, shelters.post_person, user=hana, shelter=shelter, first=date(2026, 1, 1), last=None)
    texts = {"address": "1 Hidden Lane", "contact": "K-9"}
    does(hana, shelters.write_place, shelter=shelter, **texts)
    danger = {"shelter": shelter, "reason": "seen", "today": today}
    does(hana, shelters.say_state, state="at_risk", key=uuid.uuid4(), **danger)
    does(aya, shelters.say_state, state="closed", key=uuid.uuid4(), **danger)
    does(aya, shelters.end_posting, posting=posting, last=today)
    does(
        sora, shelters.set_ration, item=rice, shelter=shelter, grams=Decimal(400), valid_from=today,
        today=today,
    )  # fmt: skip
    lock = does(hana, shelters.lock_down_shelter, shelter=shelter, reason="raid", note="at dawn")
    does(aya, shelters.lift_shelter_lock_down, lock=lock, reason="a false alarm")
    lock.refresh_from_db()
    assert lock.lifted_at is not None


# --- the list itself ---------------------------------------------------------------------------------


def test_who_may_not_write_is_stopped_by_the_row_policies_alone(does, otto):
    """The control of this file: the service itself does not ask who it is."""
    tea = {"code": "TEA", "name": "Tea", "name_ja": "", "kind": "food", "base_unit": "kg"}
    with pytest.raises(DatabaseError, match="row-level security"):
        does(otto, supply.add_item, **tea)


def test_every_service_that_writes_is_driven_here():
    """One that is new is added above, or named with those that nobody calls by themselves."""
    written = "".join(path.read_text() for path in Path(__file__).parent.glob("test_05_services*.py"))
    services = {
        (module.__name__.partition(".")[0], name)
        for module in (shelters, supply)
        for name in module.__all__
        if inspect.isfunction(getattr(module, name))
        and "by" in inspect.signature(getattr(module, name)).parameters
    }
    left = {name for room, name in services if f"{room}.{name}," not in written}
    assert left == OF_THE_SYSTEM | PARTS
