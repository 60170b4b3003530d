"""One backup into an empty database, and whether all of it is there again.

Everything that can be refused is refused before the server is touched; what fails later is undone.
"""

import contextlib
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from pyrage.x25519 import Identity

from core import identity
from core.backup import age, folders, inventory, proof, roles, servers
from core.backup.comparing import differences
from core.backup.making import IDENTITY_TABLE, KEY_TABLE, NEVER_SAVED
from core.backup.problems import InUse, NotASuperuser, NotEmpty, PartChanged, ServerTooOld, Unproven
from core.keyring import KeysLocked
from core.models import DataKey
from core.sealed import CannotOpen, unwrap

SETTING = "RESTORE_DATABASE"
BESIDE = "postgres"  # the database to connect to while ours is made


@dataclass(frozen=True)
class Backup:
    """A backup that was opened and found whole, nothing of it restored yet."""

    path: Path
    manifest: dict[str, Any]
    contents: inventory.Inventory
    roles: roles.Roles
    identities: list[Identity]
    is_proven: bool  # made with the sealing key mounted here

    @property
    def has_keys(self) -> bool:
        return (self.path / folders.KEYS).exists()


@dataclass(frozen=True)
class Compared:
    """How a database stands to a backup."""

    tables: int
    objects: int
    differences: list[str]
    keys: int
    keys_that_open: int


def open_backup(path: Path, identity: Path | None) -> Backup:
    """Read a backup and check every part of it. Raises BackupProblem; touches no server."""
    manifest = folders.read_manifest(path)
    identities = age.identities_in(identity)
    folders.check_parts(path, manifest)
    signed = age.decrypt_json(path / folders.CONTENTS, identities)
    is_proven = proof.holds(signed["text"], signed["proof"])
    said = json.loads(signed["text"])
    parts = {name: part for name, part in manifest["parts"].items() if name != folders.CONTENTS}
    if manifest | {"parts": parts} != said["manifest"] or path.resolve().name != manifest["made_at"]:
        raise PartChanged(folders.MANIFEST)
    saved = age.decrypt_json(path / folders.ROLES, identities)
    if not roles.are_known(saved):
        raise PartChanged(folders.ROLES)
    return Backup(path, manifest, said["contents"], saved, identities, is_proven)


def restore(backup: Backup, *, also_unproven: bool = False) -> Compared:
    """Roles, tables, rows, keys, rights: all of it, or nothing. Raises BackupProblem.

    What is in a backup runs as superuser: `also_unproven`: somebody answers for one that proves nothing.
    """
    if not (backup.is_proven or also_unproven):
        raise Unproven
    address = servers.address_of(SETTING)
    version = backup.manifest["postgresql"]
    command = [servers.program("pg_restore", at_least=version), f"--dbname={servers.dsn(address)}"]
    command += ["--exit-on-error", "--single-transaction", "--no-password"]
    with servers.connected({**address, "NAME": BESIDE}, SETTING) as beside:
        _check_server(beside, version)
        _check_empty(beside, address)
        with _made_anew(beside, address["NAME"], backup.roles):
            # Rows before triggers and policies, or they would act on what is restored.
            _feed([*command, "--section=pre-data"], folders.DATABASE, backup, address)
            if backup.has_keys:
                _feed([*command, "--section=data"], folders.KEYS, backup, address)
            _feed([*command, "--section=data", "--section=post-data"], folders.DATABASE, backup, address)
            roles.fit_database(beside, address["NAME"], backup.roles)
            with servers.connected(address, SETTING) as connection:
                _introduce_ourselves(connection)
    return compare(backup)


