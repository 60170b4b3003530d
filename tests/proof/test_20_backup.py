"""Test 20: a backup, restored on an empty machine without roles, is the same database again."""

import contextlib
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time

import psycopg2
import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management import call_command

from accounts.models import User
from core.backup import age, folders, restoring, servers
from core.backup.making import make_backup
from core.backup.problems import BackupProblem
from core.identity import acting_as
from core.models import DataKey
from scripts.stack.roles import APP, BACKUP, OWNER
from scripts.stack.servers import connect
from shelters.models import Posting, Shelter
from tests import clusters, factories
from tests.backups import NOW, RESTORED, said, sealed_values, working_on
from tests.database import owner_connection
from tests.proof import scale
from tests.proof.damage import DAMAGE

EQUAL = re.compile(r"(\d+) tables, (\d+) objects: all equal")
FIFTEEN_MINUTES = 900


@pytest.fixture
def superuser(machine):
    """The restored database as its superuser."""

    @contextlib.contextmanager
    def connected():
        with contextlib.closing(clusters.as_superuser(machine, RESTORED)) as connection:
            yield connection.cursor()

    return connected


def opened_with(machine, key_file, settings) -> dict:
    """The sealed values of the restored database that open with this sealing key."""
    settings.SEALING_KEY_FILE = str(key_file)
    with working_on(clusters.address(machine, "postgres", RESTORED)):
        return sealed_values()


@pytest.fixture
def other_key(tmp_path):
    file = tmp_path / "another.key"
    file.write_text("QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU=\n")
    return file


@pytest.fixture
def whole_year(filled, settings, tmp_path):
    """In the whole proof the sample's year and many more people beside them."""
    if scale.WHOLE:
        factories.StayFactory.create_batch(500)
        settings.SAMPLE_LOG_INS = tmp_path / "log-ins.txt"
        call_command("import_workbook", str(settings.SAMPLE_WORKBOOK), verbosity=0)


def test_everything_is_back_on_a_machine_without_roles(
    whole_year, saved, machine, other_key, settings, tally
):
    started = time.monotonic()
    answer = saved.restore()
    seconds = time.monotonic() - started
    tables, objects = map(int, EQUAL.search(answer).groups())
    assert objects >= 644
    assert seconds < FIFTEEN_MINUTES
    assert {"policy", "trigger", "function", "constraint", "grant", "sequence", "role"} <= set(
        restoring.open_backup(saved.path, saved.identity).contents["objects"]
    )
    own_key = settings.SEALING_KEY_FILE
    opened = opened_with(machine, own_key, settings)
    assert len(opened) >= 20
    assert opened == saved.sealed
    assert opened_with(machine, other_key, settings) == {}
    settings.SEALING_KEY_FILE = own_key
    assert each_sees_their_own(machine)
    refused = refused_to_the_app(machine)
    assert refused > 10
    tally(
        f"test 20: {tables} tables and {objects} objects equal, {len(opened)} sealed values open with the "
        f"key and 0 without, {refused} statements refused to the app's role, restored in {seconds:.1f} s"
    )


FORBIDDEN = (
    "CREATE TABLE mine (id int)",
    "CREATE ROLE me",
    f"SET ROLE {OWNER}",
    f"SET ROLE {BACKUP}",
    "SET session_replication_role = replica",
    "TRUNCATE core_datakey",
    "DROP FUNCTION refuse_change()",
)
ON_APPEND_ONLY = (
    "UPDATE {} SET id = id",
    "DELETE FROM {}",
    "TRUNCATE {}",
    "ALTER TABLE {} DISABLE TRIGGER ALL",
)


def what_each_sees() -> dict[str, list[int]]:
    """Whoever is posted somewhere → the shelters that the database shows them."""
    found = {}
    for person in User.objects.filter(pk__in=Posting.objects.values("user")):
        with acting_as(person):
            found[person.email] = sorted(Shelter.objects.values_list("pk", flat=True))
    return found


def each_sees_their_own(machine) -> bool:
    """The row policies are back, and the database believes the app for whom it acts."""
    before = what_each_sees()
    with working_on(clusters.address(machine, APP, RESTORED)):
        assert what_each_sees() == before
        with acting_as(None):
            assert not Shelter.objects.exists()
        assert not Session.objects.exists()
    return any(before.values())


