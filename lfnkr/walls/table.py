"""Every guarded table: its kind of data and what a role's own rows are there."""

from accounts.enums import RoleName
from accounts.roles import OF_LOG_INS
from core.identity import Scope
from lfnkr.walls.sql import OPERATIONS, REPORTERS, ROLE, SCOPE, WHO, Guard

FIELD, SPONSOR, OFFICER = RoleName.FIELD_STAFF, RoleName.SPONSOR, RoleName.FOSTER_OFFICER
COORDINATOR, FINANCE = RoleName.SUPPLY_COORDINATOR, RoleName.FINANCE_OFFICER
ADMINISTRATOR, AUDITOR = RoleName.ADMINISTRATOR, RoleName.AUDITOR
FIGURES, GUARD, EXPOSURE = Scope.FIGURES, Scope.GUARD, Scope.EXPOSURE
LOCK_DOWN = Scope.LOCK_DOWN


def among(column: str, function: str) -> str:
    """The function is asked once a statement, and its answer can use the column's index."""
    return f"{column} = ANY((SELECT {function})::bigint[])"


def of(column: str, table: str) -> str:
    """Rows that hang on a row the person may see: that row's own policy decides."""
    return f"{column} IN (SELECT id FROM {table})"


AT_MY_STORES = among("place_id", "shelters_my_stores()")
TO_OR_FROM_MY_STORES = (
    f"({among('source_id', 'shelters_my_stores()')} OR {among('destination_id', 'shelters_my_stores()')})"
)
AT_MINE = {FIELD: among("shelter_id", "shelters_mine()")}
OF_MY_RESIDENTS = {FIELD: among("resident_id", "shelters_my_residents()")}
OF_THE_CHILD = {FIELD: of("child_id", "foster_child"), SPONSOR: of("child_id", "foster_child")}
OF_THE_SPONSOR = {SPONSOR: of("sponsor_id", "foster_sponsor")}
OF_THE_SPONSORSHIP = {SPONSOR: of("sponsorship_id", "foster_sponsorship")}
# Who tells of an incident, and opens what was told of persons: its field staff; the coordinator, of routes.
TOLD = f"({ROLE} = '{FIELD}' AND {AT_MINE[FIELD]} OR {ROLE} = '{COORDINATOR}' AND route_id IS NOT NULL)"
OF_TOLD = f"incident_id IN (SELECT id FROM shelters_incident WHERE {TOLD})"
SETTLING = f"{ROLE} IN ('{FIELD}', '{COORDINATOR}', '{OFFICER}')"
WRITING = ("INSERT", "UPDATE", "DELETE")
COUNTING = f"{ROLE} = '{ADMINISTRATOR}'"


# What was written down when is not for its author to say.
WRITTEN_NOW = "at BETWEEN now() AND clock_timestamp()"


def of_incident(*scopes: Scope) -> Guard:
    """What hangs on an incident: read with it, written by who tells of it."""
    return Guard(
        "D17",
        own={FIELD: of("incident_id", "shelters_incident")},
        scopes=scopes,
        writes={"INSERT": OF_TOLD, "UPDATE": "false", "DELETE": "false"},
    )


def catalogue() -> Guard:
    """What things are called: for everybody who writes or reads stock, and where figures are made."""
    return Guard("D9", own={FIELD: "true"}, scopes=(FIGURES, GUARD, EXPOSURE))


def log(author: str, *, signed: str = "true", administrator: str = "true", scopes: tuple = ()) -> Guard:
    """An append-only log: everybody signs their own entries and reads them back; the auditor reads all.

    `signed`: what else must be true of an entry. `administrator`: the entries that are the administrator's.
    """
    theirs = f"{author} = {WHO}"
    return Guard(
        "D15",
        own={ADMINISTRATOR: f"({theirs} OR {administrator})"},
        also=dict.fromkeys((SPONSOR, FIELD, OFFICER, COORDINATOR, FINANCE), theirs),
        scopes=scopes,
        writes={
            "INSERT": f"{theirs} AND {WRITTEN_NOW} AND {signed}",
            "UPDATE": "false",
            "DELETE": "false",
        },
    )


