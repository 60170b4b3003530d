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


# Kinds of records of routes that hold sealed values.
OF_ROUTES = "('supply.route', 'supply.recipient', 'supply.consignment')"
AT_MY_STORES = among("place_id", "shelters_my_stores()")
TO_OR_FROM_MY_STORES = (
    f"({among('source_id', 'shelters_my_stores()')} OR {among('destination_id', 'shelters_my_stores()')})"
)
AT_MINE = {FIELD: among("shelter_id", "shelters_mine()")}
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

# A resident whom this very transaction wrote down: there is no stay yet to see them by.
WRITTEN_DOWN = f"(registered_by_id = {WHO} AND registered_at BETWEEN now() AND clock_timestamp())"


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
            f"({ROLE} = '{COORDINATOR}' AND kind IN {OF_ROUTES})",
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
            f"({ROLE} = '{COORDINATOR}' AND subject_type IN {OF_ROUTES})",
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


# What comes to their own store, once it has left; never what is only planned.
COMING_LINE = f"(sent > 0 AND {among('destination_id', 'shelters_my_stores()')})"
OF_A_COMING_LINE = of("line_id", "supply_consignmentline")
COMING = (
    "(state IN ('sent', 'arrived', 'settled', 'lost') "
    "AND id IN (SELECT consignment_id FROM supply_consignmentline))"
)
OF_A_COMING = of("consignment_id", "supply_consignment")


def carried(*, reads: str = "", adds: str = "") -> Guard:
    """Of a consignment: the coordinator's. `reads`, `adds`: what of it is field staff's, for their stores."""
    ours = f"{ROLE} = '{COORDINATOR}'"
    return Guard(
        "D8",
        also={FIELD: reads} if reads else {},
        writes={"INSERT": f"{ours} OR ({ROLE} = '{FIELD}' AND {adds})"} if adds else {},
        scopes=(GUARD, EXPOSURE),
    )


def kept_by_the_office(own: str) -> Guard:
    """Of the stock, written by the coordinator alone; field staff read their own."""
    office = f"{ROLE} = '{COORDINATOR}'"
    writes = {"INSERT": office, "UPDATE": office, "DELETE": "false"}
    return Guard("D9", own={FIELD: own}, scopes=(EXPOSURE,), writes=writes)


def count(own: str) -> Guard:
    """Written where one may count: field staff at their own stores, the coordinator everywhere."""
    counting = f"{ROLE} = '{COORDINATOR}' OR ({ROLE} = '{FIELD}' AND {own})"
    writes = {"INSERT": counting, "UPDATE": counting, "DELETE": "false"}
    return Guard("D9", own={FIELD: own}, scopes=(EXPOSURE,), writes=writes)


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
    "shelters.ShelterStatus": Guard(
        "D2",
        own=AT_MINE,
        scopes=(EXPOSURE,),
        writes={
            "INSERT": f"{COUNTING} OR ({ROLE} = '{FIELD}' AND {AT_MINE[FIELD]} "
            "AND state IN ('at_risk', 'exposed'))",
            "UPDATE": "false",
            "DELETE": "false",
        },
    ),
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
        own={FIELD: f"({among('id', 'shelters_my_residents()')} OR {WRITTEN_DOWN})"},
        scopes=(GUARD, EXPOSURE, Scope.FORGET),
        writes={"INSERT": f"{ROLE} = '{FIELD}' AND {WRITTEN_DOWN}", "DELETE": "false"},
    ),
    # Nights and numbers of keys, no person: how many heads there are is counted of them. A stay is what makes
    # a resident visible at a shelter, so it is written for whom one sees already (docs/adr/0023).
    "shelters.Stay": Guard(
        "D4",
        own=AT_MINE,
        also={COORDINATOR: "true", AUDITOR: "true"},
        scopes=(GUARD, EXPOSURE),
        writes={
            "INSERT": f"{ROLE} = '{FIELD}' AND {AT_MINE[FIELD]} AND cancelled_at IS NULL "
            "AND shelters_may_take(resident_id)",
            "DELETE": "false",
        },
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
    # Begun by who works there or by an administrator; the persons in it are for who works there alone.
    "shelters.Evacuation": Guard(
        "D2",
        own=AT_MINE,
        scopes=(EXPOSURE,),
        writes={
            "INSERT": f"started_by_id = {WHO} AND ({COUNTING} OR ({ROLE} = '{FIELD}' AND {AT_MINE[FIELD]}))",
            "UPDATE": f"{ROLE} = '{FIELD}' AND {AT_MINE[FIELD]}",
            "DELETE": "false",
        },
    ),
    "shelters.EvacuationPerson": Guard(
        "D4",
        own={FIELD: of("evacuation_id", "shelters_evacuation")},
        scopes=(EXPOSURE,),
        writes={
            "INSERT": f"{ROLE} = '{FIELD}' AND by_id = {WHO} "
            f"AND {of('evacuation_id', 'shelters_evacuation')} AND {of('stay_id', 'shelters_stay')}",
            "UPDATE": "false",
            "DELETE": "false",
        },
    ),
    "shelters.EvacuationCall": Guard(
        "D2",
        own={FIELD: of("evacuation_id", "shelters_evacuation")},
        scopes=(EXPOSURE,),
        writes={
            "INSERT": f"{ROLE} IN ('{FIELD}', '{ADMINISTRATOR}') "
            f"AND {of('evacuation_id', 'shelters_evacuation')}",
            "UPDATE": f"{ROLE} = '{FIELD}' AND {of('evacuation_id', 'shelters_evacuation')}",
            "DELETE": "false",
        },
    ),
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
    "supply.Consignment": carried(reads=COMING),
    "supply.ConsignmentLine": carried(reads=COMING_LINE),
    "supply.ConsignmentStep": carried(
        reads=f"by_id = {WHO}", adds=f"by_id = {WHO} AND kind = 'received' AND {OF_A_COMING}"
    ),
    "supply.ConsignmentBooking": carried(
        reads=OF_A_COMING_LINE, adds=f"kind = 'received' AND {OF_A_COMING_LINE}"
    ),
    "supply.Confirmation": carried(reads=OF_A_COMING_LINE),
    "supply.ConsignmentCost": carried(),
    "supply.StandingPlan": carried(),
    "supply.StandingPlanLine": carried(),
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
        # A new shelter comes with its store.
        writes={"INSERT": f"{ROLE} IN ('{FIELD}', '{COORDINATOR}') OR ({COUNTING} AND kind = 'store')"},
    ),
    "supply.Movement": Guard("D9", own={FIELD: TO_OR_FROM_MY_STORES}, scopes=(FIGURES, EXPOSURE)),
    "supply.Balance": Guard("D9", own={FIELD: AT_MY_STORES}, scopes=(FIGURES, EXPOSURE)),
    "supply.CountSheet": count(AT_MY_STORES),
    "supply.CountLine": count(of("sheet_id", "supply_countsheet")),
    # A number and a time: asked for the site's health before there is a person.
    "supply.LedgerCheck": Guard(
        "D9", own={FIELD: "true"}, writes={"SELECT": "true"} | dict.fromkeys(WRITING, "false")
    ),
    "supply.StockLevel": kept_by_the_office(AT_MY_STORES),
    "supply.StockAlert": kept_by_the_office(AT_MY_STORES),
    # Which days may be booked is common to all stores.
    "supply.MonthClosing": Guard(
        "D9",
        own={FIELD: "true"},
        scopes=(EXPOSURE,),
        writes={
            "INSERT": f"{ROLE} = '{COORDINATOR}' AND by_id = {WHO}",
            "UPDATE": "false",
            "DELETE": "false",
        },
    ),
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