def refused_to_the_app(machine) -> int:
    """How many statements the restored app's role is refused: all that are tried, or this fails."""
    guarded = [model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)]
    tried = [*FORBIDDEN, *(verb.format(table) for table in guarded for verb in ON_APPEND_ONLY)]
    with contextlib.closing(connect(machine.places.postgres_sockets, APP, RESTORED)) as app:
        for statement in tried:
            with pytest.raises(psycopg2.Error, match=r"denied|append-only|owner"), app.cursor() as cursor:
                cursor.execute(statement)
    return len(tried)


# --- controls ----------------------------------------------------------------------------------------


def test_control_without_the_roles_a_restore_turns_red(saved, machine, tmp_path, tally):
    """The same file into a machine without roles, by hand: errors, and no right and no policy is back."""
    with contextlib.closing(clusters.as_superuser(machine)) as superuser, superuser.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {RESTORED}")
    target = clusters.address(machine, "postgres", RESTORED)
    command = [servers.program("pg_restore", at_least=18), f"--dbname={servers.dsn(target)}"]
    by_hand = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    age.decrypt(saved.path / folders.DATABASE, by_hand.stdin, age.identities_in(saved.identity))
    _out, words = by_hand.communicate()
    errors = int(re.search(rb"errors ignored on restore: (\d+)", words)[1])
    assert by_hand.returncode == 1
    assert errors > 100
    backup = restoring.open_backup(saved.path, saved.identity)
    found = restoring.compare(backup).differences
    assert f"role {APP}: missing" in found
    assert [line for line in found if line.startswith("grant table public.core_auditentry")]
    (saved.path / folders.ROLES).unlink()
    assert "roles.age is missing" in saved.restore()
    tally(f"test 20, control: without roles {errors} errors and {len(found)} differences")


def test_control_a_flipped_byte_in_any_file_is_refused(saved, machine, tally):
    flips = 0
    for file in sorted(saved.path.iterdir()):
        content = file.read_bytes()
        places = {0, len(content) - 1, *random.sample(range(len(content)), scale.of(100, 4))}
        for place in places:
            file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            with pytest.raises(BackupProblem):
                restoring.open_backup(saved.path, saved.identity)
            flips += 1
        for cut in (content[:-1], content + b" ", b""):
            file.write_bytes(cut)
            with pytest.raises(BackupProblem):
                restoring.open_backup(saved.path, saved.identity)
        file.write_bytes(content)
    assert restoring.open_backup(saved.path, saved.identity).is_proven
    tally(f"test 20, control: {flips} flipped bytes in 5 files, all refused")


def test_control_every_kind_of_damage_is_named(saved, superuser, tally):
    before = saved.restore()
    assert EQUAL.search(before)
    with superuser() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for statement, _named in DAMAGE.values():
            cursor.execute(statement)
    after = saved.restore("--compare-only")
    named = {what: words for what, (_statement, words) in DAMAGE.items()}
    assert [what for what, words in named.items() if words in before or words not in after] == []
    assert "all equal" not in after
    tally(f"test 20, control: {len(DAMAGE)} kinds of damage, all named")


# --- the keys ----------------------------------------------------------------------------------------


def test_without_the_private_key_nothing_opens(saved, machine, tmp_path):
    nothing = tmp_path / "empty.txt"
    nothing.write_text("")
    assert "holds no private key" in saved.restore(identity=nothing)
    assert "holds no private key" in said("restore", str(saved.path))
    assert "BACKUP_RECIPIENTS=age1" in said("backup_key", str(tmp_path / "another.txt"))
    assert "does not open this backup" in saved.restore(identity=tmp_path / "another.txt")
    assert nothing_was_made(machine)


def nothing_was_made(machine) -> bool:
    with contextlib.closing(clusters.as_superuser(machine)) as superuser, superuser.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_database WHERE NOT datistemplate) "
            "+ (SELECT count(*) FROM pg_roles WHERE rolname !~ '^pg_')"
        )
        return cursor.fetchone() == (2,)


def test_with_pruned_keys_all_is_back_but_what_is_sealed(saved, machine, settings):
    (saved.path / folders.KEYS).unlink()
    answer = saved.restore()
    assert EQUAL.search(answer)
    assert "every sealed value stays closed for ever" in answer
    assert opened_with(machine, settings.SEALING_KEY_FILE, settings) == {}


def test_with_another_sealing_key_nothing_is_touched_until_somebody_answers_for_it(
    saved, machine, other_key, settings
):
    """Whoever has the public key can make a backup that opens, and its functions would run as superuser."""
    settings.SEALING_KEY_FILE = str(other_key)
    answer = saved.restore()
    assert "under another sealing key than the one mounted here" in answer
    assert "add --unproven" in answer
    assert nothing_was_made(machine)


