"""Minimum levels, standing plans, closed months and clothing given by workbook: errors where they stand."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from core.fiscal import month_of, next_month
from shelters.models import ClothingGiven
from supply.models import Consignment, MonthClosing, StandingPlan, StandingPlanLine, StockLevel
from tests import factories

PLAN = ["Route", "From", "Day of the month", "From month", "Until month", "Item", "To", "Quantity"]
MOVES = ["Number", "Happened", "Item", "Quantity", "From", "To", "Reason"]
GIVEN = ["Movement", "Shelter", "Season", "People"]


@pytest.fixture
def depot(rice):
    factories.PlaceFactory(code="GIVER", kind="supplier")
    factories.RouteFactory(code="RN-01")
    return factories.PlaceFactory(code="DEPOT")


def line(to: str = "ST-WILLOW", quantity: object = 75, until: str | None = None) -> list:
    return ["RN-01", "DEPOT", 5, "2026-03", until, "RICE", to, quantity]


def test_levels_come_in_and_a_changed_cell_changes_one(put, willow, depot):
    headings = ["Place", "Item", "Minimum"]
    put(Minimum_s_levels=[headings, ["ST-WILLOW", "RICE", 20], ["DEPOT", "RICE", 500]])
    said = put(Minimum_s_levels=[headings, ["ST-WILLOW", "RICE", 25], ["DEPOT", "RICE", 500]])
    assert "Minimum levels: 0 new, 1 changed, 1 unchanged" in said
    assert StockLevel.objects.get(place=willow.store).minimum == 25


def test_every_wrong_level_is_listed_with_its_cell(put, willow, depot):
    factories.ItemFactory(code="SOAP", base_unit="piece")
    said = put(
        Minimum_s_levels=[
            ["Place", "Item", "Minimum"],
            ["GIVER", "RICE", 20],
            ["DEPOT", "RICE", -1],
            ["DEPOT", "SOAP", 1.5],
            ["NOWHERE", "RICE", 1],
        ]
    )
    for row, column in ((2, "Place"), (3, "Minimum"), (4, "Minimum"), (5, "Place")):
        assert f"Sheet “Minimum levels”, row {row}, column “{column}”" in said
    assert not StockLevel.objects.exists()


def test_lines_with_the_same_head_are_one_plan(put, willow, depot, maple):
    rows = [PLAN, line(), line("ST-MAPLE", 50)]
    put(Standing_s_plans=rows)
    assert "Standing plans: 0 new, 0 changed, 2 unchanged" in put(Standing_s_plans=rows)
    assert StandingPlan.objects.get().day == 5
    assert set(StandingPlanLine.objects.values_list("quantity", flat=True)) == {75, 50}


def test_plans_of_a_workbook_that_lead_into_danger_keep_no_draft_of_the_others(
    put, willow, maple, depot, today, as_user, sora
):
    """Each is named with why; the workbook itself may tell of any plan, as an export does."""
    lost = factories.RouteStatusFactory(
        route=factories.RouteFactory(code="RN-02"), state="lost", since=today
    ).route
    for code in ("RN-03", "RN-04"):
        factories.RouteFactory(code=code)
    factories.ShelterStatusFactory(shelter=maple, state="exposed", since=today)
    into_danger, also = ["RN-03", *line("ST-MAPLE")[1:]], ["RN-03", *line()[1:]]
    said = put(Standing_s_plans=[PLAN, line(), ["RN-02", *line()[1:]], into_danger, also])
    assert "Standing plans: 4 new" in said
    # No service makes a plan like this one, nor does a workbook.
    empty = factories.StandingPlanFactory(route__code="RN-09", source=depot)
    month, client = next_month(month_of(today)), as_user(sora)
    for drafts in (1, 0):
        page = client.post(reverse("supply:make_drafts"), follow=True).content.decode()
        assert ("1 draft was made." in page) is bool(drafts)
        assert f"{lost.code}: no draft. RN-02 is lost" in page
        assert "RN-03: no draft. ST-MAPLE was exposed on" in page
        assert f"{empty.route.code}: no draft. Plan at least one line" in page
        assert page.count(": no draft.") == 3
    assert Consignment.objects.get().route.code == "RN-01"
    assert Consignment.objects.get().plan_month == month


def test_plan_ends_when_all_its_lines_say_so(put, willow, depot, maple):
    put(Standing_s_plans=[PLAN, line(), line("ST-MAPLE", 50)])
    said = put(Standing_s_plans=[PLAN, line(until="2026-12"), line("ST-MAPLE", 50)])
    assert "column “Until month” (E): Rows of this plan give different last months." in said
    put(Standing_s_plans=[PLAN, line(until="2026-12"), line("ST-MAPLE", 50, until="2026-12")])
    assert StandingPlan.objects.get().until_month == date(2026, 12, 1)


def test_wrong_lines_of_a_plan_are_listed_with_their_cells(put, willow, depot):
    said = put(
        Standing_s_plans=[
            PLAN,
            line("GIVER"),
            line(quantity=0),
            ["RN-01", "DEPOT", 31, "2026-04", None, "RICE", "ST-WILLOW", 5],
            ["RN-01", "DEPOT", 6, "2026-04", "2026-03", "RICE", "ST-WILLOW", 5],
        ]
    )
    assert "row 2, column “To” (G)" in said
    assert "row 3, column “Quantity” (H)" in said
    assert "row 4" in said
    assert "Choose a day from 1 to 28" in said
    assert "row 5" in said
    assert "The last month lies before the first." in said
    assert not StandingPlan.objects.exists()


def test_missing_column_is_said_once(put, willow, depot):
    said = put(Standing_s_plans=[PLAN[:-1], line()[:-1], line("DEPOT")[:-1]])
    assert said.count("Sheet “Standing plans”") == 1
    assert "column “Quantity”: This column is missing; new records need it." in said


def test_month_is_closed_by_a_row_after_its_movements(put, depot):
    move = ["M-1", "2012-01-05", "RICE", 10, "GIVER", "DEPOT", "bought"]
    months = [["Month", "Reason"], ["2012-01", "reported"]]
    put(Movements=[MOVES, move], Closed_s_months=months)
    said = put(Movements=[MOVES, move], Closed_s_months=months)
    assert "Closed months: 0 new, 0 changed, 1 unchanged" in said
    late = ["M-2", *move[1:]]
    assert "row 2, column “Happened” (B)" in put(Movements=[MOVES, late])
    assert MonthClosing.objects.get().reason == "reported"


def test_month_that_is_not_over_is_not_closed(put):
    assert "row 2, column “Month” (A)" in put(Closed_s_months=[["Month"], ["2999-01"]])
    assert not MonthClosing.objects.exists()


def test_clothing_is_a_movement_out_of_the_shelters_store(put, willow, maple, depot):
    factories.ItemFactory(code="COAT", kind="clothing", base_unit="piece")
    factories.PlaceFactory(code="USED-UP", kind="consumed")
    moves = [
        ["M-1", "2012-01-05", "COAT", 30, "GIVER", "ST-WILLOW", "given"],
        ["M-2", "2012-01-06", "COAT", 12, "ST-WILLOW", "USED-UP", "handed out"],
        ["M-3", "2012-01-06", "RICE", 5, "GIVER", "ST-WILLOW", "given"],
        ["M-4", "2012-01-07", "RICE", 5, "ST-WILLOW", "USED-UP", "used"],
    ]
    wrong = [
        ["M-2", "MAPLE", "winter", 9],
        ["M-4", "WILLOW", "winter", 9],
        ["M-9", "WILLOW", "winter", 9],
    ]
    said = put(Movements=[MOVES, *moves], Clothing_s_given=[GIVEN, *wrong])
    for row, column in ((2, "Shelter"), (3, "Movement"), (4, "Movement")):
        assert f"Sheet “Clothing given”, row {row}, column “{column}”" in said
    right = [GIVEN, ["M-2", "WILLOW", "winter", 9]]
    put(Movements=[MOVES, *moves], Clothing_s_given=right)
    assert "Clothing given: 0 new, 0 changed, 1 unchanged" in put(Clothing_s_given=right)
    assert ClothingGiven.objects.get().sets == Decimal(12)
