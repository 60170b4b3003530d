"""From a row of the matrix to row policies.

R reads, C adds, U changes and removes; "o" or a lone letter with it: only what the guard calls own. Roles the
matrix gives nothing get no policy: PostgreSQL then shows nothing. The system (workers, commands) passes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from accounts.enums import RoleName
from accounts.roles import MATRIX, REPORT_READERS
from core.identity import SYSTEM, Scope

READ, ADD, CHANGE = "R", "C", "U"
OPERATIONS = {"SELECT": READ, "INSERT": ADD, "UPDATE": CHANGE, "DELETE": CHANGE}
ROLES = tuple(role for role in RoleName.values if role != RoleName.SYSTEM)
STAFF = tuple(role for role in ROLES if role != RoleName.SPONSOR)
REPORTERS = ", ".join(f"'{role}'" for role in REPORT_READERS)
ROLE = "(SELECT core_role())"
SCOPE = "(SELECT core_scope())"
WHO = "(SELECT core_who())"


@dataclass(frozen=True)
class Guard:
    """`kind`: the row of the matrix, by its number ("D2").

    `own`: role → SQL over the columns of the table, true for its own rows. `also`: further roles that read,
    with the condition. `scopes`: which wider sights read it. `writes`: SQL per operation instead of the
    matrix, where the table is written by more than its kind says (a log is signed by everybody). `signed`:
    what must be true of a new row beside, whoever adds it: its author, its time, what it hangs on.
    """

    kind: str
    own: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, str] = field(default_factory=dict)
    scopes: tuple[Scope, ...] = ()
    writes: Mapping[str, str] = field(default_factory=dict)
    signed: str = ""


def cell(kind: str, role: str) -> str:
    return next(cells[role] for name, cells in MATRIX.items() if name.split()[0] == kind)


def letters(kind: str, role: str) -> str:
    """The letters that speak of rows: without V (values), A (sums) and X (files)."""
    return "".join(
        letter
        for part in cell(kind, role).split(", ")
        if "V" not in part
        for letter in part
        if letter in "RCU"
    )


def is_own(kind: str, role: str) -> bool:
    parts = [part.split() for part in cell(kind, role).split(", ") if "V" not in part]
    return any("o" in words for words in parts)


def condition(guard: Guard, operation: str) -> str:
    """The SQL condition under which a row may be seen or written."""
    if operation == "INSERT" and guard.signed:
        return f"{_is_one_of([SYSTEM])} OR (({_right_to(guard, operation)}) AND {guard.signed})"
    return _right_to(guard, operation)


def _right_to(guard: Guard, operation: str) -> str:
    if operation in guard.writes:
        return f"{_is_one_of([SYSTEM])} OR ({guard.writes[operation]})"
    sights = guard.scopes if operation == "SELECT" else ()
    parts = [_sees_all([SYSTEM, *_everywhere(guard, operation)], sights)]
    parts += [
        f"({_is_one_of([role])} AND {guard.own.get(role, 'false')})"
        for role in ROLES
        if _may(guard.kind, role, operation) and is_own(guard.kind, role)
    ]
    if operation == "SELECT":
        parts += [f"({_is_one_of([role])} AND {wider})" for role, wider in guard.also.items()]
    return " OR ".join(parts)


def _may(kind: str, role: str, operation: str) -> bool:
    held, needed = letters(kind, role), OPERATIONS[operation]
    if needed == READ and is_own(kind, role) and not held:
        return "V" not in cell(kind, role)  # a lone "o": one's own rows are read
    return needed in held


def _everywhere(guard: Guard, operation: str) -> list[str]:
    return [role for role in ROLES if _may(guard.kind, role, operation) and not is_own(guard.kind, role)]


def _sees_all(roles: list[str], sights: tuple[Scope, ...]) -> str:
    """Every row of the table, by role or by a wider sight.

    Whole inside one sub-select: a statement pays for each of them, at each of its tables. And the planner
    takes a yes or no for even odds, but a comparison with an unknown role for a rare one, and would sort a
    million rows rather than follow an index.
    """
    if not sights:
        return _is_one_of(roles)
    wider = " OR ".join(map(_in_scope, sights))
    return f"(SELECT {_has(roles)} OR (core_scope() IN ({_listed(sights)}) AND ({wider})))"


def _is_one_of(roles: list[str]) -> str:
    return f"(SELECT {_has(roles)})"


def _has(roles: Iterable[str]) -> str:
    return f"core_role() IN ({_listed(roles)})"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in words)


# Who may ask for a wider sight. The guard's verdict is asked for whoever is about to send something out.
SCOPED = {
    Scope.FIGURES: REPORT_READERS,
    Scope.SUMS: (RoleName.SUPPLY_COORDINATOR,),
    Scope.EXPOSURE: (RoleName.ADMINISTRATOR, RoleName.AUDITOR),
    Scope.LOCK_DOWN: STAFF,
    Scope.BREAK_GLASS: (RoleName.ADMINISTRATOR,),
    Scope.FORGET: (RoleName.ADMINISTRATOR,),
}


def _in_scope(scope: Scope) -> str:
    asked = f"core_scope() = '{scope}'"
    return f"({asked} AND {_has(SCOPED[scope])})" if scope in SCOPED else asked


def statements(table: str, guard: Guard) -> list[str]:
    """The DDL that puts up a table's policies, whatever stood there before."""
    found = [f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY']
    for operation in OPERATIONS:
        name, asked = operation.lower(), condition(guard, operation)
        clause = {
            "SELECT": f"USING ({asked})",
            "INSERT": f"WITH CHECK ({asked})",
            "UPDATE": f"USING ({asked}) WITH CHECK ({asked})",
            "DELETE": f"USING ({asked})",
        }[operation]
        found.append(f'DROP POLICY IF EXISTS "{name}" ON "{table}"')
        found.append(f'CREATE POLICY "{name}" ON "{table}" FOR {operation} {clause}')
    return found
