"""One backup: everything of one moment, encrypted on its way, in place only when it is whole."""

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

import pyrage
from django.conf import settings
from django.contrib.sessions.models import Session
from psycopg2.extensions import connection as Connection
from pyrage.x25519 import Recipient

from core.backup import age, folders, inventory, proof, roles, servers
from core.backup.problems import CannotWrite, FolderTaken, NothingThere, SeesNotEverything
from core.disk import flush_names
from core.models import DataKey

SETTING = "BACKUP_DATABASE"
KEY_TABLE = f"public.{DataKey._meta.db_table}"
LOCK_WAIT = "--lock-wait-timeout=120s"  # a dump may wait behind a migration; longer than this is a fault
# Who knows its rows can act for anybody in SQL; a restore writes them anew for its own SECRET_KEY.
IDENTITY_TABLE = "public.core_identitysecret"
# A log-in that was ended since must not come back with a restore: everybody logs in anew.
SESSION_TABLE = f"public.{Session._meta.db_table}"
NEVER_SAVED = (IDENTITY_TABLE, SESSION_TABLE)
WHAT_IS_IN = {
    folders.DATABASE: [f"--exclude-table-data={table}" for table in (KEY_TABLE, *NEVER_SAVED)],
    folders.KEYS: ["--data-only", f"--table={KEY_TABLE}"],
}
_SEES_ALL = """
SELECT (rolsuper OR rolbypassrls) AND pg_has_role(oid, 'pg_read_all_data', 'USAGE')
FROM pg_roles WHERE rolname = current_user
"""
_MIGRATIONS = "SELECT app, max(name) FROM public.django_migrations GROUP BY app ORDER BY app"


@dataclass(frozen=True)
class Made:
    """What a backup holds, for the line that says so."""

    path: Path
    tables: int
    objects: int
    bytes: int


def make_backup(folder: Path, *, now: datetime) -> Made:
    """Write one backup into a new folder below this one. Raises BackupProblem; then nothing is left."""
    recipients = age.recipients_of(settings.BACKUP_RECIPIENTS)
    address = servers.address_of(SETTING)
    target = folder / folders.name_of(now)
    if target.exists():
        raise FolderTaken(target)
    with _work_folder(folder, target) as work:
        with servers.connected(address, SETTING) as connection:
            contents, written = _write_parts(connection, address, work, recipients)
            manifest = _describe(connection, now, contents, written)
        size = _write_manifest(manifest, contents, work, recipients)
    return Made(target, manifest["tables"], manifest["objects"], size)


@contextlib.contextmanager
def _work_folder(folder: Path, target: Path) -> Iterator[Path]:
    """A folder that becomes `target` in one step when all went well, and is gone when not.

    Raises CannotWrite.
    """
    work = folder / f"{folders.WORK}{target.name}-{os.getpid()}"
    with contextlib.ExitStack() as on_failure:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            work.mkdir(mode=0o700)
            on_failure.callback(shutil.rmtree, work, ignore_errors=True)
            yield work
            os.rename(work, target)
            on_failure.pop_all()
            flush_names(folder)
        except (OSError, pyrage.EncryptError) as error:
            raise CannotWrite(folder, str(error)) from error


def _write_parts(
    connection: Connection, address: servers.Address, work: Path, recipients: list[Recipient]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Database, keys and roles of one snapshot. Returns the contents, and the parts as written."""
    pg_dump = servers.program("pg_dump", at_least=servers.server_version(connection))
    with _snapshot(connection) as snapshot:
        before = inventory.sequences(connection)
        common: list[str | Path] = [pg_dump, f"--dbname={servers.dsn(address)}", f"--snapshot={snapshot}"]
        common += ["--format=custom", "--compress=gzip:3", "--no-password", LOCK_WAIT]
        written = {}
        for name, options in WHAT_IS_IN.items():
            with servers.running([*common, *options], address, stdout=subprocess.PIPE) as process:
                stream = cast(IO[bytes], process.stdout)
                written[name] = age.encrypt(stream, work / name, recipients)
        contents = inventory.take(connection, without=NEVER_SAVED)
        saved = roles.read(connection, also=settings.APP_DATABASE_ROLE)
    written[folders.ROLES] = age.encrypt_json(saved, work / folders.ROLES, recipients)
    after = inventory.sequences(connection)
    contents["sequences"] = {
        name: {"before": before.get(name, value), "after": value} for name, value in after.items()
    }
    contents["objects"] |= roles.as_objects(saved)
    return contents, {name: asdict(part) for name, part in written.items()}


@contextlib.contextmanager
def _snapshot(connection: Connection) -> Iterator[str]:
    """One moment that this connection and pg_dump both see, while everybody else goes on writing.

    Raises SeesNotEverything, NothingThere.
    """
    if servers.ask(connection, _SEES_ALL) != [(True,)]:
        raise SeesNotEverything
    inventory.spell_alike(connection)
    if servers.ask(connection, "SELECT to_regclass('public.django_migrations')") == [(None,)]:
        raise NothingThere
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]
        cursor.execute("COMMIT")


def _describe(
    connection: Connection, now: datetime, contents: dict[str, Any], written: dict[str, Any]
) -> dict[str, Any]:
    """The manifest, still without the part that proves it. No row count: it would tell how many we hide."""
    return {
        "format": 1,
        "made_at": folders.name_of(now),
        "postgresql": servers.server_version(connection),
        "migrations": dict(servers.ask(connection, _MIGRATIONS)),
        "tables": len(contents["tables"]),
        "objects": inventory.count_objects(contents),
        "parts": written,
    }


def _write_manifest(
    manifest: dict[str, Any], contents: dict[str, Any], work: Path, recipients: list[Recipient]
) -> int:
    """The contents with a copy of the manifest and their proof, then the manifest. Returns the total size."""
    text = json.dumps({"manifest": manifest, "contents": contents}, ensure_ascii=False)
    signed = {"text": text, "proof": proof.prove(text)}
    parts = manifest["parts"] | {
        folders.CONTENTS: asdict(age.encrypt_json(signed, work / folders.CONTENTS, recipients))
    }
    number = os.open(work / folders.MANIFEST, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(number, "w", encoding="utf-8") as stream:
        stream.write(folders.as_text(manifest | {"parts": parts}))
        stream.flush()
        os.fsync(stream.fileno())
    flush_names(work)
    return sum(part["bytes"] for part in parts.values())
