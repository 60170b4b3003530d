"""What "own" means in SQL, and the guards that several tables share."""

from accounts.enums import RoleName
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


def seen(column: str, table: str) -> str:
    """As `of`, for one row of a table that may have millions."""
    return f"EXISTS (SELECT FROM {table} AS seen WHERE seen.id = {column})"


# Kinds of records of routes that hold sealed values.
OF_ROUTES = "('supply.route', 'supply.routesite', 'supply.recipient', 'supply.consignment')"
AT_MY_STORES = among("place_id", "shelters_my_stores()")
TO_OR_FROM_MY_STORES = (
    f"({among('source_id', 'shelters_my_stores()')} OR {among('destination_id', 'shelters_my_stores()')})"
)
AT_MINE = {FIELD: among("shelter_id", "shelters_mine()")}
IN_MY_CARE = {FIELD: among("resident_id", "shelters_in_my_care()")}
OF_THE_CHILD = {FIELD: of("child_id", "foster_child"), SPONSOR: of("child_id", "foster_child")}
OF_THE_SPONSOR = {SPONSOR: of("sponsor_id", "foster_sponsor")}
OF_THE_SPONSORSHIP = {SPONSOR: of("sponsorship_id", "foster_sponsorship")}
# Who tells of an incident, and opens what was told of persons: its field staff; the coordinator, of routes.
TOLD = f"({ROLE} = '{FIELD}' AND {AT_MINE[FIELD]} OR {ROLE} = '{COORDINATOR}' AND route_id IS NOT NULL)"
OF_TOLD = f"incident_id IN (SELECT id FROM shelters_incident WHERE {TOLD})"
SETTLING = f"{ROLE} IN ('{FIELD}', '{COORDINATOR}', '{OFFICER}')"
WRITING = ("INSERT", "UPDATE", "DELETE")
COUNTING = f"{ROLE} = '{ADMINISTRATOR}'"


# Field staff book out of their own stores, what comes from outside, and mistakes back: nothing out of stores
# of others. What is under way is booked by the steps of its consignment, which a trigger asks.
NOT_FROM_OTHERS = (
    f"({ROLE} <> '{FIELD}' OR {among('source_id', 'shelters_my_stores()')} OR reverses_id IS NOT NULL "
    "OR NOT EXISTS (SELECT FROM supply_place AS giver WHERE giver.id = source_id "
    "AND giver.kind IN ('store', 'warehouse')))"
)

# Of an evacuation that runs, somebody who stays or stayed at that very shelter.
IS_LEAVING = (
    "EXISTS (SELECT FROM shelters_evacuation AS running JOIN shelters_stay AS stay USING (shelter_id) "
    "WHERE running.id = evacuation_id AND stay.id = stay_id AND running.finished_at IS NULL)"
)

# Of an evacuation that runs, a child whom the person sees and who lives at that very shelter.
LIVES_THERE = (
    "EXISTS (SELECT FROM shelters_evacuation AS running JOIN foster_child AS child USING (shelter_id) "
    "WHERE running.id = evacuation_id AND running.finished_at IS NULL "
    "AND child.uuid = subject AND child.code = shelters_evacuationchild.code)"
)

IS_RUNNING = (
    "EXISTS (SELECT FROM shelters_evacuation AS running "
    "WHERE running.id = evacuation_id AND running.finished_at IS NULL)"
)

# What was written down when is not for its author to say, and nobody writes in a colleague's name.
WRITTEN_NOW = "at BETWEEN now() AND clock_timestamp()"
# Heads are counted while they are there; a day of leeway for where the day is another one than in Tokyo.
COUNTED_NOW = "abs(counted_on - (now() AT TIME ZONE 'Asia/Tokyo')::date) <= 1"
SIGNED = f"by_id = {WHO}"
SIGNED_IF_AT_ALL = f"(by_id IS NULL OR {SIGNED})"
SIGNED_NOW = f"{SIGNED} AND recorded_at BETWEEN now() AND clock_timestamp()"

# A resident whom this very transaction wrote down: there is no stay yet to see them by.
WRITTEN_DOWN = f"(registered_by_id = {WHO} AND registered_at BETWEEN now() AND clock_timestamp())"


def of_incident(*scopes: Scope, signed: str = "") -> Guard:
    """What hangs on an incident: read with it, written by who tells of it."""
    return Guard(
        "D17",
        own={FIELD: of("incident_id", "shelters_incident")},
        scopes=scopes,
        writes={"INSERT": OF_TOLD, "UPDATE": "false", "DELETE": "false"},
        signed=signed,
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


def lock_down(*, read: str = "true") -> Guard:
    """Signed by its author; lifted by administrators. `read`: by whom; one of a person is asked for before
    there is a person, so everybody reads it.

    Of the author the role as such is asked: who locks themselves down has lost it by then.
    """
    everybody = (SPONSOR, FIELD, OFFICER, COORDINATOR, FINANCE)
    role_of_author = f"(SELECT role FROM accounts_user WHERE id = {WHO})"
    return Guard(
        "D14",
        own=dict.fromkeys(everybody, "true"),
        writes={
            "SELECT": read,
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
    """Who may be the first to seal something of a record: those who write such records down. Of what stands
    there before anything of it is sealed, those whose record it is."""
    return " OR ".join(
        (
            f"({ROLE} = '{FIELD}' AND kind IN ('shelters.shelter', 'shelters.resident') "
            "AND owner = ANY((SELECT shelters_my_sealed())::uuid[]))",
            f"(kind = 'shelters.incident' AND owner IN (SELECT uuid FROM shelters_incident WHERE {TOLD}))",
            f"({ROLE} IN ('{FIELD}', '{OFFICER}') AND kind LIKE 'foster.child%')",
            f"({ROLE} = '{COORDINATOR}' AND kind LIKE 'supply.%')",
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


def carried(*, reads: str = "", adds: str = "", signed: str = "") -> Guard:
    """Of a consignment: the coordinator's. `reads`, `adds`: what of it is field staff's, for their stores."""
    ours = f"{ROLE} = '{COORDINATOR}'"
    return Guard(
        "D8",
        also={FIELD: reads} if reads else {},
        writes={"INSERT": f"{ours} OR ({ROLE} = '{FIELD}' AND {adds})"} if adds else {},
        scopes=(GUARD, EXPOSURE),
        signed=signed,
    )


def kept_by_the_office(own: str) -> Guard:
    """Of the stock, written by the coordinator alone; field staff read their own."""
    office = f"{ROLE} = '{COORDINATOR}'"
    writes = {"INSERT": office, "UPDATE": office, "DELETE": "false"}
    return Guard("D9", own={FIELD: own}, scopes=(EXPOSURE,), writes=writes)


def count(own: str, *, signed: str = "") -> Guard:
    """Written where one may count: field staff at their own stores, the coordinator everywhere."""
    counting = f"{ROLE} = '{COORDINATOR}' OR ({ROLE} = '{FIELD}' AND {own})"
    writes = {"INSERT": counting, "UPDATE": counting, "DELETE": "false"}
    return Guard("D9", own={FIELD: own}, scopes=(EXPOSURE,), writes=writes, signed=signed)


REPORT = Guard(
    "D13",
    writes={"SELECT": f"{ROLE} IN ({REPORTERS})"} | dict.fromkeys(WRITING, f"{ROLE} = '{ADMINISTRATOR}'"),
)
SYSTEM_ONLY = Guard("D16", writes=dict.fromkeys(OPERATIONS, "false"))
