"""PostgreSQL and Valkey of one place: started, made ready for the product, stopped."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import psycopg2

from scripts.stack import roles
from scripts.stack.locks import wait_until
from scripts.stack.places import Places
from scripts.stack.processes import Child, Stop, stop_all
from scripts.stack.programs import Programs, valkey_server
from scripts.stack.roles import APP, OWNER, SUPERUSER

DATABASE = "lfnkr"

# The same in production (docker-compose.yml): nothing depends on the machine's locales.
INITDB = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
    "--no-instructions",
)
POSTGRES = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    # Nothing of a failed statement is written down, not even its error: that quotes what was typed
    # ("invalid input syntax for type uuid: …"). What remains: the server's own life, and refused log-ins.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
}
# Throw-away data need not survive a power cut.
POSTGRES_THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Servers:
    """The two servers under one `Places`; `start` them, `stop` them, ask whether one `ended`."""

    def __init__(
        self, places: Places, programs: Programs, keep_open: Iterable[int], *, throwaway: bool
    ) -> None:
        """`keep_open` are the locks (file numbers) that live as long as the servers do."""
        self.places = places
        self.programs = programs
        self.keep_open = tuple(keep_open)
        self.throwaway = throwaway
        self.children: list[Child] = []

    def start(self, stop: Stop) -> None:
        """Start both and make roles and database; SystemExit with the reason when one does not."""
        self.start_bare(stop)
        make_roles(self.places.postgres_sockets, may_create_databases=self.throwaway)

    def start_bare(self, stop: Stop) -> None:
        """Start both on a machine as it is before anything of ours: no role, no database."""
        self.places.redis_data.mkdir(mode=0o700, exist_ok=True)
        self._make_cluster(stop)
        self.children = [self._valkey(), self._postgres()]
        checks = (self._valkey_ready, self._postgres_ready)
        for child, is_ready in zip(self.children, checks, strict=True):
            self._wait_for(child, is_ready, stop)

    def stop(self) -> None:
        """Stop both, PostgreSQL without waiting for its clients."""
        stop_all(self.children)

    def ended(self) -> Child | None:
        """The server that ended by itself, if one did."""
        return next((child for child in self.children if child.ended()), None)

    def _environment(self) -> dict[str, str]:
        return {"LC_ALL": "C", "TZ": "UTC", "PATH": os.environ.get("PATH", os.defpath)}

    def _make_cluster(self, stop: Stop) -> None:
        """Make PostgreSQL's data folder when there is none, in one step; or check its version."""
        data = self.places.postgres_data
        if data.exists():
            self._check_version(data)
            _forget_dead_server(data)
            return
        work = data.with_name(f"{data.name}.new-{os.getpid()}")
        work.mkdir(mode=0o700)
        self._give(work)
        command = [self.programs.postgres / "initdb", "-D", work, "-U", SUPERUSER, *INITDB]
        maker = self._child("initdb", command)
        try:
            if maker.wait(stop):
                raise SystemExit(f"PostgreSQL could not make its data folder:\n{maker.last_words()}")
            work.rename(data)
        finally:
            stop_all([maker])
            shutil.rmtree(work, ignore_errors=True)

    def _check_version(self, data: Path) -> None:
        """SystemExit when another major version of PostgreSQL made the data."""
        found = (data / "PG_VERSION").read_text().strip()
        program = self.programs.postgres / "postgres"
        said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True)
        if f" {found}." not in said.stdout:
            raise SystemExit(
                f"{data} was made by PostgreSQL {found}, this is {said.stdout.strip()}: dump it with "
                f"the old programs (PG_BIN=…), or remove all data with `make clean`."
            )

    def _give(self, folder: Path) -> None:
        """Let the account of PostgreSQL own a folder."""
        if self.programs.account is not None:
            os.chown(folder, self.programs.account.pw_uid, self.programs.account.pw_gid)

    def _child(self, name: str, command: list[str | Path]) -> Child:
        """A program of PostgreSQL. SIGINT, because SIGTERM would wait for the clients."""
        return Child(
            name,
            command,
            env=self._environment(),
            cwd=Path("/"),
            stop_signal=signal.SIGINT,
            account=self.programs.account,
            keep_open=self.keep_open,
            quiet=self.throwaway or name == "initdb",  # its last words are in the message
        )

    def _postgres(self) -> Child:
        sockets = self.places.postgres_sockets
        sockets.mkdir(exist_ok=True)
        sockets.chmod(0o711)
        self._give(sockets)
        wanted = POSTGRES | (POSTGRES_THROWAWAY if self.throwaway else {})
        flags = [part for name, value in wanted.items() for part in ("-c", f"{name}={value}")]
        program = self.programs.postgres / "postgres"
        command = [program, "-D", self.places.postgres_data, "-k", sockets, *flags]
        return self._child("postgres", command)

    def _valkey(self) -> Child:
        # What is queued survives a restart; throw-away data is not written at all.
        keep = ("--save", "") if self.throwaway else ("--appendonly", "yes")
        place = ("--dir", self.places.redis_data, "--unixsocket", self.places.redis_socket)
        command = [valkey_server(), *place, "--unixsocketperm", "700", "--port", "0", *keep]
        command += ["--daemonize", "no", "--loglevel", "warning"]
        self.places.redis_socket.unlink(missing_ok=True)
        return Child(
            "valkey",
            command,
            env=self._environment(),
            cwd=Path("/"),
            keep_open=self.keep_open,
            quiet=self.throwaway,
        )

    def _wait_for(self, child: Child, is_ready: Callable[[], bool], stop: Stop) -> None:
        """Wait up to 30 s; SystemExit with the server's last words when it ended or is not ready."""
        if wait_until(lambda: child.ended() or is_ready(), 30, stop) and not child.ended():
            return
        raise SystemExit(f"{child.name} did not start:\n{child.last_words()}")

    def _postgres_ready(self) -> bool:
        with contextlib.suppress(psycopg2.OperationalError):
            connect(self.places.postgres_sockets, SUPERUSER, "postgres").close()
            return True
        return False

    def _valkey_ready(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(self.places.redis_socket))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False


