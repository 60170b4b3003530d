"""Tables and filters of this app's registers."""

from accounts.tables.leaks import LeaksFilters, LeaksTable
from accounts.tables.lock_downs import LockDownFilters, LockDownTable
from accounts.tables.logs import AuditFilters, AuditTable, TrailFilters, TrailTable
from accounts.tables.mail import MailboxFilters, MailboxTable, UnsentFilters, UnsentTable
from accounts.tables.openings import OpeningsFilters, OpeningsTable
from accounts.tables.people import PeopleFilters, PeopleTable

__all__ = [
    "AuditFilters",
    "AuditTable",
    "LeaksFilters",
    "LeaksTable",
    "LockDownFilters",
    "LockDownTable",
    "MailboxFilters",
    "MailboxTable",
    "OpeningsFilters",
    "OpeningsTable",
    "PeopleFilters",
    "PeopleTable",
    "TrailFilters",
    "TrailTable",
    "UnsentFilters",
    "UnsentTable",
]
