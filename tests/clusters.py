"""PostgreSQL and Valkey of a test's own: a bare machine to restore into, or one whose files are searched."""

import contextlib
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg2

from scripts.stack import roles, servers
from scripts.stack.places import places_in
from scripts.stack.processes import Stop
from scripts.stack.programs import programs_for


class Unstoppable(Stop):
    """Leaves the signals to pytest."""

    def __init__(self) -> None:
        self.asked = threading.Event()


@contextlib.contextmanager
def bare_servers(*, postgres_settings: Sequence[str] = ()) -> Iterator[servers.Servers]:
    """Two servers without any role or database of ours. `postgres_settings`: lines of its configuration."""
    programs = programs_for(Path(tempfile.gettempdir()), Path("/var/tmp"))
    folder = Path(tempfile.mkdtemp(prefix="lfnkr-own-", dir=programs.base))
    folder.chmod(0o711)
    own = servers.Servers(places_in(folder), programs, [], throwaway=True)
    try:
        own._make_cluster(Unstoppable())
        with (own.places.postgres_data / "postgresql.auto.conf").open("a") as configuration:
            configuration.writelines(f"{line}\n" for line in postgres_settings)
        own.start_bare(Unstoppable())
        yield own
    finally:
        own.stop()
        shutil.rmtree(own.places.run, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def address(own: servers.Servers, role: str, database: str) -> dict:
    """As `DATABASES` holds one."""
    host = str(own.places.postgres_sockets)
    return {"HOST": host, "PORT": "", "USER": role, "PASSWORD": "", "NAME": database, "OPTIONS": {}}


def as_superuser(own: servers.Servers, database: str = "postgres") -> "psycopg2.extensions.connection":
    return servers.connect(own.places.postgres_sockets, roles.SUPERUSER, database)


def make_bare(own: servers.Servers) -> None:
    """As the machine was at first: what a test restored is gone, roles too."""
    with contextlib.closing(as_superuser(own)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        cursor.execute("SELECT rolname FROM pg_roles WHERE NOT rolsuper AND rolname !~ '^pg_'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP ROLE "{name}"')
