"""Backups when something is not as it should be: a sentence, and nothing left half done."""

import contextlib
import json
import os
import re
import resource
import stat
from datetime import timedelta

import psycopg2
import pytest
from django.conf import settings as django_settings
from django.db import connection

from core.backup import age, folders, making, restoring, servers
from core.backup.making import make_backup
from core.backup.problems import (
    CannotWrite,
    FolderTaken,
    NotAPublicKey,
    NothingThere,
    NotSetUp,
    PartChanged,
    ProgramFailed,
    ProgramMissing,
    ProgramTooOld,
    SeesNotEverything,
    ServerUnreachable,
)
from scripts.stack.roles import APP, BACKUP
from tests import clusters
from tests.backups import NOW, RESTORED, said
from tests.database import owner_connection


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def names_in(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def program(folder, name: str, script: str) -> None:
    """A stand-in for a program of PostgreSQL that goes wrong."""
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


# --- making ------------------------------------------------------------------------------------------


def test_command_says_what_it_made_and_only_we_can_read_it(backup_role, identity, folder):
    answer = said("backup", str(folder))
    [name] = names_in(folder)
    assert f"{name}: " in answer
    assert " tables, " in answer
    parts = ["contents.age", "database.age", "keys.age", "manifest.json", "roles.age"]
    assert names_in(folder / name) == parts
    for path in (folder, *folder.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_manifest_tells_when_and_what_but_not_how_much(filled, identity, folder):
    manifest = json.loads((make_backup(folder, now=NOW).path / folders.MANIFEST).read_text())
    assert manifest["made_at"] == "2026-11-20T031500Z"
    assert manifest["migrations"]["core"].startswith("0")
    assert set(manifest) == {"format", "made_at", "postgresql", "migrations", "tables", "objects", "parts"}


def test_a_backup_is_never_overwritten(backup_role, identity, folder):
    (folder / folders.name_of(NOW)).mkdir(parents=True)
    with pytest.raises(FolderTaken):
        make_backup(folder, now=NOW)
    assert names_in(folder / folders.name_of(NOW)) == []


@pytest.mark.parametrize("keys", [[], [""], [" "]])
def test_without_a_public_key_no_backup(backup_role, settings, folder, keys):
    settings.BACKUP_RECIPIENTS = keys
    with pytest.raises(NotSetUp, match="BACKUP_RECIPIENTS is not set"):
        make_backup(folder, now=NOW)


def test_a_private_key_in_the_settings_is_refused_without_showing_it(backup_role, identity, settings, folder):
    private = identity.read_text().splitlines()[-1]
    settings.BACKUP_RECIPIENTS = [*settings.BACKUP_RECIPIENTS, private]
    with pytest.raises(NotAPublicKey) as refusal:
        make_backup(folder, now=NOW)
    assert private not in str(refusal.value)
    assert "does not belong on this machine" in str(refusal.value)


def test_every_recipient_can_open_it(backup_role, identity, settings, tmp_path, folder):
    settings.BACKUP_RECIPIENTS += [age.make_key_file(tmp_path / "second.txt", now=NOW)]
    made = make_backup(folder, now=NOW)
    for file in (identity, tmp_path / "second.txt"):
        assert restoring.open_backup(made.path, file).is_proven


def test_role_held_back_by_policies_makes_no_backup(backup_role, identity, settings, folder):
    settings.BACKUP_DATABASE = backup_role | {"USER": APP}
    with pytest.raises(SeesNotEverything):
        make_backup(folder, now=NOW)
    assert names_in(folder) == []


@pytest.mark.parametrize("only", ["", "shelters_shelter"])
def test_app_role_cannot_dump(backup_role, only):
    """Not the database, nor one table that row policies guard."""
    address = backup_role | {"USER": APP}
    command = [servers.program("pg_dump", at_least=18), f"--dbname={servers.dsn(address)}"]
    command += [f"--table={only}"] if only else []
    with pytest.raises(ProgramFailed) as refusal, servers.running(command, address, stdout=-1) as process:
        process.stdout.read()
    assert re.search("permission denied|row-level security", refusal.value.last_words)


def test_server_that_is_away_is_said_with_its_own_words(backup_role, identity, settings, folder):
    settings.BACKUP_DATABASE = backup_role | {"USER": "nobody_here"}
    with pytest.raises(ServerUnreachable) as refusal:
        make_backup(folder, now=NOW)
    assert 'role "nobody_here" does not exist' in refusal.value.last_words
    assert "nobody_here" in said("backup", str(folder))
    assert names_in(folder) == []


def test_empty_database_is_no_backup(backup_role, identity, settings, folder):
    settings.BACKUP_DATABASE = backup_role | {"NAME": "postgres"}
    with pytest.raises(NothingThere):
        make_backup(folder, now=NOW)


GOES_WRONG = 'case "$1" in --version) echo "pg_dump (PostgreSQL) 18.4"; exit;; esac; '


@pytest.mark.parametrize("script", ["exit 1", "head -c 100000 /dev/zero; exit 1", "kill -9 $$"])
def test_dump_that_fails_half_way_leaves_nothing(backup_role, identity, settings, tmp_path, folder, script):
    program(tmp_path / "bin", "pg_dump", f"{GOES_WRONG} echo 'it broke' >&2; {script}")
    settings.PG_BIN = str(tmp_path / "bin")
    with pytest.raises(ProgramFailed) as refusal:
        make_backup(folder, now=NOW)
    assert refusal.value.last_words == "it broke"
    assert names_in(folder) == []


def test_programs_missing_or_too_old_are_said(backup_role, identity, settings, tmp_path, folder):
    settings.PG_BIN = str(tmp_path)
    with pytest.raises(ProgramMissing, match="pg_dump was not found"):
        make_backup(folder, now=NOW)
    program(tmp_path, "pg_dump", "echo 'pg_dump (PostgreSQL) 16.14'")
    with pytest.raises(ProgramTooOld, match="is of PostgreSQL 16.14 and cannot work with version 18"):
        make_backup(folder, now=NOW)
    assert names_in(folder) == []


def test_full_disk_leaves_nothing(backup_role, identity, folder):
    """The limit of a file's size stands for the end of a disk: both are an OSError half-way."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(CannotWrite, match="is the disk full"):
            make_backup(folder, now=NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert names_in(folder) == []


def test_killed_backup_is_no_backup_and_is_swept_later(backup_role, identity, folder):
    left = folder / f"{folders.WORK}{folders.name_of(NOW)}-1"
    left.mkdir(parents=True)
    assert folders.backups_in(folder) == []
    an_hour_ago = NOW.timestamp() - 3600
    os.utime(left, (an_hour_ago, an_hour_ago))
    assert folders.prune(folder, now=NOW, keys_days=30, days=365).leftovers == 0
    assert folders.prune(folder, now=NOW + timedelta(days=3), keys_days=30, days=365).leftovers == 1


# --- the role ----------------------------------------------------------------------------------------


def test_backup_role_reads_and_never_writes(filled, backup_role):
    with contextlib.closing(psycopg2.connect(servers.dsn(backup_role))) as reader, reader.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_datakey")
        assert cursor.fetchone()[0] > 0
        for statement in (
            "INSERT INTO core_job (uuid) VALUES (gen_random_uuid())",
            "DELETE FROM core_datakey",
            "TRUNCATE core_datakey",
            "SELECT nextval('core_job_id_seq')",
            "CREATE TABLE mine (id int)",
        ):
            cursor.execute("ROLLBACK")
            cursor.execute("SET default_transaction_read_only = off")
            cursor.execute("COMMIT")
            with pytest.raises(psycopg2.Error, match="denied|must be owner"):
                cursor.execute(statement)


def test_backup_role_reads_a_table_made_tomorrow(backup_role):
    name = connection.settings_dict["NAME"]
    with contextlib.closing(owner_connection(name)) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TABLE tomorrow AS SELECT 1 AS x")
        cursor.execute("ALTER TABLE tomorrow ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        try:
            with servers.connected(backup_role, making.SETTING) as reader:
                assert servers.ask(reader, "SELECT x FROM public.tomorrow") == [(1,)]
        finally:
            cursor.execute("DROP TABLE tomorrow")


# --- restoring ---------------------------------------------------------------------------------------


def made_on(machine) -> list[str]:
    """Databases and roles of ours on this machine."""
    with contextlib.closing(clusters.as_superuser(machine)) as superuser, superuser.cursor() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname = %s UNION ALL "
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'lfnkr%%'",
            [RESTORED],
        )
        return [name for (name,) in cursor.fetchall()]


def on(machine, statement: str) -> None:
    with contextlib.closing(clusters.as_superuser(machine)) as superuser:
        servers.run(superuser, statement)


def test_database_with_tables_is_left_alone(saved, machine):
    saved.restore()
    with contextlib.closing(clusters.as_superuser(machine, RESTORED)) as superuser:
        servers.run(superuser, "DELETE FROM core_datakey")
        assert "has tables already" in saved.restore()
        assert servers.ask(superuser, "SELECT count(*) FROM core_datakey") == [(0,)]


def test_empty_database_is_made_anew_unless_somebody_is_in_it(saved, machine):
    on(machine, f"CREATE DATABASE {RESTORED} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
    with contextlib.closing(clusters.as_superuser(machine, RESTORED)):
        assert "Somebody is connected to the database" in saved.restore()
    assert made_on(machine) == [RESTORED]
    assert "all equal" in saved.restore()


@pytest.mark.parametrize("there_before", [True, False])
def test_restore_that_fails_half_way_is_undone(saved, machine, settings, tmp_path, there_before):
    """The tables are there already when the rows fail."""
    if there_before:
        on(machine, f"CREATE DATABASE {RESTORED}")
    real = servers.program("pg_restore", at_least=18)
    script = f'case "$*" in *post-data*) echo no room >&2; exit 1;; esac; exec {real} "$@"'
    program(tmp_path / "bin", "pg_restore", script)
    settings.PG_BIN = str(tmp_path / "bin")
    assert "pg_restore failed. no room" in saved.restore()
    assert made_on(machine) == [RESTORED] * there_before
    settings.PG_BIN = ""
    assert "all equal" in saved.restore()


def test_roles_get_the_passwords_of_the_addresses(saved, machine, settings):
    settings.APP_DATABASE = settings.APP_DATABASE | {"PASSWORD": "it's a secret"}
    saved.restore()
    with contextlib.closing(clusters.as_superuser(machine)) as superuser, superuser.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_authid WHERE rolpassword LIKE 'SCRAM%'")
        assert cursor.fetchall() == [(APP,)]


def test_no_backup_holds_a_password(saved, identity):
    roles = age.decrypt_json(saved.path / folders.ROLES, age.identities_in(identity))
    assert {APP, BACKUP} <= set(roles["roles"])
    assert "password" not in json.dumps(roles)


def test_restore_wants_a_superuser(saved, machine, settings):
    on(machine, "CREATE ROLE lfnkr_owner LOGIN CREATEDB")
    settings.RESTORE_DATABASE = settings.RESTORE_DATABASE | {"USER": "lfnkr_owner"}
    assert "is no superuser" in saved.restore()
    settings.RESTORE_DATABASE = {}
    assert "RESTORE_DATABASE_URL is not set" in saved.restore()


def test_what_is_no_backup_is_not_restored(identity, tmp_path):
    assert "is no backup" in said("restore", str(tmp_path), "--identity", str(identity))


def test_backup_forged_with_the_public_key_is_refused(saved, settings):
    """Whoever holds the folder and the public key can write parts that open; not the proof."""
    identities = age.identities_in(saved.identity)
    signed = age.decrypt_json(saved.path / folders.CONTENTS, identities)
    said_in_it = json.loads(signed["text"])
    said_in_it["contents"]["tables"]["public.accounts_user"]["rows"] = 99
    forged = signed | {"text": json.dumps(said_in_it)}
    (saved.path / folders.CONTENTS).unlink()
    recipients = age.recipients_of(settings.BACKUP_RECIPIENTS)
    written = age.encrypt_json(forged, saved.path / folders.CONTENTS, recipients)
    manifest = json.loads((saved.path / folders.MANIFEST).read_text())
    manifest["parts"][folders.CONTENTS] = {"bytes": written.bytes, "sha256": written.sha256}
    (saved.path / folders.MANIFEST).write_text(folders.as_text(manifest))
    with pytest.raises(PartChanged):
        restoring.open_backup(saved.path, saved.identity)


def test_right_that_no_database_has_is_refused(saved, machine, monkeypatch):
    """It would be pasted into a statement that runs as superuser."""
    backup = restoring.open_backup(saved.path, saved.identity)
    backup.roles["rights"].append(["", "CREATE ON DATABASE postgres TO PUBLIC; --", False])
    with pytest.raises(KeyError):
        restoring.restore(backup)
    assert made_on(machine) == []
    monkeypatch.setattr(age, "decrypt_json", lambda path, keys, read=age.decrypt_json: (
        backup.roles if path.name == folders.ROLES else read(path, keys)
    ))  # fmt: skip
    with pytest.raises(PartChanged):
        restoring.open_backup(saved.path, saved.identity)


def test_part_of_another_backup_is_refused(saved, identity, tmp_path):
    other = make_backup(tmp_path / "other", now=NOW)
    for name in (folders.DATABASE, folders.ROLES, folders.CONTENTS, folders.KEYS):
        own = (saved.path / name).read_bytes()
        (saved.path / name).write_bytes((other.path / name).read_bytes())
        with pytest.raises(PartChanged):
            restoring.open_backup(saved.path, identity)
        (saved.path / name).write_bytes(own)


def test_old_backup_under_a_new_name_is_refused(saved, identity):
    """Else yesterday's backup could be made of one that holds a person who was forgotten since."""
    renamed = saved.path.with_name(folders.name_of(NOW + timedelta(days=1)))
    saved.path.rename(renamed)
    with pytest.raises(PartChanged):
        restoring.open_backup(renamed, identity)


# --- the trial on one machine ------------------------------------------------------------------------


def test_embedded_servers_name_everything_a_backup_needs():
    assert django_settings.BACKUP_DATABASE["USER"] == BACKUP
    assert [key[:4] for key in django_settings.BACKUP_RECIPIENTS] == ["age1"]
    assert django_settings.RESTORE_DATABASE == {}  # a superuser's address is for the restore command alone
