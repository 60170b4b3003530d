"""Test 5, further: with SQL under one's own proven identity nobody makes goods come or go otherwise.

Each refusal stands beside what the app itself writes, so that it cannot hold for another reason.
"""

import pytest
from django.db import connection

from core.identity import acting_as
from tests import factories as f
from tests.proof.kept import is_done, is_taken

# --- stock -------------------------------------------------------------------------------------------------


def test_field_staff_take_nothing_out_of_the_store_of_others(hana, willow, maple, rice):
    f.receive(maple.store, rice, 50)
    f.receive(willow.store, rice, 50)
    warehouse = f.PlaceFactory(kind="warehouse")
    f.receive(warehouse, rice, 50)

    def moves(source, destination, **more) -> bool:
        values = {"item": rice, "quantity": 5, "by": hana, "source": source, "destination": destination}
        return is_done(hana, lambda: f.MovementFactory(**values, **more))

    assert not moves(maple.store, willow.store)
    assert not moves(warehouse, willow.store)
    assert moves(willow.store, warehouse)
    assert moves(f.PlaceFactory(kind="supplier"), willow.store)
    sent = f.MovementFactory(item=rice, quantity=5, by=hana, source=willow.store, destination=warehouse)
    assert moves(warehouse, willow.store, reverses=sent)


# --- what lies elsewhere -----------------------------------------------------------------------------------


def test_holding_a_line_or_a_consignment_tells_nobody_of_the_stock_of_others(
    hana, yuki, sora, willow, maple, rice
):
    f.receive(maple.store, rice, 50)
    line = f.sent_line(maple.store, rice)

    def answer(by, statement, *values):
        with acting_as(by), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchone()[0]

    held = "SELECT supply_hold_line(%s, %s, NULL)::text"
    assert answer(hana, held, maple.store.pk, rice.pk) == ""
    assert not is_taken(yuki, held, maple.store.pk, rice.pk)
    assert not is_taken(yuki, "SELECT supply_next_consignment('26')")
    state = "SELECT supply_hold_consignment(%s)"
    assert answer(sora, state, line.consignment_id) == "sent"
    for stranger in (hana, yuki):
        assert answer(stranger, state, line.consignment_id) is None


def test_day_of_sending_is_for_who_receives_it_alone(hana, jin, yuki, otto, sora, willow, rice):
    line = f.sent_line(willow.store, rice)
    packed = f.packed_line(willow.store, rice)

    def day(by, of):
        with acting_as(by), connection.cursor() as cursor:
            cursor.execute("SELECT supply_sent_on(%s)", [of.consignment_id])
            return cursor.fetchone()[0]

    sent_on = line.consignment.steps.get(kind="sent").on
    assert [day(by, line) for by in (hana, sora)] == [sent_on, sent_on]
    assert [day(by, line) for by in (jin, yuki, otto)] == [None] * 3
    assert day(hana, packed) is None


# --- counts by two persons ---------------------------------------------------------------------------------


@pytest.fixture
def colleague(willow):
    person = f.UserFactory(name="Sumi")
    f.PostingFactory(user=person, shelter=willow)
    return person


FINISH = (
    "UPDATE supply_countsheet SET state = 'finished', finished_at = now(), finisher_id = %s WHERE id = %s"
)


def test_nobody_finishes_a_count_in_the_name_of_another(hana, colleague, willow):
    sheet = f.CountSheetFactory(place=willow.store, counter=hana, state="counted")
    assert not is_taken(hana, FINISH, colleague.pk, sheet.pk)
    assert not is_taken(hana, FINISH, hana.pk, sheet.pk)
    assert is_taken(colleague, FINISH, colleague.pk, sheet.pk)


def test_a_count_is_handed_in_before_it_is_finished(hana, colleague, willow):
    sheet = f.CountSheetFactory(place=willow.store, counter=hana, state="counting")
    assert not is_taken(colleague, FINISH, colleague.pk, sheet.pk)
    hand_in = "UPDATE supply_countsheet SET state = 'counted' WHERE id = %s"
    assert not is_taken(colleague, hand_in, sheet.pk)
    assert is_taken(hana, hand_in, sheet.pk)
    for change in ("counter_id = {0}", "counted_on = '1990-01-01'", "begun_at = now()"):
        statement = f"UPDATE supply_countsheet SET {change.format(colleague.pk)} WHERE id = %s"
        assert not is_taken(hana, statement, sheet.pk)


def test_nobody_begins_a_count_for_another_or_one_that_is_over(hana, colleague, willow):
    begun = {"place": willow.store}
    assert is_done(hana, lambda: f.CountSheetFactory(counter=hana, **begun))
    assert not is_done(hana, lambda: f.CountSheetFactory(counter=colleague, **begun))
    assert not is_done(hana, lambda: f.CountSheetFactory(counter=hana, state="counted", **begun))


def test_what_was_found_is_typed_by_who_counts_while_they_count(hana, colleague, willow, rice):
    sheet = f.CountSheetFactory(place=willow.store, counter=hana, state="counting")
    line = f.CountLineFactory(sheet=sheet, item=rice, counted=None)
    found = "UPDATE supply_countline SET counted = 7 WHERE id = %s"
    assert is_taken(hana, found, line.pk)
    assert not is_taken(colleague, found, line.pk)
    sheet.state = "counted"
    sheet.save()
    assert not is_taken(hana, found, line.pk)
    again = {"sheet": sheet, "item": f.ItemFactory(), "counted": 7}
    assert not is_done(colleague, lambda: f.CountLineFactory(**again))


# --- consignments ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    ["route_id = {route}", "planned_on = '1990-01-01'", "courier = 'x'", "note = 'x'", "code = 'C26-999'"],
)
def test_a_journey_is_changed_until_it_begins(change, sora):
    change = change.format(route=f.RouteFactory().pk)
    statement = f"UPDATE supply_consignment SET {change} WHERE id = %s"
    assert not is_taken(sora, statement, f.sent_line().consignment_id)
    assert is_taken(sora, statement, f.packed_line().consignment_id) is not change.startswith("code")