def lock_down() -> Guard:
    """Asked before there is a person, so everybody reads it; signed by its author; lifted by administrators.

    Of the author the role as such is asked: who locks themselves down has lost it by then.
    """
    everybody = (SPONSOR, FIELD, OFFICER, COORDINATOR, FINANCE)
    role_of_author = f"(SELECT role FROM accounts_user WHERE id = {WHO})"
    return Guard(
        "D14",
        own=dict.fromkeys(everybody, "true"),
        writes={
            "SELECT": "true",
            "INSERT": f"by_id = {WHO} AND {role_of_author} <> '{SPONSOR}'",
            "UPDATE": f"{ROLE} = '{ADMINISTRATOR}'",
            "DELETE": "false",
        },
    )


def may_open() -> str:
    """Whose data keys a person may use: the last step before a sealed value opens."""
    field = "owner = ANY((SELECT shelters_my_sealed())::uuid[])"
    children = "owner = ANY((SELECT foster_uuids_of(foster_children_at_mine()))::uuid[])"
    sponsored = "owner = ANY((SELECT foster_uuids_of(foster_my_children()))::uuid[])"
    return " OR ".join(
        (
            f"({ROLE} = '{FIELD}' AND ({field} OR (kind LIKE 'foster.child%' AND {children})))",
            f"(kind = 'shelters.incident' AND owner IN (SELECT uuid FROM shelters_incident WHERE {TOLD}))",
            f"({ROLE} = '{OFFICER}' AND kind LIKE 'foster.child%')",
            f"({ROLE} = '{COORDINATOR}' AND kind IN ('supply.route', 'supply.recipient'))",
            f"({ROLE} = '{SPONSOR}' AND kind = 'foster.child photos' AND {sponsored})",
            f"{SCOPE} = '{GUARD}'",
            f"({ROLE} = '{ADMINISTRATOR}' AND {SCOPE} = '{Scope.BREAK_GLASS}' AND kind = 'shelters.shelter')",
            f"({ROLE} = '{ADMINISTRATOR}' AND {SCOPE} = '{Scope.FORGET}')",
        )
    )


# As accounts.openings: who gave somebody a log-in or a role lately is no second person for them.
GAVE_THEM_THEIR_LOG_IN = (
    "asked_by_id = ANY(coalesce((SELECT array_agg(given.id) FROM accounts_user AS given "
    f"JOIN core_auditentry AS entry ON entry.subject_uuid = given.uuid WHERE entry.by_id = {WHO} "
    "AND entry.action IN ('accounts.invited', 'accounts.changed', 'accounts.started_over') "
    "AND entry.at > now() - interval '30 days'), '{}')::bigint[])"
)


def may_answer() -> str:
    """Who can be the second person: who could open the same, and the administrators."""
    field = "subject_uuid = ANY((SELECT shelters_my_sealed())::uuid[])"
    children = "subject_uuid = ANY((SELECT foster_uuids_of(foster_children_at_mine()))::uuid[])"
    return " OR ".join(
        (
            f"({ROLE} = '{FIELD}' AND ({field} OR {children}))",
            f"({ROLE} = '{OFFICER}' AND subject_type = 'foster.child')",
            f"({ROLE} = '{COORDINATOR}' AND subject_type IN ('supply.route', 'supply.recipient'))",
            f"({ROLE} = '{ADMINISTRATOR}' AND NOT {GAVE_THEM_THEIR_LOG_IN})",
        )
    )


ASKS = f"asked_by_id = {WHO}"
# Nobody is named as a second person but who agreed to just this.
SECOND_AGREED = (
    "(second_id IS NULL OR second_id = (SELECT asked.decided_by_id FROM accounts_revealrequest AS asked "
    "WHERE asked.id = request_id))"
)


