"""History and the ledger by workbook: booked by day, never rewritten."""

import pytest

from shelters.models import HeadCount
from supply.models import Balance, Movement
from tests import factories
from tests.core.workbooks import items

MOVEMENT_HEADINGS = ["Number", "Happened", "Item", "Quantity", "From", "To", "Reason"]


@pytest.fixture
def depot(rice):
    factories.PlaceFactory(code="GIVER", kind="supplier")
    return factories.PlaceFactory(code="DEPOT")


def moves(*rows: list) -> dict:
    return {"Movements": [MOVEMENT_HEADINGS, *rows]}


def came(number: str, day: str = "2012-01-05", quantity: object = 10, item: str = "RICE") -> list:
    return [number, day, item, quantity, "GIVER", "DEPOT", "bought"]


def test_history_is_not_changed_by_a_file(put, willow, depot):
    count = ["Shelter", "Counted", "People"]
    put(Head_s_counts=[count, ["WILLOW", "2012-01-01", 9]], **moves(came("M-1")))
    said = put(Head_s_counts=[count, ["WILLOW", "2012-01-01", 8]], **moves(came("M-1", quantity=11)))
    assert "“People” (C): The record exists already and says “9”. History is not changed." in said
    assert "“Quantity” (D): The record exists already and says “10”. History is not changed." in said
    assert "names it under “Reverses”" in said
    assert HeadCount.objects.get().people == 9


def test_number_names_the_movement_and_its_key_does_too(put, depot):
    put(**moves(came("M-1")))
    key = str(Movement.objects.get().key)
    assert "Movements: 0 new, 0 changed, 1 unchanged" in put(
        Movements=[[*MOVEMENT_HEADINGS, "Document"], [*came(key), ""]]
    )


def test_movements_are_booked_by_day_however_they_stand(put, depot, willow):
    out = ["M-2", "2012-01-06", "RICE", 10, "DEPOT", "ST-WILLOW", "moved to another place"]
    put(**moves(out, came("M-1", day="2012-01-06")))
    assert Balance.objects.get(quantity__gt=0).place.code == "ST-WILLOW"


def test_more_than_there_is_is_refused_with_the_place_of_the_row(put, depot, willow):
    out = ["M-2", "2012-01-04", "RICE", 10, "DEPOT", "ST-WILLOW", "moved to another place"]
    said = put(**moves(came("M-1"), out))
    assert "Sheet “Movements”, row 3, column “Happened” (B)" in said or "row 3, column “Quantity” (D)" in said
    assert not Movement.objects.exists()


def test_mistake_is_put_right_by_a_row_that_reverses_it(put, depot):
    headings = [*MOVEMENT_HEADINGS, "Reverses"]
    back = ["M-2", "2012-01-05", "RICE", 10, "DEPOT", "GIVER", "correction of a mistake", "M-1"]
    put(Movements=[headings, back, [*came("M-1"), None]])
    assert Movement.objects.get(reverses__isnull=False).reverses.document == "M-1"
    said = put(Movements=[headings, [*came("M-3"), "M-1"], ["M-4", *back[1:7], None]])
    assert said.count("Only a correction of a mistake names a movement under “Reverses”") == 2
    said = put(Movements=[headings, ["M-5", *back[1:]]])
    assert "Sheet “Movements”, row 2, column “Reverses” (H): This entry has already been taken back." in said


def test_every_bad_row_of_many_is_listed_and_none_is_booked(put, depot):
    rows = [came(f"M-{n:04}") for n in range(800)]
    bad = range(0, 800, 20)
    for turn, n in enumerate(bad):
        rows[n] = came(
            f"M-{n:04}", **[{"item": "RISE"}, {"day": "10/8/2012"}, {"quantity": "3 kg"}][turn % 3]
        )
    said = put(**moves(*rows))
    listed = [line for line in said.splitlines() if line.startswith("Sheet “Movements”, row ")]
    assert [int(line.split("row ")[1].split(",")[0]) for line in listed] == [n + 2 for n in bad]
    assert "40 errors. Nothing was written." in said
    assert not Movement.objects.exists()
    assert not Balance.objects.exists()


def test_more_than_two_hundred_errors_are_counted(put):
    said = put(**items(*[[f"I{n}", "x", "food", "pound"] for n in range(230)]))
    assert said.count("Sheet “Items”, row") == 200
    assert "… and 30 more." in said
    assert "230 errors." in said


def test_lookups_do_not_grow_with_the_rows(put, depot, django_assert_max_num_queries):
    """Five queries a movement (savepoint, row, trail) and none for finding item, places or people."""
    with django_assert_max_num_queries(60 + 5 * 50):
        put(**moves(*[came(f"M-{n}") for n in range(50)]))
    with django_assert_max_num_queries(60):
        put(**moves(*[came(f"M-{n}") for n in range(50)]))
