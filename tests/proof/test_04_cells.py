"""Test 4, of the matrix itself: every cell has its right, every right its cell, every address its right."""

import pytest

from accounts.checks import named_views
from accounts.gate import PUBLIC
from accounts.permissions import Right
from accounts.roles import BY_COMMAND, NOT_BUILT, ROLES
from tests.access import EVERYBODY, PLAYERS
from tests.proof.matrix import COLUMNS, KINDS, clauses, letters_with_a_page
from tests.test_access import ROWS

# Which letters of which kinds of data the pages behind a right serve.
SERVES: dict[Right, dict[str, str]] = {
    Right.STOCK_LOG: {"D9": "RC"},
    Right.STOCK_READ: {"D9": "R"},
    Right.STOCK_WRITE: {"D9": "CU"},
    Right.STOCK_COUNT: {"D9": "C"},
    Right.STOCK_REVERSE: {"D9": "C"},
    Right.STOCK_CLOSE: {"D9": "C"},
    Right.RATIONS_SET: {"D9": "C"},
    Right.ROUTES_READ: {"D8": "R"},
    Right.ROUTES_WRITE: {"D8": "CU"},
    Right.SHELTERS_READ: {"D2": "R"},
    Right.SHELTERS_WRITE: {"D2": "CU"},
    Right.SHELTERS_TELL: {"D1": "U", "D2": "U"},
    Right.RESIDENTS_READ: {"D4": "R"},
    Right.RESIDENTS_WRITE: {"D3": "CU", "D4": "CU"},
    Right.INCIDENTS_READ: {"D17": "R"},
    Right.INCIDENTS_LOG: {"D17": "C"},
    Right.REVEAL_INCIDENT: {"D17": "V"},
    Right.MEDICAL_WRITE: {"D18": "RCU"},
    Right.ALLOWANCE_REVERSE: {"D18": "C"},
    Right.REVEAL_MEDICAL: {"D18": "V"},
    Right.REVEAL_SHELTER_ADDRESS: {"D1": "V"},
    Right.BREAK_GLASS: {"D1": "V"},
    Right.REVEAL_RESIDENT_IDENTITY: {"D3": "V"},
    Right.REVEAL_CHILD_IDENTITY: {"D5": "V"},
    Right.REVEAL_ROUTE: {"D8": "V"},
    Right.OPENINGS_READ: {"D15": "R"},
    Right.AUDIT_READ: {"D15": "R"},
    Right.PORTAL: {"D6": "R", "D10": "RU", "D11": "R", "D12": "R"},
    Right.CHILDREN_READ: {"D6": "R"},
    Right.CHILDREN_WRITE: {"D6": "U"},
    Right.CHILDREN_NEAR: {"D6": "R"},
    Right.UPDATES_WRITE: {"D7": "RCU"},
    Right.UPDATES_CLEAR: {"D6": "CU"},  # what is cleared is published by it
    Right.SPONSORS_READ: {"D10": "R", "D11": "R"},
    Right.DONATIONS_READ: {"D10": "R", "D12": "R"},
    Right.DONATIONS_WRITE: {"D10": "C", "D12": "CU"},
    Right.REPORTS_READ: {"D13": "R"},
    Right.REPORTS_WRITE: {"D13": "CU"},
    Right.ACCOUNTS_READ: {"D14": "R"},
    Right.ACCOUNTS_WRITE: {"D14": "CU"},
    Right.OWN_ACCOUNT: {"D14": "o"},
}
# Work that is about no kind of data: what it shows or opens, the rights above decide.
NO_DATA = {
    Right.MEDICAL_SUMS,  # sums are no letter with a page: see `letters_with_a_page`
    Right.REVEAL_WITH_TWO, Right.REVEAL_SECOND, Right.FORGET, Right.REMINDERS_RUN, Right.MAIL_SETTLE,
    Right.LEAKS_SETTLE, Right.LEAKS_COUNT, Right.LOCK_DOWN, Right.LIFT_LOCK_DOWN, Right.PANIC,
    Right.EXPOSURE_READ, Right.MAILBOX_READ, Right.STAFF_LOG_IN,
}  # fmt: skip
# What a role may do beyond its cell, and why.
BEYOND = {
    # Reads all log-ins, and has one.
    ("D14", "administrator"): {"o"},
    ("D14", "auditor"): {"o"},
}
CELLS = [(number, column) for number in KINDS for column in COLUMNS]
GATES = {name: pattern.callback.gate for name, pattern in named_views()}


