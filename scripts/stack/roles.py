"""The roles of the database and what each may do there, besides its rights on tables."""

SUPERUSER = "postgres"  # for this runner and `manage.py restore` alone
OWNER = "lfnkr_owner"  # migrates
APP = "lfnkr_app"  # what web, worker and tests connect as
BACKUP = "lfnkr_backup"  # reads every row for `manage.py backup`, and writes none

_COMMON = "login nosuperuser nocreaterole noreplication"


def rights(*, owner_creates_databases: bool) -> dict[str, str]:
    """Role → the words of CREATE ROLE. The owner creates databases for tests, which make their own one."""
    owner = "createdb" if owner_creates_databases else "nocreatedb"
    return {
        OWNER: f"{_COMMON} nobypassrls {owner}",
        APP: f"{_COMMON} nobypassrls nocreatedb",
        BACKUP: f"{_COMMON} bypassrls nocreatedb",
    }


def statements(there: set[str], *, owner_creates_databases: bool) -> list[str]:
    """What makes the roles, or brings those that are there to the same state."""
    wanted = rights(owner_creates_databases=owner_creates_databases)
    made = [f"{'alter' if role in there else 'create'} role {role} {words}" for role, words in wanted.items()]
    return [*made, *FURTHER]


FURTHER = (
    # Every table there is and will be, without a grant that a new one could miss.
    f"grant pg_read_all_data to {BACKUP}",
    f"alter role {BACKUP} set default_transaction_read_only = on",
    # Its statements say for whom it acts, with the proof: no other connection may read them.
    f"alter role {APP} set track_activities = off",
)