def may_seal() -> str:
    """Who may be the first to seal something of a record: those who write such records down, by kind."""
    return " OR ".join(
        (
            f"({ROLE} = '{FIELD}' AND (kind LIKE 'shelters.%' OR kind LIKE 'foster.child%'))",
            f"({ROLE} = '{OFFICER}' AND kind LIKE 'foster.child%')",
            f"({ROLE} = '{COORDINATOR}' AND kind LIKE 'supply.%')",
            f"({ROLE} = '{COORDINATOR}' AND kind = 'shelters.incident')",
            f"({ROLE} = '{ADMINISTRATOR}' AND kind = 'shelters.shelter')",
            f"({ROLE} IS NOT NULL AND {SCOPE} = '{GUARD}')",
        )
    )


REPORT = Guard(
    "D13",
    writes={"SELECT": f"{ROLE} IN ({REPORTERS})"} | dict.fromkeys(WRITING, f"{ROLE} = '{ADMINISTRATOR}'"),
)
SYSTEM_ONLY = Guard("D16", writes=dict.fromkeys(OPERATIONS, "false"))

GUARDS: dict[str, Guard] = {
    # --- shelters and the people in them
    "shelters.Shelter": Guard(
        "D2",
        own={FIELD: among("id", "shelters_mine()")},
        scopes=(FIGURES, GUARD, EXPOSURE, LOCK_DOWN, Scope.FORGET),
    ),
    "shelters.ShelterStatus": Guard("D2", own=AT_MINE, scopes=(EXPOSURE,)),
    "shelters.HeadCount": Guard(
        "D2",
        own=AT_MINE,
        scopes=(EXPOSURE,),
        writes={"INSERT": f"{ROLE} = '{FIELD}' AND {AT_MINE[FIELD]}", "UPDATE": "false", "DELETE": "false"},
    ),
    "shelters.Posting": Guard(
        "D14",
        own=dict.fromkeys((SPONSOR, OFFICER, COORDINATOR, FINANCE), f"user_id = {WHO}") | AT_MINE,
        scopes=(EXPOSURE, LOCK_DOWN),
        writes=dict.fromkeys(WRITING, f"{ROLE} = '{ADMINISTRATOR}' AND user_id <> {WHO}"),
    ),
    "shelters.Resident": Guard(
        "D4",
        own={FIELD: among("id", "shelters_my_residents()")},
        scopes=(GUARD, EXPOSURE, Scope.FORGET),
    ),
    # Nights and numbers of keys, no person: how many heads there are is counted of them. A stay is what makes
    # a resident visible at a shelter, so nobody writes one but who sees all of them: the system.
    "shelters.Stay": Guard(
        "D4",
        own=AT_MINE,
        also={COORDINATOR: "true", AUDITOR: "true"},
        scopes=(GUARD, EXPOSURE),
        writes=dict.fromkeys(WRITING, "false"),
    ),
    # --- the sick, by code, for who works there; what they have opens with the resident's key
    "shelters.MedicalCase": Guard("D18", own=OF_MY_RESIDENTS, scopes=(FIGURES, GUARD, EXPOSURE, Scope.SUMS)),
    "shelters.MedicalCost": Guard(
        "D18", own={FIELD: of("case_id", "shelters_medicalcase")}, scopes=(FIGURES, EXPOSURE, Scope.SUMS)
    ),
    "shelters.MedicalSupply": Guard(
        "D18", own={FIELD: of("case_id", "shelters_medicalcase")}, scopes=(EXPOSURE,)
    ),
    "shelters.Allowance": Guard("D18", own=OF_MY_RESIDENTS, scopes=(FIGURES, EXPOSURE, Scope.SUMS)),
    "shelters.ClothingGiven": Guard(
        "D9",
        own=AT_MINE,
        scopes=(FIGURES, EXPOSURE),
        writes={"INSERT": f"{ROLE} = '{FIELD}' AND {AT_MINE[FIELD]}", "UPDATE": "false", "DELETE": "false"},
    ),
    # --- incidents: codes and numbers; what is told of persons is sealed, and its key with who tells it
    "shelters.Incident": Guard(
        "D17",
        own=AT_MINE,
        scopes=(FIGURES, GUARD, EXPOSURE),
        writes={"INSERT": f"{TOLD} AND by_id = {WHO}", "UPDATE": "false", "DELETE": "false"},
    ),
    "shelters.IncidentPeople": of_incident(FIGURES, EXPOSURE),
    "shelters.IncidentPayment": of_incident(FIGURES, EXPOSURE),
    "shelters.IncidentEffect": of_incident(EXPOSURE),
    "shelters.IncidentNote": of_incident(FIGURES, GUARD, EXPOSURE),
    # --- children and their sponsors
    "foster.Child": Guard(
        "D6",
        own={FIELD: among("shelter_id", "shelters_mine()"), SPONSOR: among("id", "foster_my_children()")},
        scopes=(FIGURES, GUARD, EXPOSURE, Scope.FORGET),
    ),
    "foster.ChildStatus": Guard("D6", own=OF_THE_CHILD, scopes=(FIGURES, EXPOSURE)),
    "foster.SchoolTerm": Guard("D6", own=OF_THE_CHILD, scopes=(FIGURES, EXPOSURE)),
    "foster.ChildUpdate": Guard(
        "D7",
        own={FIELD: of("child_id", "foster_child")},
        also={SPONSOR: f"state = 'published' AND {among('child_id', 'foster_my_children()')}"},
        scopes=(GUARD, EXPOSURE),
    ),
    "foster.UpdatePhoto": Guard(
        "D7",
        own={FIELD: of("update_id", "foster_childupdate")},
        also={SPONSOR: of("update_id", "foster_childupdate")},
        scopes=(GUARD, EXPOSURE),
    ),
    "foster.Sponsor": Guard("D10", own={SPONSOR: f"user_id = {WHO}"}, scopes=(EXPOSURE,)),
    "foster.Sponsorship": Guard("D11", own=OF_THE_SPONSOR, scopes=(FIGURES, EXPOSURE)),
    "foster.SponsorshipRate": Guard("D11", own=OF_THE_SPONSORSHIP),
    "foster.Pause": Guard("D11", own=OF_THE_SPONSORSHIP),
    "foster.Due": Guard("D11", own=OF_THE_SPONSORSHIP),
    "foster.Allocation": Guard("D11", own={SPONSOR: of("due_id", "foster_due")}),
    "foster.Reminder": Guard("D11", own=OF_THE_SPONSOR),
    "foster.ReminderOutcome": Guard("D11", own=OF_THE_SPONSOR),
    # --- who gives
    "donations.Donor": Guard(
        "D12",
        own={SPONSOR: among("id", "foster_my_donors()")},
        also={OFFICER: among("id", "foster_donors()")},
        scopes=(EXPOSURE,),
    ),
    "donations.Donation": Guard(
        "D12",
        own={SPONSOR: among("donor_id", "foster_my_donors()")},
        also={OFFICER: among("donor_id", "foster_donors()")},
        scopes=(FIGURES, EXPOSURE),
    ),
    # --- routes
    "supply.Route": Guard("D8", also={AUDITOR: "true"}, scopes=(FIGURES, GUARD, EXPOSURE, Scope.FORGET)),
    "supply.Recipient": Guard("D8", also={AUDITOR: "true"}, scopes=(FIGURES, GUARD, EXPOSURE, Scope.FORGET)),
    "supply.RouteStatus": Guard("D8", also={AUDITOR: "true"}, scopes=(FIGURES, EXPOSURE)),
    "supply.RouteTarget": Guard("D8", also={AUDITOR: "true"}, scopes=(FIGURES, EXPOSURE)),
    # --- stock
    "supply.Item": catalogue(),
    "supply.Pack": catalogue(),
    "supply.Lot": catalogue(),
    # What a person is given a day is common to all stores; the coordinator sets it.
    "shelters.RationRule": Guard(
        "D9",
        own={FIELD: "true"},
        scopes=(FIGURES, GUARD, EXPOSURE),
        writes={"INSERT": f"{ROLE} = '{COORDINATOR}'", "UPDATE": "false", "DELETE": "false"},
    ),
    # Named by code, as shelters are: who reads those (D2) reads the code of their stores.
    "supply.Place": Guard(
        "D9",
        own={FIELD: "true"},
        also=dict.fromkeys((OFFICER, ADMINISTRATOR), "kind = 'store'"),
        scopes=(FIGURES, GUARD, EXPOSURE, LOCK_DOWN, Scope.FORGET),
    ),
    "supply.Movement": Guard("D9", own={FIELD: TO_OR_FROM_MY_STORES}, scopes=(FIGURES, EXPOSURE)),
    "supply.Balance": Guard("D9", own={FIELD: AT_MY_STORES}, scopes=(FIGURES, EXPOSURE)),
    "supply.StockCount": Guard("D9", own={FIELD: AT_MY_STORES}, scopes=(FIGURES, EXPOSURE)),
    # --- reports: drafts are for who answers for them; what is published is given out as a file
    "reports.AnnualReport": REPORT,
    "reports.Section": REPORT,
    # --- when the nightly work runs: nobody's but the system's
    "django_celery_beat.PeriodicTask": SYSTEM_ONLY,
    "django_celery_beat.PeriodicTasks": SYSTEM_ONLY,
    "django_celery_beat.CrontabSchedule": SYSTEM_ONLY,
    "django_celery_beat.IntervalSchedule": SYSTEM_ONLY,
    # --- what the leak guard found: kept by whoever sends a text out, settled by those who may see a value
    # (a trigger says in which steps: core/migrations/0007_findings_are_signed.py), counted by administrators
    "core.LeakFinding": Guard(
        "D15",
        own={ADMINISTRATOR: "true"},
        writes={
            "SELECT": f"{SETTLING} OR {COUNTING} OR {SCOPE} = '{GUARD}'",
            "INSERT": f"{ROLE} IS NOT NULL AND {SCOPE} = '{GUARD}'",
            "UPDATE": f"{SETTLING} OR {SCOPE} = '{GUARD}'",
            "DELETE": "false",
        },
    ),
    # --- what opens the sealed values
    "core.DataKey": Guard(
        "D16",
        writes={
            "SELECT": may_open(),
            "INSERT": may_seal(),
            "UPDATE": "false",
            "DELETE": f"{ROLE} = '{ADMINISTRATOR}' AND {SCOPE} = '{Scope.FORGET}'",
        },
    ),
    # --- logs
    "core.AuditEntry": log(
        "by_id",
        signed=f"by_name = (SELECT name FROM accounts_user WHERE id = {WHO})",
        administrator="action LIKE 'accounts.%'",
        scopes=(EXPOSURE,),
    ),
    "core.TrailEntry": Guard(
        "D15",
        own={ADMINISTRATOR: f"record_type IN {OF_LOG_INS}"},
        writes=dict.fromkeys(WRITING, "false"),
    ),
    "accounts.RevealEntry": log("by_id", signed=SECOND_AGREED, scopes=(EXPOSURE,)),
    "accounts.AccessEntry": log("by_id", administrator="false", scopes=(EXPOSURE,)),
    "accounts.ExportEntry": log("by_id", administrator="false", scopes=(EXPOSURE,)),
    # --- when something happens
    "accounts.LockDown": lock_down(),
    "shelters.ShelterLockDown": lock_down(),
    "accounts.RevealRequest": Guard(
        "D15",
        own={ADMINISTRATOR: "true"},
        writes={
            "SELECT": f"{ASKS} OR {may_answer()} OR {ROLE} = '{AUDITOR}'",
            "INSERT": f"{ASKS} AND state = 'waiting' AND decided_by_id IS NULL",
            "UPDATE": f"{ASKS} OR {may_answer()}",
            "DELETE": "false",
        },
    ),
}
