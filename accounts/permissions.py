"""Every right by name. A view, a door or a sealed field names one; `roles.py` says who has it."""

from enum import StrEnum


class Right(StrEnum):
    # stock and routes
    STOCK_LOG = "stock.log"  # at the shelters one is posted to
    STOCK_READ = "stock.read"
    STOCK_WRITE = "stock.write"  # book at any of our places; items and packs
    STOCK_COUNT = "stock.count"  # count a whole place, and finish what another counted
    STOCK_REVERSE = "stock.reverse"  # take back any movement, by a linked row with a reason
    STOCK_CLOSE = "stock.close"  # close a month of the ledger, and open it again
    RATIONS_SET = "rations.set"  # grams a person and day, from a day on
    ROUTES_READ = "routes.read"
    ROUTES_WRITE = "routes.write"  # routes, their plans and consignments
    # shelters and people
    SHELTERS_READ = "shelters.read"
    SHELTERS_WRITE = "shelters.write"  # register, capacity, state
    SHELTERS_TELL = "shelters.tell"  # at one's own: danger, and the sealed address anew
    RESIDENTS_READ = "residents.read"
    RESIDENTS_WRITE = "residents.write"  # who comes, leaves, is expected, how many are counted
    MEDICAL_WRITE = "medical.write"  # cases and allowances of the residents of one's own shelters
    ALLOWANCE_REVERSE = "allowance.reverse"  # take back an allowance, by a linked row with a reason
    MEDICAL_SUMS = "medical.sums"
    INCIDENTS_READ = "incidents.read"  # kinds, days, codes and numbers
    INCIDENTS_LOG = "incidents.log"  # at the shelters one is posted to, or of routes
    REVEAL_SHELTER_ADDRESS = "reveal.shelter_address"
    REVEAL_RESIDENT_IDENTITY = "reveal.resident_identity"
    REVEAL_CHILD_IDENTITY = "reveal.child_identity"
    REVEAL_ROUTE = "reveal.route"
    REVEAL_INCIDENT = "reveal.incident"  # what a note tells of persons
    REVEAL_MEDICAL = "reveal.medical"  # condition and treatment
    REVEAL_WITH_TWO = "reveal.with_two"  # ask a second person, and be one for what one sees oneself
    REVEAL_SECOND = "reveal.second"  # be the second person also for what one does not see
    BREAK_GLASS = "reveal.break_glass"  # a shelter's address in an emergency
    FORGET = "forget"  # delete the keys of a person, for ever
    OPENINGS_READ = "openings.read"  # the log of openings, never a value
    # children and sponsors
    PORTAL = "portal"  # a sponsor's own child and payments
    CHILDREN_READ = "children.read"
    CHILDREN_WRITE = "children.write"  # where a child lives
    CHILDREN_NEAR = "children.near"  # by code, those at the shelters one is posted to
    UPDATES_WRITE = "updates.write"
    UPDATES_CLEAR = "updates.clear"  # never one's own
    SPONSORS_READ = "sponsors.read"
    REMINDERS_RUN = "reminders.run"
    # money
    DONATIONS_READ = "donations.read"
    DONATIONS_WRITE = "donations.write"
    # figures
    REPORTS_READ = "reports.read"
    REPORTS_WRITE = "reports.write"
    # accounts
    ACCOUNTS_READ = "accounts.read"
    ACCOUNTS_WRITE = "accounts.write"  # invite, change a role, close a log-in; never one's own
    AUDIT_READ = "audit.read"
    MAIL_SETTLE = "mail.settle"  # mail that failed or is in doubt: of log-ins, or all other (selectors)
    LEAKS_SETTLE = "leaks.settle"  # findings of the leak guard whose value one may see
    LEAKS_COUNT = "leaks.count"  # how many there are, not what
    # when something happens
    LOCK_DOWN = "lock_down"  # a colleague, a shelter or oneself, at once and without asking anybody
    LIFT_LOCK_DOWN = "lock_down.lift"  # never one's own
    PANIC = "panic"  # the button on each page
    EXPOSURE_READ = "exposure.read"  # what another log-in could see and did see
    MAILBOX_READ = "mailbox.read"  # the sample's mailbox page
    # what every person may do with their own log-in
    OWN_ACCOUNT = "own.account"
    STAFF_LOG_IN = "own.staff_log_in"  # a password and an app for codes: not for sponsors
