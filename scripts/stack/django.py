"""What manage.py needs before Django starts: an environment, and servers when it uses them."""

import os
from collections.abc import Sequence

from scripts.stack.environment import (
    addresses,
    load_env_file,
    own_servers,
    settings,
    superuser_address,
    with_users_own,
)
from scripts.stack.places import make_local, places_in

# These change tables or compare models with them: they connect as the owner of the database.
AS_OWNER = {
    "makemigrations",
    "migrate",
    "prepare_stack",
    "showmigrations",
    "sqlmigrate",
    "squashmigrations",
}
# This fills an empty database, so nothing may be in it before.
RESTORES = "restore"
WITHOUT_SERVERS = {
    "backup_key",
    "check",
    "check_backup",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "prune_backups",
    "startapp",
    "startproject",
    "version",
}


def set_up(arguments: Sequence[str]) -> None:
    """Set the environment for `manage.py <arguments>`, starting the servers when it needs them.

    With DATABASE_URL and REDIS_URL set nothing is started and no setting is invented. SystemExit
    in one sentence when only one of them is set or the servers do not start.
    """
    command = next((word for word in arguments if not word.startswith("-")), "help")
    if command in AS_OWNER:
        os.environ.setdefault("DATABASE_ROLE", "owner")
    load_env_file()
    if own_servers():
        return
    if _needs_servers(command, arguments):
        from scripts.stack.keeper import ensure_servers  # half of its cost is psycopg2

        os.environ.update(ensure_servers(migrated=command not in {*AS_OWNER, RESTORES}))
        if command == RESTORES:
            os.environ.setdefault("RESTORE_DATABASE_URL", superuser_address(os.environ))
    else:
        local = make_local()
        os.environ.update(with_users_own(settings(local) | addresses(places_in(local))))


def _needs_servers(command: str, arguments: Sequence[str]) -> bool:
    if {"-h", "--help", "--version"} & set(arguments):
        return False
    if command == "check":
        return any(word.startswith("--database") for word in arguments)
    return command not in WITHOUT_SERVERS
