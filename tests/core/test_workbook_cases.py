"""Medical cases, allowances and incidents by workbook: errors where they stand, history kept."""

from datetime import date

import pytest

from core.models import AuditEntry
from core.sealed import open_value
from shelters.models import (
    Allowance,
    Incident,
    IncidentEffect,
    IncidentNote,
    MedicalCase,
    MedicalCost,
    Stay,
)
from tests import factories

CASE = ["Code", "Resident", "Kind", "Since", "Closed", "Outcome", "Condition"]
COST = ["Number", "Case", "Month", "Amount", "Currency"]
INCIDENT = ["Code", "Kind", "Shelter", "Route", "From", "To"]
EFFECT = [
    "Incident", "Shelter since", "State of the shelter", "Route since", "State of the route",
]  # fmt: skip
NOTE = ["Number", "Incident", "Happened", "What", "About persons"]
STAY = ["Resident", "Shelter", "Arrived", "Left", "Only planned", "Outcome", "Called off"]


@pytest.fixture
def resident(willow):
    return factories.ResidentFactory(code="X-1")


def fever(**changes: object) -> list:
    row = dict(zip(CASE, ["M-1", "X-1", "illness", "2012-01-05", None, None, "a fever"], strict=True))
    return list((row | changes).values())


def test_case_comes_in_sealed_and_is_closed_by_a_later_file(put, resident):
    put(Medical_s_cases=[CASE, fever()])
    case = MedicalCase.objects.get()
    assert open_value(case, "condition") == b"a fever"
    closed = fever(Closed="2012-02-01", Outcome="recovered", Condition=None)
    assert "Medical cases: 0 new, 1 changed, 0 unchanged" in put(Medical_s_cases=[CASE, closed])
    assert "Medical cases: 0 new, 0 changed, 1 unchanged" in put(Medical_s_cases=[CASE, closed])
    case.refresh_from_db()
    assert (case.closed_on, case.outcome) == (date(2012, 2, 1), "recovered")
    assert open_value(case, "condition") == b"a fever"
    assert "a fever" not in str(list(AuditEntry.objects.values()))


def test_wrong_cases_are_listed_with_their_cells(put, resident):
    said = put(
        Medical_s_cases=[
            CASE,
            fever(Code="M-1", Resident="X-9"),
            fever(Code="M-2", Closed="2012-01-01", Outcome="recovered"),
            fever(Code="M-3", Closed="2012-02-01"),
            fever(Code="M-4", Since="2999-01-01"),
            fever(Code="M-5", Kind="flu"),
        ],
        Medical_s_costs=[COST, ["C-1", "M-3", "2012-01", 300, "RMB"]],
    )
    for row, column in ((2, "Resident"), (4, "Outcome"), (5, "Since"), (6, "Kind")):
        assert f"Sheet “Medical cases”, row {row}, column “{column}”" in said
    assert "Sheet “Medical cases”, row 3: The end lies before the start." in said
    assert "Sheet “Medical costs”" not in said  # its case has an error: it can only be checked then
    assert not MedicalCase.objects.exists()


def test_costs_are_taken_back_by_a_row_below_zero_wherever_it_stands(put, resident):
    rows = [COST, ["C-2", "M-1", "2012-02", -100, "RMB"], ["C-1", "M-1", "2012-01", 300, "RMB"]]
    put(Medical_s_cases=[CASE, fever()], Medical_s_costs=rows)
    assert "Medical costs: 0 new, 0 changed, 2 unchanged" in put(Medical_s_costs=rows)
    assert sum(MedicalCost.objects.values_list("amount", flat=True)) == 200
    said = put(Medical_s_costs=[COST, ["C-1", "M-1", "2012-01", 301, "RMB"]])
    assert "column “Amount” (D): The record exists already and says “300”. History is not changed." in said


def test_wrong_costs_are_listed_with_their_cells(put, resident):
    said = put(
        Medical_s_cases=[CASE, fever()],
        Medical_s_costs=[
            COST,
            ["C-1", "M-1", "2011-12", 300, "RMB"],
            ["C-2", "M-1", "2012-01", -1, "RMB"],
            ["C-3", "M-1", "2012-01", 0, "RMB"],
            [None, "M-1", "2012-01", 5, "RMB"],
            ["C-4", "M-1", "2012-01", 300.5, "JPY"],
        ],
    )
    for row, column in ((2, "Month"), (3, "Amount"), (4, "Amount"), (5, "Number"), (6, "Amount")):
        assert f"Sheet “Medical costs”, row {row}, column “{column}”" in said
    assert not MedicalCost.objects.exists()