def _forget_dead_server(data: Path) -> None:
    """Remove the note of a killed server whose number now belongs to a stranger (Linux).

    Our locks say that no server of ours is left. PostgreSQL itself only looks whether *some*
    process has that number, and would refuse to start.
    """
    note = data / "postmaster.pid"
    with contextlib.suppress(OSError, ValueError, IndexError):
        number = int(note.read_text().split()[0])
        if Path(f"/proc/{number}/comm").read_text().strip() != "postgres":
            note.unlink()


def connect(sockets: Path, role: str, database: str) -> "psycopg2.extensions.connection":
    """A connection in which each statement stands alone; psycopg2.OperationalError when refused."""
    connection = psycopg2.connect(
        host=str(sockets), user=role, dbname=database, connect_timeout=5, client_encoding="UTF8"
    )
    connection.autocommit = True
    return connection


def make_roles(sockets: Path, *, may_create_databases: bool) -> None:
    """Make the three roles and the database, or bring those that exist to the same state.

    The owner may create databases only for tests, which make their own one. Rights on tables
    are not given here but by the migrations.
    """
    with contextlib.closing(connect(sockets, SUPERUSER, "postgres")) as connection:
        cursor = connection.cursor()
        cursor.execute("select rolname from pg_roles")
        there = {name for (name,) in cursor.fetchall()}
        for statement in roles.statements(there, owner_creates_databases=may_create_databases):
            cursor.execute(statement)
        cursor.execute("select 1 from pg_database where datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(f"create database {DATABASE} owner {OWNER}")
    with contextlib.closing(connect(sockets, SUPERUSER, DATABASE)) as connection:
        cursor = connection.cursor()
        cursor.execute(f"alter schema public owner to {OWNER}")
        cursor.execute("revoke create on schema public from public")


def has_tables(sockets: Path) -> bool:
    """Whether the database was ever migrated."""
    with contextlib.closing(connect(sockets, APP, DATABASE)) as connection:
        cursor = connection.cursor()
        cursor.execute("select to_regclass('public.django_migrations') is not null")
        return bool(cursor.fetchone()[0])
