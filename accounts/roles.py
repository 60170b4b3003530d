"""Who may do what: each role with a sentence, and the matrix of roles × kinds of data behind it.

The matrix says who may do what with each kind of data, need-to-know first; the tests read it. It is the goal:
what of it has no page yet is listed beside it.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName, SecondPerson
from accounts.permissions import Right


@dataclass(frozen=True)
class Role:
    name: RoleName
    sentence: str | Promise
    rights: frozenset[Right]


NO_STAFF = (RoleName.SPONSOR, RoleName.SYSTEM)


def _role(name: RoleName, sentence: str | Promise, *rights: Right) -> Role:
    return Role(name, sentence, frozenset(rights) | _own(name))


def _own(name: RoleName) -> frozenset[Right]:
    """What everybody has; staff log in by a second factor, and lock down: whoever sees the arrest first."""
    if name == RoleName.SYSTEM:
        return frozenset()
    own = frozenset({Right.OWN_ACCOUNT})
    return own if name in NO_STAFF else own | {Right.STAFF_LOG_IN, Right.LOCK_DOWN}


ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        _role(
            RoleName.SPONSOR,
            _("Sees the published updates of their own child and their own payments, nothing else."),
            Right.PORTAL,
        ),
        _role(
            RoleName.FIELD_STAFF,
            _("Logs supplies and people of the shelters they are posted to, and sees those alone."),
            Right.STOCK_LOG,
            Right.STOCK_COUNT,
            Right.SHELTERS_READ,
            Right.SHELTERS_TELL,
            Right.RESIDENTS_READ,
            Right.RESIDENTS_WRITE,
            Right.INCIDENTS_READ,
            Right.INCIDENTS_LOG,
            Right.REVEAL_INCIDENT,
            Right.MEDICAL_WRITE,
            Right.ALLOWANCE_REVERSE,
            Right.REVEAL_MEDICAL,
            Right.CHILDREN_NEAR,
            Right.REVEAL_SHELTER_ADDRESS,
            Right.REVEAL_RESIDENT_IDENTITY,
            Right.REVEAL_CHILD_IDENTITY,
            Right.REVEAL_WITH_TWO,
            Right.LEAKS_SETTLE,
            Right.PANIC,
        ),
        _role(
            RoleName.SUPPLY_COORDINATOR,
            _("Sees all stock by shelter code and the routes; no address and no person."),
            Right.STOCK_READ,
            Right.STOCK_WRITE,
            Right.STOCK_COUNT,
            Right.STOCK_REVERSE,
            Right.STOCK_CLOSE,
            Right.RATIONS_SET,
            Right.ROUTES_READ,
            Right.ROUTES_WRITE,
            Right.SHELTERS_READ,
            Right.INCIDENTS_READ,
            Right.INCIDENTS_LOG,
            Right.REVEAL_INCIDENT,
            Right.MEDICAL_SUMS,
            Right.REVEAL_ROUTE,
            Right.REVEAL_WITH_TWO,
            Right.LEAKS_SETTLE,
        ),
        _role(
            RoleName.FOSTER_OFFICER,
            _("Matches children and sponsors, clears and publishes updates, runs the reminders."),
            Right.SHELTERS_READ,
            Right.CHILDREN_READ,
            Right.CHILDREN_WRITE,
            Right.UPDATES_WRITE,
            Right.UPDATES_CLEAR,
            Right.SPONSORS_READ,
            Right.REMINDERS_RUN,
            Right.REVEAL_CHILD_IDENTITY,
            Right.REVEAL_WITH_TWO,
            Right.MAIL_SETTLE,
            Right.LEAKS_SETTLE,
            Right.MAILBOX_READ,
        ),
        _role(
            RoleName.FINANCE_OFFICER,
            _("Records donations and payments; sees who sponsors by code, never a child or a shelter."),
            Right.DONATIONS_READ,
            Right.DONATIONS_WRITE,
            Right.REPORTS_READ,
        ),
        _role(
            RoleName.ADMINISTRATOR,
            _(
                "Gives rights, generates the annual report; sees no person, and opens an address only in an "
                "emergency and never alone."
            ),
            Right.REPORTS_READ,
            Right.REPORTS_WRITE,
            Right.SHELTERS_READ,
            Right.SHELTERS_WRITE,
            Right.INCIDENTS_READ,
            Right.ACCOUNTS_READ,
            Right.ACCOUNTS_WRITE,
            Right.REVEAL_WITH_TWO,
            Right.REVEAL_SECOND,
            Right.BREAK_GLASS,
            Right.FORGET,
            Right.OPENINGS_READ,
            Right.LIFT_LOCK_DOWN,
            Right.EXPOSURE_READ,
            Right.AUDIT_READ,
            Right.MAIL_SETTLE,
            Right.LEAKS_COUNT,
            Right.MAILBOX_READ,
        ),
        _role(
            RoleName.AUDITOR,
            _("Reads figures, stock, donations and the trail; changes nothing."),
            Right.STOCK_READ,
            Right.SHELTERS_READ,
            Right.INCIDENTS_READ,
            Right.DONATIONS_READ,
            Right.REPORTS_READ,
            Right.ACCOUNTS_READ,
            Right.OPENINGS_READ,
            Right.EXPOSURE_READ,
            Right.AUDIT_READ,
        ),
        _role(RoleName.SYSTEM, _("Runs scheduled work and commands; nobody logs in as it.")),
    )
}


@dataclass(frozen=True)
class Life:
    """How long a log-in lives: without a request, and at all."""

    idle: timedelta
    at_all: timedelta = timedelta(hours=12)


# A phone in the field is taken unlocked; a laptop in the office is left alone over lunch.
LIVES: dict[RoleName, Life] = {
    role: Life(idle=timedelta(minutes=10 if role == RoleName.FIELD_STAFF else 30))
    for role in RoleName
    if role != RoleName.SYSTEM
}

# Kinds of data × roles. – none · R read · C create · U update · o own or assigned only ·
# V reveal a sealed value · 2 a second person · 2s a second person while the setting is on ·
# A aggregates only · X export
_COLUMNS = (
    "anonymous", RoleName.SPONSOR, RoleName.FIELD_STAFF, RoleName.SUPPLY_COORDINATOR,
    RoleName.FOSTER_OFFICER, RoleName.FINANCE_OFFICER, RoleName.ADMINISTRATOR, RoleName.AUDITOR,
)  # fmt: skip
_ROWS = {
    "D1 shelter address, coordinates": ("–", "–", "U o, V o 2s", "V o 2", "–", "–", "V 2", "–"),
    "D2 shelter code, capacity, status": ("–", "–", "RU o", "R", "R", "–", "RCU", "R"),
    "D3 resident's real identity": ("–", "–", "CU o, V o", "–", "–", "–", "–", "–"),
    "D4 resident's alias record, needs": ("–", "–", "RCU o", "A", "–", "–", "–", "–"),
    "D5 child's real identity, birth family": ("–", "–", "CU o, V o", "–", "V o 2", "–", "–", "–"),
    "D6 child's public profile, cleared updates": ("–", "R o", "R o", "–", "RCU", "–", "–", "R"),
    "D7 updates and photos not yet cleared": ("–", "–", "RCU o", "–", "RCU 2", "–", "–", "–"),
    "D8 routes, drop points, times": ("–", "–", "V o", "RCU, V o", "–", "–", "–", "–"),
    "D9 stock and ledger": ("–", "–", "RC o", "RCU X", "–", "A", "–", "R X"),
    "D10 sponsor's identity, contact": ("–", "RU o", "–", "–", "RCU", "RCU", "–", "R"),
    "D11 who sponsors which child": ("–", "R o", "–", "–", "RCU", "R", "–", "R"),
    "D12 donations, statement lines, expenses": ("C", "R o", "–", "–", "A", "RCU X", "–", "R X"),
    "D13 annual report figures": ("R", "R", "R", "A", "RCU", "RCU X", "RCU", "R"),
    "D14 accounts, roles, devices": ("–", "o", "o", "o", "o", "o", "RCU", "R"),
    "D15 change history, reveal log": ("–", "–", "–", "–", "–", "–", "R o", "R X"),
    "D16 keys, backups, configuration": ("–", "–", "–", "–", "–", "–", "2", "–"),
    "D17 incidents": ("–", "–", "RC o, V o", "RC, V o", "–", "–", "R", "R"),
    "D18 medical cases, allowances": ("–", "–", "RCU o, V o", "A", "–", "–", "–", "–"),
}
MATRIX: dict[str, dict[str, str]] = {
    kind: dict(zip(_COLUMNS, cells, strict=True)) for kind, cells in _ROWS.items()
}

# Letters of cells that no page serves, by the number of the kind: those that wait for their page …
NOT_BUILT: dict[str, dict[str, str]] = {
    "D1": {RoleName.SUPPLY_COORDINATOR: "V"},
    "D6": {RoleName.AUDITOR: "R"},
    "D7": {RoleName.FIELD_STAFF: "RCU"},
    "D8": {RoleName.FIELD_STAFF: "V"},
    "D10": {RoleName.FINANCE_OFFICER: "U"},
    "D11": {RoleName.FINANCE_OFFICER: "R", RoleName.AUDITOR: "R"},
    "D12": {"anonymous": "C"},
    "D13": {
        "anonymous": "R",
        RoleName.SPONSOR: "R",
        RoleName.FIELD_STAFF: "R",
        RoleName.SUPPLY_COORDINATOR: "A",
        RoleName.FOSTER_OFFICER: "RCU",
        RoleName.FINANCE_OFFICER: "CU",
    },
}
# … and those that the operator carries out by a command: registers by the workbook, keys and backups.
BY_COMMAND: dict[str, dict[str, str]] = {
    "D5": {RoleName.FIELD_STAFF: "CU"},
    "D10": {RoleName.FOSTER_OFFICER: "CU"},
    "D11": {RoleName.FOSTER_OFFICER: "CU"},
    "D16": {RoleName.ADMINISTRATOR: "2"},
}

# The row of the matrix behind each right to open: its cell says who, and whether with a second person.
OPENS: dict[Right, str] = {
    Right.REVEAL_SHELTER_ADDRESS: "D1 shelter address, coordinates",
    Right.BREAK_GLASS: "D1 shelter address, coordinates",
    Right.REVEAL_RESIDENT_IDENTITY: "D3 resident's real identity",
    Right.REVEAL_CHILD_IDENTITY: "D5 child's real identity, birth family",
    Right.REVEAL_ROUTE: "D8 routes, drop points, times",
    Right.REVEAL_INCIDENT: "D17 incidents",
    Right.REVEAL_MEDICAL: "D18 medical cases, allowances",
}


def second_person(role_name: str, right: Right) -> SecondPerson | None:
    """As the cell of the matrix says ("CU o, V o 2": always). None: this role opens none of it."""
    cell = MATRIX[OPENS[right]].get(role_name, "")
    clause = next((part.split() for part in cell.split(", ") if part.startswith("V")), None)
    if clause is None:
        return None
    return next((mark for mark in SecondPerson if mark and mark in clause), SecondPerson.NEVER)


def rights_of(role_name: str) -> frozenset[Right]:
    return ROLES[role_name].rights


# Who reads a report also reads the records behind its figures, for as long as the figures are computed.
REPORT_READERS = tuple(role.name for role in ROLES.values() if Right.REPORTS_READ in role.rights)

# Kinds of records whose written rows the administrator reads: log-ins, and who is posted where (D15).
OF_LOG_INS = ("accounts.user", "shelters.posting")
