"""Test 5: which rows of each guarded table each role sees, and why where the matrix says something else."""

OFFICE = ("supply_coordinator", "foster_officer", "finance_officer")

# Who sees what: nothing, their own, all. "told": their own if published; "paying": who pays for a child.
# In order: nobody, sponsor Yuki, field staff Hana, coordinator Sora, foster officer Miki, finance officer
# Kenji, administrator Aya, auditor Otto. It follows from the matrix, but for what DIFFERS says.
EXPECTED = {
    "shelters.Shelter": "–      –      own    all    all    –      all    all",
    "shelters.ShelterStatus": "–      –      own    all    all    –      all    all",
    "shelters.HeadCount": "–      –      own    all    all    –      all    all",
    "shelters.Posting": "–      –      own    –      –      –      all    all",
    "shelters.Resident": "–      –      own    –      –      –      –      –",
    "shelters.Stay": "–      –      own    all    –      –      –      all",
    "shelters.Incident": "–      –      own    all    –      –      all    all",
    "shelters.IncidentPeople": "–      –      own    all    –      –      all    all",
    "shelters.IncidentPayment": "–      –      own    all    –      –      all    all",
    "shelters.IncidentEffect": "–      –      own    all    –      –      all    all",
    "shelters.IncidentNote": "–      –      own    all    –      –      all    all",
    "shelters.Evacuation": "–      –      own    all    all    –      all    all",
    "shelters.EvacuationPerson": "–      –      own    –      –      –      –      –",
    "shelters.EvacuationChild": "–      –      own    –      all    –      –      all",
    "shelters.EvacuationCounted": "–      –      own    –      –      –      –      –",
    "shelters.EvacuationCall": "–      –      own    –      –      –      all    all",
    "shelters.MedicalCase": "–      –      own    –      –      –      –      –",
    "shelters.MedicalCost": "–      –      own    –      –      –      –      –",
    "shelters.MedicalSupply": "–      –      own    –      –      –      –      –",
    "shelters.Allowance": "–      –      own    –      –      –      –      –",
    "shelters.AllowanceTakenBack": "–      –      own    –      –      –      –      –",
    "shelters.ClothingGiven": "–      –      own    all    –      –      –      all",
    "foster.Child": "–      own    own    –      all    –      –      all",
    "foster.ChildStatus": "–      own    own    –      all    –      –      all",
    "foster.SchoolTerm": "–      own    own    –      all    –      –      all",
    "foster.ChildUpdate": "–      told   own    –      all    –      –      –",
    "foster.UpdatePhoto": "–      told   own    –      all    –      –      –",
    "foster.Sponsor": "–      own    –      –      all    all    –      all",
    "foster.Sponsorship": "–      own    –      –      all    all    –      all",
    "foster.SponsorshipRate": "–      own    –      –      all    all    –      all",
    "foster.Pause": "–      own    –      –      all    all    –      all",
    "foster.Due": "–      own    –      –      all    all    –      all",
    "foster.Allocation": "–      own    –      –      all    all    –      all",
    "foster.Reminder": "–      own    –      –      all    all    –      all",
    "foster.ReminderOutcome": "–      own    –      –      all    all    –      all",
    "donations.Donor": "–      own    –      –      paying all    –      all",
    "donations.Donation": "–      own    –      –      paying all    –      all",
    "supply.Route": "–      –      –      all    –      –      –      all",
    "supply.Recipient": "–      –      –      all    –      –      –      all",
    "supply.RouteStatus": "–      –      –      all    –      –      –      all",
    "supply.RouteTarget": "–      –      –      all    –      –      –      all",
    "supply.RouteSite": "–      –      –      all    –      –      –      –",
    "supply.Consignment": "–      –      own    all    –      –      –      –",
    "supply.ConsignmentLine": "–      –      own    all    –      –      –      –",
    "supply.ConsignmentStep": "–      –      own    all    –      –      –      –",
    "supply.ConsignmentBooking": "–      –      own    all    –      –      –      –",
    "supply.Confirmation": "–      –      own    all    –      –      –      –",
    "supply.ConsignmentCost": "–      –      –      all    –      –      –      –",
    "supply.StandingPlan": "–      –      –      all    –      –      –      –",
    "supply.StandingPlanLine": "–      –      –      all    –      –      –      –",
    "supply.Item": "–      –      all    all    –      –      –      all",
    "supply.Pack": "–      –      all    all    –      –      –      all",
    "supply.Lot": "–      –      all    all    –      –      –      all",
    "shelters.RationRule": "–      –      all    all    –      –      –      all",
    "supply.Place": "–      –      all    all    all    –      all    all",
    "supply.Movement": "–      –      own    all    –      –      –      all",
    "supply.Balance": "–      –      own    all    –      –      –      all",
    "supply.StockCount": "–      –      own    all    –      –      –      all",
    "supply.CountSheet": "–      –      own    all    –      –      –      all",
    "supply.CountLine": "–      –      own    all    –      –      –      all",
    "supply.StockLevel": "–      –      own    all    –      –      –      all",
    "supply.StockAlert": "–      –      own    all    –      –      –      all",
    "supply.MonthClosing": "–      –      all    all    –      –      –      all",
    "reports.AnnualReport": "–      –      –      –      –      all    all    all",
    "reports.Section": "–      –      –      –      –      all    all    all",
    "accounts.RevealEntry": "–      –      own    –      –      –      all    all",
    "accounts.RevealRequest": "–      –      own    –      –      –      all    all",
    "accounts.AccessEntry": "–      –      own    –      –      –      –      all",
    "accounts.ExportEntry": "–      –      own    –      –      –      –      all",
    "core.AuditEntry": "–      own    –      –      –      –      –      all",
    "core.LeakFinding": "–      –      all    all    all    –      all    –",
}
_SIGNED = "everybody reads back what they signed"
_NO_OWN = "the cast has no row of their own there"
_PAYS = "who pays for a sponsorship"
_TOLD = "what is published is their child's news (D6)"
_HEADS = "how many heads there are is counted of nights; no person is in them"
_PLACES = "the ledger's places are named by code"
_STORES = "a store is named by its shelter's code (D2)"
_COMMON = "what things are called is common to all stores"
_COMING = "what comes to their own store, once it has left (D9)"
_DRAFTS = dict.fromkeys(
    ("anonymous", "sponsor", "field_staff", "foster_officer"), "drafts are for who answers for them"
)
DIFFERS: dict[str, dict[str, str]] = {
    "shelters.Posting": dict.fromkeys(("sponsor", *OFFICE), _NO_OWN),
    "shelters.EvacuationCall": dict.fromkeys(("sponsor", *OFFICE), _NO_OWN),
    "shelters.EvacuationChild": {"sponsor": "where a child went from a shelter in danger is not for them"},
    "shelters.Stay": {"supply_coordinator": _HEADS, "auditor": _HEADS},
    "foster.ChildUpdate": {"sponsor": _TOLD},
    "foster.UpdatePhoto": {"sponsor": _TOLD},
    "donations.Donor": {"foster_officer": _PAYS},
    "donations.Donation": {"foster_officer": _PAYS},
    "supply.Route": {"auditor": _PLACES},
    "supply.Recipient": {"auditor": _PLACES},
    "supply.RouteStatus": {"auditor": _PLACES},
    "supply.RouteTarget": {"auditor": _PLACES},
    "supply.Consignment": {"field_staff": _COMING},
    "supply.ConsignmentLine": {"field_staff": _COMING},
    "supply.ConsignmentStep": {"field_staff": _SIGNED},
    "supply.ConsignmentBooking": {"field_staff": _COMING},
    "supply.Confirmation": {"field_staff": _COMING},
    "supply.Item": {"field_staff": _COMMON},
    "supply.Pack": {"field_staff": _COMMON},
    "supply.Lot": {"field_staff": _COMMON},
    "supply.MonthClosing": {"field_staff": _COMMON},
    "shelters.RationRule": {"field_staff": _COMMON},
    "supply.Place": {"field_staff": _PLACES, "foster_officer": _STORES, "administrator": _STORES},
    "reports.AnnualReport": _DRAFTS,
    "reports.Section": _DRAFTS,
    "accounts.RevealEntry": {"field_staff": _SIGNED, "administrator": "the openings are all theirs to watch"},
    "accounts.RevealRequest": {"field_staff": _SIGNED, "administrator": "they are the second person"},
    "accounts.AccessEntry": {"field_staff": _SIGNED, "administrator": _NO_OWN},
    "accounts.ExportEntry": {"field_staff": _SIGNED, "administrator": _NO_OWN},
    "core.AuditEntry": {"sponsor": _SIGNED, "administrator": _NO_OWN},
    # The words of a passage are sealed: to who may not open them a finding says where, not what.
    "core.LeakFinding": {
        "field_staff": "settles", "supply_coordinator": "settles", "foster_officer": "settles",
        "administrator": "counts", "auditor": "neither settles nor counts",
    },
}  # fmt: skip
