"""Every guarded table: its kind of data and what a role's own rows are there."""

from accounts.roles import OF_LOG_INS
from core.identity import Scope
from lfnkr.walls.conditions import (
    ADMINISTRATOR,
    ASKS,
    AT_MINE,
    AT_MY_STORES,
    AUDITOR,
    COMING,
    COMING_LINE,
    COORDINATOR,
    COUNTED_NOW,
    COUNTING,
    EXPOSURE,
    FIELD,
    FIGURES,
    FINANCE,
    GUARD,
    IN_MY_CARE,
    IS_LEAVING,
    IS_RUNNING,
    LIVES_THERE,
    LOCK_DOWN,
    NOT_FROM_OTHERS,
    OF_A_COMING,
    OF_A_COMING_LINE,
    OF_THE_CHILD,
    OF_THE_SPONSOR,
    OF_THE_SPONSORSHIP,
    OFFICER,
    REPORT,
    SECOND_AGREED,
    SETTLING,
    SIGNED,
    SIGNED_IF_AT_ALL,
    SIGNED_NOW,
    SPONSOR,
    SYSTEM_ONLY,
    TO_OR_FROM_MY_STORES,
    TOLD,
    WRITING,
    WRITTEN_DOWN,
    WRITTEN_NOW,
    among,
    carried,
    catalogue,
    count,
    kept_by_the_office,
    lock_down,
    log,
    may_answer,
    may_open,
    may_seal,
    of,
    of_incident,
    seen,
)
from lfnkr.walls.sql import ROLE, SCOPE, WHO, Guard

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
        signed=f"{SIGNED} AND {COUNTED_NOW}",
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
    # a resident visible at a shelter, so it is written for whom one sees already (docs/adr/0025).
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
    # --- the sick, by code, for who works there; what they have opens with the resident's key
    "shelters.MedicalCase": Guard(
        "D18", own=IN_MY_CARE, scopes=(FIGURES, GUARD, EXPOSURE, Scope.SUMS), signed=SIGNED
    ),
    "shelters.MedicalCost": Guard(
        "D18",
        own={FIELD: of("case_id", "shelters_medicalcase")},
        scopes=(FIGURES, EXPOSURE, Scope.SUMS),
        signed=SIGNED,
    ),
    "shelters.MedicalSupply": Guard(
        "D18",
        own={FIELD: of("case_id", "shelters_medicalcase")},
        scopes=(EXPOSURE,),
        signed=seen("movement_id", "supply_movement"),
    ),
    "shelters.Allowance": Guard("D18", own=IN_MY_CARE, scopes=(FIGURES, EXPOSURE, Scope.SUMS), signed=SIGNED),
    "shelters.AllowanceTakenBack": Guard(
        "D18",
        own={FIELD: of("allowance_id", "shelters_allowance")},
        scopes=(FIGURES, EXPOSURE, Scope.SUMS),
        writes={"UPDATE": "false", "DELETE": "false"},
        signed=SIGNED_NOW,
    ),
    "shelters.ClothingGiven": Guard(
        "D9",
        own=AT_MINE,
        scopes=(FIGURES, EXPOSURE),
        writes={"INSERT": f"{ROLE} = '{FIELD}' AND {AT_MINE[FIELD]}", "UPDATE": "false", "DELETE": "false"},
        signed=seen("movement_id", "supply_movement"),
    ),
    # --- incidents: codes and numbers; what is told of persons is sealed, and its key with who tells it
    "shelters.Incident": Guard(
        "D17",
        own=AT_MINE,
        scopes=(FIGURES, GUARD, EXPOSURE),
        writes={"INSERT": TOLD, "UPDATE": "false", "DELETE": "false"},
        signed=SIGNED_NOW,
    ),
    "shelters.IncidentPeople": of_incident(FIGURES, EXPOSURE, signed=SIGNED_IF_AT_ALL),
    "shelters.IncidentPayment": of_incident(FIGURES, EXPOSURE, signed=SIGNED_IF_AT_ALL),
    "shelters.IncidentEffect": of_incident(
        EXPOSURE,
        signed=f"({seen('shelter_status_id', 'shelters_shelterstatus')} "
        f"OR {seen('route_status_id', 'supply_routestatus')})",
    ),
    "shelters.IncidentNote": of_incident(FIGURES, GUARD, EXPOSURE, signed=SIGNED_NOW),
    # Begun by who works there or by an administrator; the persons in it are for who works there alone.
    "shelters.Evacuation": Guard(
        "D2",
        own=AT_MINE,
        scopes=(EXPOSURE,),
        writes={
            "INSERT": f"{COUNTING} OR ({ROLE} = '{FIELD}' AND {AT_MINE[FIELD]})",
            "UPDATE": f"{ROLE} = '{FIELD}' AND {AT_MINE[FIELD]}",
            "DELETE": "false",
        },
        signed=f"started_by_id = {WHO} AND started_at BETWEEN now() AND clock_timestamp() "
        "AND finished_at IS NULL",
    ),
    "shelters.EvacuationPerson": Guard(
        "D4",
        own={FIELD: of("evacuation_id", "shelters_evacuation")},
        scopes=(EXPOSURE,),
        writes={
            "INSERT": f"{ROLE} = '{FIELD}' "
            f"AND {of('evacuation_id', 'shelters_evacuation')} AND {of('stay_id', 'shelters_stay')}",
            "UPDATE": "false",
            "DELETE": "false",
        },
        signed=f"{SIGNED} AND {WRITTEN_NOW} AND {IS_LEAVING}",
    ),
    "shelters.EvacuationChild": Guard(
        "D6",
        own={FIELD: of("evacuation_id", "shelters_evacuation"), SPONSOR: "false"},
        scopes=(EXPOSURE,),
        writes={
            "INSERT": f"{ROLE} = '{FIELD}' AND {of('evacuation_id', 'shelters_evacuation')}",
            "UPDATE": "false",
            "DELETE": "false",
        },
        signed=f"{SIGNED} AND {WRITTEN_NOW} AND {LIVES_THERE}",
    ),
    "shelters.EvacuationCounted": Guard(
        "D4",
        own={FIELD: of("evacuation_id", "shelters_evacuation")},
        scopes=(EXPOSURE,),
        writes={
            "INSERT": f"{ROLE} = '{FIELD}' AND {of('evacuation_id', 'shelters_evacuation')}",
            "UPDATE": "false",
            "DELETE": "false",
        },
        signed=f"{SIGNED} AND {WRITTEN_NOW} AND {IS_RUNNING}",
    ),
    # Who works there, which is not for everybody who knows the shelter's code.
    "shelters.EvacuationCall": Guard(
        "D14",
        own=dict.fromkeys((SPONSOR, OFFICER, COORDINATOR, FINANCE), f"person_id = {WHO}")
        | {FIELD: of("evacuation_id", "shelters_evacuation")},
        scopes=(EXPOSURE,),
        writes={
            "INSERT": f"{ROLE} IN ('{FIELD}', '{ADMINISTRATOR}') "
            f"AND {of('evacuation_id', 'shelters_evacuation')}",
            "UPDATE": f"{ROLE} = '{FIELD}' AND {of('evacuation_id', 'shelters_evacuation')}",
            "DELETE": "false",
        },
        signed="reached_at IS NULL",
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
    # Made by trigger of what others wrote down; whoever writes here books what was typed, in their own name.
    "donations.Expense": Guard(
        "D12",
        own={SPONSOR: "false"},
        scopes=(EXPOSURE,),
        writes={"DELETE": "false"},
        signed=f"{SIGNED_NOW} AND source = ''",
    ),
    # --- routes
    "supply.Route": Guard("D8", also={AUDITOR: "true"}, scopes=(FIGURES, GUARD, EXPOSURE, Scope.FORGET)),
    "supply.Recipient": Guard("D8", also={AUDITOR: "true"}, scopes=(FIGURES, GUARD, EXPOSURE, Scope.FORGET)),
    "supply.RouteStatus": Guard("D8", also={AUDITOR: "true"}, scopes=(FIGURES, EXPOSURE)),
    "supply.RouteTarget": Guard("D8", also={AUDITOR: "true"}, scopes=(FIGURES, EXPOSURE)),
    "supply.RouteSite": carried(),
    "supply.Consignment": carried(reads=COMING),
    "supply.ConsignmentLine": carried(reads=COMING_LINE),
    "supply.ConsignmentStep": carried(
        reads=f"by_id = {WHO}", adds=f"kind = 'received' AND {OF_A_COMING}", signed=SIGNED_NOW
    ),
    "supply.ConsignmentBooking": carried(
        reads=OF_A_COMING_LINE, adds=f"kind = 'received' AND {OF_A_COMING_LINE}"
    ),
    "supply.Confirmation": carried(reads=OF_A_COMING_LINE, signed=SIGNED_NOW),
    "supply.ConsignmentCost": carried(signed=SIGNED_NOW),
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
    "supply.Movement": Guard(
        "D9",
        own={FIELD: TO_OR_FROM_MY_STORES},
        scopes=(FIGURES, EXPOSURE),
        signed=f"{SIGNED_NOW} AND {NOT_FROM_OTHERS}",
    ),
    "supply.Balance": Guard("D9", own={FIELD: AT_MY_STORES}, scopes=(FIGURES, EXPOSURE)),
    "supply.CountSheet": count(
        AT_MY_STORES, signed=f"counter_id = {WHO} AND state = 'counting' AND finisher_id IS NULL"
    ),
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
        writes={"INSERT": f"{ROLE} = '{COORDINATOR}'", "UPDATE": "false", "DELETE": "false"},
        signed=f"{SIGNED} AND {WRITTEN_NOW}",
    ),
    "supply.StockCount": Guard(
        "D9", own={FIELD: AT_MY_STORES}, scopes=(FIGURES, EXPOSURE), signed=SIGNED_NOW
    ),
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
    "shelters.ShelterLockDown": lock_down(read=f"{ROLE} <> '{SPONSOR}'"),
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