def compare(backup: Backup) -> Compared:
    """What is in the database now against what the backup says; changes nothing."""
    with servers.connected(servers.address_of(SETTING), SETTING) as connection:
        found = inventory.take(connection, without=NEVER_SAVED)
        known = roles.read(connection, names=backup.roles["roles"])
        keys = _wrapped_keys(connection)
    found["objects"] |= roles.as_objects(known)
    left_out = "" if backup.has_keys else KEY_TABLE
    return Compared(
        tables=len(found["tables"]),
        objects=inventory.count_objects(found),
        differences=differences(backup.contents, found, left_out=left_out),
        keys=len(keys),
        keys_that_open=sum(map(_opens, keys)),
    )


def _check_server(beside: Connection, needed: int) -> None:
    """Raises ServerTooOld, NotASuperuser."""
    if (found := servers.server_version(beside)) < needed:
        raise ServerTooOld(found, needed)
    if servers.ask(beside, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") != [(True,)]:
        raise NotASuperuser


def _exists(beside: Connection, name: str) -> bool:
    return bool(servers.ask(beside, "SELECT 1 FROM pg_database WHERE datname = %s", [name]))


def _check_empty(beside: Connection, address: servers.Address) -> None:
    """Raises NotEmpty."""
    if not _exists(beside, address["NAME"]):
        return
    with servers.connected(address, SETTING) as connection:
        found = inventory.objects(connection)
    if any(found[kind] for kind in ("relation", "sequence", "function", "type")):
        raise NotEmpty(address["NAME"])


@contextlib.contextmanager
def _made_anew(beside: Connection, name: str, saved: roles.Roles) -> Iterator[None]:
    """The roles that are missing, and a database of the same sorting rules in place of the empty one.

    On failure both are as before. Raises InUse.
    """
    passwords = [settings.APP_DATABASE, settings.OWNER_DATABASE, settings.BACKUP_DATABASE]
    was_there = _exists(beside, name)
    made = roles.make_missing(beside, saved, passwords)
    with contextlib.ExitStack() as on_failure:
        for role in reversed(made):
            on_failure.callback(_drop, beside, "ROLE", role)
        _drop(beside, "DATABASE", name)
        if was_there:
            on_failure.callback(_create_empty, beside, name)
        roles.create_database(beside, name, saved)
        on_failure.callback(_drop, beside, "DATABASE", name)
        yield
        on_failure.pop_all()


def _drop(beside: Connection, kind: str, name: str) -> None:
    try:
        servers.run(beside, sql.SQL("DROP " + kind + " IF EXISTS {}").format(sql.Identifier(name)))
    except psycopg2.errors.ObjectInUse:
        raise InUse(name) from None


def _create_empty(beside: Connection, name: str) -> None:
    servers.run(beside, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _feed(command: list[Any], part: str, backup: Backup, address: servers.Address) -> None:
    """Decrypt a part into pg_restore, which reads no further than it needs."""
    reads = servers.running(command, address, stdin=subprocess.PIPE)
    with reads as process, contextlib.suppress(BrokenPipeError):
        age.decrypt(backup.path / part, process.stdin, backup.identities)


def _introduce_ourselves(connection: Connection) -> None:
    """The database learns this machine's SECRET_KEY, as `migrate` would tell it, and finds its statistics."""
    insert = sql.SQL("INSERT INTO {} VALUES (%s)").format(sql.Identifier(*IDENTITY_TABLE.split(".")))
    for secret in identity.secrets_in_force():
        servers.run(connection, insert, [secret])
    servers.run(connection, "ANALYZE")


def _wrapped_keys(connection: Connection) -> list[DataKey]:
    fields = DataKey._meta.concrete_fields
    columns = sql.SQL(", ").join(sql.Identifier(field.column) for field in fields)
    table = sql.Identifier("public", DataKey._meta.db_table)
    rows = servers.ask(connection, sql.SQL("SELECT {} FROM {}").format(columns, table))
    return [
        DataKey(**{field.attname: field.to_python(value) for field, value in zip(fields, row, strict=True)})
        for row in rows
    ]


def _opens(key: DataKey) -> bool:
    try:
        unwrap(key)
    except (KeysLocked, CannotOpen):
        return False
    return True
