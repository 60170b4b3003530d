"""Every right by name. A view, a door or a sealed field names one; `roles.py` says who has it."""

from enum import StrEnum


class Right(StrEnum):
    # stock and routes
    STOCK_LOG = "stock.log"  # at the shelters one is posted to
    STOCK_READ = "stock.read"
    ROUTES_READ = "routes.read"
    # shelters and people
    SHELTERS_READ = "shelters.read"
    RESIDENTS_READ = "residents.read"
    REVEAL_SHELTER_ADDRESS = "reveal.shelter_address"
    REVEAL_RESIDENT_IDENTITY = "reveal.resident_identity"
    REVEAL_CHILD_IDENTITY = "reveal.child_identity"
    REVEAL_ROUTE = "reveal.route"
    # children and sponsors
    PORTAL = "portal"  # a sponsor's own child and payments
    CHILDREN_READ = "children.read"
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
    MAILBOX_READ = "mailbox.read"  # the sample's mailbox page
    # what every person may do with their own log-in
    OWN_ACCOUNT = "own.account"
    STAFF_LOG_IN = "own.staff_log_in"  # a password and an app for codes: not for sponsors