def test_with_another_sealing_key_all_is_back_and_the_operator_is_told(saved, machine, other_key, settings):
    settings.SEALING_KEY_FILE = str(other_key)
    answer = saved.restore("--unproven")
    assert EQUAL.search(answer)
    assert "under another sealing key than the one mounted here" in answer
    assert re.search(r"0 of \d+ data keys open", answer)


def test_long_lived_part_holds_no_data_key_and_no_part_holds_a_secret(saved, tmp_path):
    """A key that also lay in a history table would make forgetting a lie."""
    keys = [bytes(wrapped) for wrapped in DataKey.objects.values_list("wrapped", flat=True)]
    assert len(keys) > 12
    with (tmp_path / "dump").open("wb") as file:
        age.decrypt(saved.path / folders.DATABASE, file, age.identities_in(saved.identity))
    restore = servers.program("pg_restore", at_least=18)
    dump = subprocess.run([restore, "--file=-", tmp_path / "dump"], check=True, capture_output=True).stdout
    real = [key for key in keys if len(key) > 20]
    assert [key for key in real if key.hex().encode() in dump] == []
    assert b"Secret Guest" not in dump
    assert b"COPY public.core_datakey" not in dump
    with (tmp_path / "keys").open("wb") as file:
        age.decrypt(saved.path / folders.KEYS, file, age.identities_in(saved.identity))
    apart = subprocess.run([restore, "--file=-", tmp_path / "keys"], check=True, capture_output=True).stdout
    assert [key for key in real if key.hex().encode() not in apart] == []


# --- while people work -------------------------------------------------------------------------------


def test_backup_while_people_write_is_one_moment(filled, identity, machine, tmp_path, tally):
    """Balances are sums of the ledger: a dump of two moments would not add up, nor fit its checksums."""
    from django.db import connection

    item, place = factories.ItemFactory(code="RICE"), factories.PlaceFactory(code="DEPOT")
    over, written = threading.Event(), []

    def write() -> None:
        try:
            while not over.is_set():
                written.append(factories.receive(place, item, 1))
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    try:
        backups = [
            make_backup(tmp_path / f"backups-{number}", now=NOW).path for number in range(scale.of(20, 1))
        ]
    finally:
        over.set()
        for writer in writers:
            writer.join()
    for backup in backups:
        answer = said("restore", str(backup), "--identity", str(identity))
        assert EQUAL.search(answer), answer
        with working_on(clusters.address(machine, "postgres", RESTORED)):
            assert said("check_ledger") == "0 differences\n"
        clusters.make_bare(machine)
        shutil.rmtree(backup)
    tally(f"test 20: {len(backups)} backups while {len(written)} rows were written, all equal and adding up")


# 2 MB that cannot be packed tighter, as sealed photos cannot, and as often as wanted.
NOISE = """
CREATE TABLE much AS
WITH noise AS MATERIALIZED (
  SELECT string_agg(uuid_send(gen_random_uuid()), NULL) AS x
  FROM generate_series(1, 512) AS row, generate_series(1, 256) GROUP BY row)
SELECT x FROM noise, generate_series(1, %s)
"""
MEASURED = """
import resource, sys, django
django.setup()
from django.core.management import call_command
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
call_command("backup", sys.argv[1])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_memory_stays_small_whatever_the_size(backup_role, identity, settings, tmp_path, tally):
    """A backup goes through as a stream: the process grows by far less than what it writes."""
    megabytes, name = scale.of(200, 4), backup_role["NAME"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "lfnkr.settings",
        "BACKUP_DATABASE_URL": f"{os.environ['BACKUP_DATABASE_URL'].rpartition('/')[0]}/{name}",
        "BACKUP_RECIPIENTS": settings.BACKUP_RECIPIENTS[0],
    }
    with contextlib.closing(owner_connection(name)) as owner:
        servers.run(owner, NOISE, [megabytes // 2])
        started = time.monotonic()
        try:
            command = [sys.executable, "-c", MEASURED, str(tmp_path)]
            ran = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        finally:
            servers.run(owner, "DROP TABLE much")
    seconds, grown = time.monotonic() - started, int(ran.stdout.split()[-1]) / 1024
    written = sum(file.stat().st_size for file in tmp_path.rglob("*.age")) / 1e6
    assert written > megabytes / 2
    assert grown < 30
    tally(f"test 20: {written:.0f} MB written in {seconds:.0f} s, the process grew by {grown:.0f} MiB")
