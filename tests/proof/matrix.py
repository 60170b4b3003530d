"""The matrix of accounts/roles.py, read anew: apart from what the code makes of it."""

from accounts.roles import BY_COMMAND, MATRIX, NOT_BUILT
from tests.access import PLAYERS

COLUMNS = ("anonymous", *PLAYERS)
KINDS = {kind.split()[0]: cells for kind, cells in MATRIX.items()}


def clauses(number: str, column: str) -> list[tuple[str, set[str]]]:
    """Letters and marks: "CU o, V o 2" → [("CU", {"o"}), ("V", {"o", "2"})]; "–" → []."""
    parts = [part.split() for part in KINDS[number][column].split(", ")]
    return [(letters, set(marks)) for letters, *marks in parts if letters != "–"]


def rows_read(number: str, column: str) -> str:
    """Which rows of a kind of data are read: "–", "own" or "all"."""
    for letters, marks in clauses(number, column):
        if letters == "o":  # a lone one: one's own
            return "own"
        if "R" in letters:
            return "own" if "o" in marks else "all"
    return "–"


def letters_with_a_page(number: str, column: str) -> set[str]:
    """R, C, U and V of a cell, and the lone "o" and "2", without what has no page.

    Not A and X: sums have no page of their own, and every register exports what it shows.
    """
    promised = {letter for letters, _marks in clauses(number, column) for letter in letters} & set("RCUVo2")
    return promised - set(without_page(number, column))


def without_page(number: str, column: str) -> str:
    return "".join(table.get(number, {}).get(column, "") for table in (NOT_BUILT, BY_COMMAND))