def served(number: str, column: str) -> set[str]:
    rights = ROLES[column].rights if column in ROLES else frozenset()
    return {letter for right in rights for letter in SERVES.get(right, {}).get(number, "")}


def test_every_right_serves_kinds_of_data_or_is_of_none():
    assert set(SERVES) | NO_DATA == set(Right)
    assert not set(SERVES) & NO_DATA


def differing() -> dict[tuple[str, str], tuple[set[str], set[str]]]:
    """Cell → what the matrix gives and what the rights serve, where that is not the same."""
    found = {}
    for cell in CELLS:
        promised = letters_with_a_page(*cell) | BEYOND.get(cell, set())
        if served(*cell) != promised:
            found[cell] = (promised, served(*cell))
    return found


def test_every_cell_of_the_matrix_has_its_rights_and_no_others(tally):
    assert differing() == {}
    waiting = sum(len(letters) for cells in NOT_BUILT.values() for letters in cells.values())
    commands = sum(len(letters) for cells in BY_COMMAND.values() for letters in cells.values())
    tally(
        f"test 04: {len(CELLS)} cells of the matrix ({len(KINDS)} kinds of data x {len(COLUMNS)}) against "
        f"rights, {len(differing())} wrong; {waiting} letters are not built yet, {commands} are commands"
    )


def test_what_has_no_page_is_in_the_matrix():
    for table in (NOT_BUILT, BY_COMMAND):
        for number, cells in table.items():
            for column, letters in cells.items():
                held = "".join(held for held, _marks in clauses(number, column))
                assert set(letters) <= set(held), (number, column)


@pytest.mark.parametrize(
    ("number", "column", "cell"),
    [
        ("D9", "foster_officer", "R"),
        ("D4", "field_staff", "–"),
        ("D12", "auditor", "RU X"),
        ("D5", "sponsor", "V o"),
    ],
)
def test_a_matrix_that_was_changed_alone_is_noticed(number, column, cell, monkeypatch):
    """Control."""
    monkeypatch.setitem(KINDS[number], column, cell)
    assert set(differing()) == {(number, column)}


@pytest.mark.parametrize(
    ("role", "right", "cell"),
    [("finance_officer", Right.SHELTERS_READ, ("D2", "finance_officer")),
     ("sponsor", Right.STOCK_READ, ("D9", "sponsor"))],
)  # fmt: skip
def test_a_right_that_was_given_alone_is_noticed(role, right, cell, monkeypatch):
    """Control."""
    with monkeypatch.context() as patched:
        patched.setitem(SERVES, Right.OWN_ACCOUNT, SERVES[Right.OWN_ACCOUNT] | SERVES[right])
        assert cell in differing()
    assert differing() == {}


def test_who_gets_an_answer_is_who_has_the_right_of_the_view():
    """The table of addresses is written by hand; what it says follows from the rights."""
    by_right = {
        row.name: EVERYBODY
        if GATES[row.name] == PUBLIC
        else {role for role in PLAYERS if GATES[row.name] in ROLES[role].rights}
        for row in ROWS
    }
    assert {row.name: set(row.roles) for row in ROWS} == by_right
    assert {row.name for row in ROWS if row.is_public} == {
        name for name, gate in GATES.items() if gate == PUBLIC
    }