def test_allowance_is_known_by_its_number(put, resident):
    headings = ["Number", "Resident", "Amount a month", "Currency", "Months", "From month", "Reason"]
    row = ["B-1", "X-1", 500, "RMB", 3, "2012-03", "leaves to live elsewhere"]
    put(Allowances=[headings, row])
    assert "Allowances: 0 new, 0 changed, 1 unchanged" in put(Allowances=[headings, row])
    bad = [["B-2", *row[1:4], 61, *row[5:]], ["B-3", "X-1", 0, *row[3:]], ["B-4", "X-1", 1.234, *row[3:]]]
    said = put(Allowances=[headings, *bad])
    assert "row 2, column “Months” (E)" in said
    assert "row 3, column “Amount a month” (C)" in said
    assert "row 4, column “Amount a month” (C): Yen and won have no digits after the point" in said
    assert Allowance.objects.count() == 1


@pytest.fixture
def raid(willow) -> dict:
    return {
        "Shelter_s_statuses": [["Shelter", "Since", "State"], ["WILLOW", "2012-03-09", "exposed"]],
        "Incidents": [INCIDENT, ["I-1", "raid", "WILLOW", None, "2012-03", None]],
        "Effects_s_of_s_incidents": [EFFECT, ["I-1", "2012-03-09", "exposed", None, None]],
        "Incident_s_timeline": [NOTE, ["N-1", "I-1", "2012-03-10", "released", "Aunt Secret came back"]],
    }


def test_incident_comes_in_with_its_effect_and_its_timeline_once(put, raid):
    put(**raid)
    assert " 1 new" not in put(**raid)
    assert Incident.objects.get().starts_precision == "month"
    assert IncidentEffect.objects.get().shelter_status.state == "exposed"
    assert open_value(IncidentNote.objects.get(), "note") == b"Aunt Secret came back"
    assert "Secret" not in str(list(AuditEntry.objects.values()))


def test_told_words_are_not_changed_and_not_printed(put, raid):
    put(**raid)
    said = put(Incident_s_timeline=[NOTE, ["N-1", "I-1", "2012-03-10", "released", "another"]])
    assert "column “About persons” (E): The record exists already and says “[sealed]”." in said
    assert "Secret" not in said


def test_wrong_rows_of_incidents_are_listed_with_their_cells(put, raid):
    put(**raid)
    said = put(
        Incidents=[
            INCIDENT,
            ["I-2", "raid", None, None, "2012-03", None],
            ["I-3", "raid", "WILLOW", None, "2012-03", "2012-02"],
            ["I-4", "raid", "WILLOW", None, "2999", None],
        ],
        People_s_of_s_incidents=[
            ["Incident", "Who", "Value"],
            ["I-1", "staff", -2],
            ["I-1", "children", None],
        ],
        Payments_s_of_s_incidents=[
            ["Number", "Incident", "Value", "Currency"],
            ["P-1", "I-1", 0, "RMB"],
            ["P-2", "I-1", 0.5, "yen"],
        ],
        Effects_s_of_s_incidents=[
            EFFECT,
            ["I-1", "2012-03-10", "exposed", None, None],
            ["I-1", "2012-03-09", None, None, None],
            ["I-1", None, None, "2012-03-09", "lost"],
        ],
        Incident_s_timeline=[NOTE, ["N-2", "I-1", "2012-02-28", "released", None]],
    )
    for place in (
        "Sheet “Incidents”, row 2, column “Shelter”",
        "Sheet “Incidents”, row 3, column “To”",
        "Sheet “Incidents”, row 4, column “From”",
        "Sheet “People of incidents”, row 2, column “Value”",
        "Sheet “People of incidents”, row 3",
        "Sheet “Payments of incidents”, row 2, column “Value”",
        "Sheet “Payments of incidents”, row 3, column “Value”",
        "Sheet “Effects of incidents”, row 2, column “Shelter since”",
        "Sheet “Effects of incidents”, row 3:",
        "Sheet “Effects of incidents”, row 4, column “Route since”",
        "Sheet “Incident timeline”, row 2, column “Happened”",
    ):
        assert place in said
    assert "11 errors. Nothing was written." in said


def test_stay_says_how_it_ended_and_what_was_called_off_stays_so(put, resident, maple):
    rows = [
        STAY,
        ["X-1", "WILLOW", "2012-01-01", "2012-02-01", None, "reached a safe country", None],
        ["X-1", "MAPLE", "2012-02-01", None, "yes", None, "yes"],
    ]
    put(Stays=rows)
    assert "Stays: 0 new, 0 changed, 2 unchanged" in put(Stays=rows)
    assert Stay.objects.get(is_planned=False).outcome == "safe_country"
    older = [STAY, ["X-1", "MAPLE", "2012-02-01", None, "yes", None, None]]
    assert "Stays: 0 new, 0 changed, 1 unchanged" in put(Stays=older)
    said = put(Stays=[STAY, ["X-1", "MAPLE", "2012-02-01", None, "yes", None, "no"]])
    assert "column “Called off” (G): This was called off already." in said
    said = put(Stays=[STAY, ["X-1", "MAPLE", "2012-03-01", None, "yes", "died", None]])
    assert "column “Outcome” (F): Only a stay that came about and is over has an outcome." in said
