"""Test 9: what is written in a log stays as it was, and the owner of the database rewrites none unseen."""

from contextlib import closing

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from accounts import tasks
from accounts.selectors import mail_in_the_care_of
from core import audit, trail
from core.identity import acting_as
from core.models import OutboxMessage, TrailDigest
from tests import factories as f
from tests.conftest import TEST_DATABASE
from tests.database import owner_connection
from tests.house.source import APPS

MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]
TABLES = [model._meta.db_table for model in MODELS if getattr(model, "append_only", False)]
REFUSED = {
    "update": "UPDATE {} SET id = id",
    "delete": "DELETE FROM {}",
    "truncate": "TRUNCATE {}",
    "disable its trigger": "ALTER TABLE {} DISABLE TRIGGER ALL",
    "drop its trigger": "DROP TRIGGER append_only ON {}",
    "lift its policies": "ALTER TABLE {} DISABLE ROW LEVEL SECURITY",
    "own it": "ALTER TABLE {} OWNER TO lfnkr_app",
    "grant it": "GRANT UPDATE ON {} TO lfnkr_app",
}
ELSEWHERE = [
    "SET session_replication_role = replica",
    "SET ROLE lfnkr_owner",
    "SET SESSION AUTHORIZATION lfnkr_owner",
    'DROP POLICY "select" ON core_auditentry',
    "INSERT INTO core_trailentry (at, role, record_type, record_id, record_label, operation, changes) "
    "VALUES (now(), 'system', 'x', '', '', 'insert', '{}')",
    "INSERT INTO core_traildigest (at, covers, digest) VALUES (now(), '{}', '')",
]


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


def test_no_log_gives_way_to_the_apps_role(db, tally):
    tried = [way.format(table) for table in TABLES for way in REFUSED.values()] + ELSEWHERE
    # GRANT on a table that is not one's own is a warning in PostgreSQL; what counts is that it gives nothing.
    assert [line for line in tried if not refused(line) and not line.startswith("GRANT")] == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM unnest(%s) t WHERE has_table_privilege(current_user, t, 'UPDATE, DELETE')",
            [TABLES],
        )
        assert cursor.fetchone() == (0,)
    tally(f"test 09: {len(tried)} statements against {len(TABLES)} logs and ledgers, all refused")


def test_the_same_statements_work_where_nothing_is_guarded(db):
    """Control: they are not refused for being wrong. The app may make no table, so the owner tries them."""
    with closing(owner_connection(TEST_DATABASE)) as owner, owner.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE scratch AS SELECT 1 AS id")
        for way in ("update", "truncate", "disable its trigger"):
            cursor.execute(REFUSED[way].format("scratch"))


@pytest.mark.parametrize("thing", ["TABLE", "TEMPORARY TABLE"])
def test_the_app_makes_no_table_that_could_stand_before_ours(thing, db):
    """A temporary one would answer, or listen, in all later requests of the same connection."""
    assert refused(f"CREATE {thing} accounts_user (id bigint)")
    assert refused("CREATE FUNCTION pg_temp.core_who() RETURNS bigint LANGUAGE sql AS 'SELECT 1'")


# --- whoever owns the database ---------------------------------------------------------------------------


@pytest.fixture
def digests(transactional_db, aya):
    """Two days of a log, each under its digest."""
    for _day in range(2):
        f.AuditEntryFactory(by_name="Hana")
        trail.take_digest()
    return [trail.line_of(digest) for digest in TrailDigest.objects.order_by("id")]


def as_owner(*statements: str) -> None:
    with closing(owner_connection(TEST_DATABASE)) as owner, owner.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def rewritten(statement: str, table: str = "core_auditentry") -> None:
    as_owner(
        f"ALTER TABLE {table} DISABLE TRIGGER USER", statement, f"ALTER TABLE {table} ENABLE TRIGGER USER"
    )


def test_untouched_logs_give_every_digest(digests, capsys):
    assert trail.broken_digests() == []
    call_command("check_trail")
    assert "0 digests differ" in capsys.readouterr().out


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_auditentry SET by_name = 'Jin' WHERE id = (SELECT min(id) FROM core_auditentry)",
        "DELETE FROM core_auditentry WHERE id = (SELECT max(id) FROM core_auditentry)",
        "UPDATE core_auditentry SET at = at - interval '1 day'",
    ],
)
def test_a_log_rewritten_by_its_owner_gives_its_digests_no_longer(digests, statement):
    rewritten(statement)
    assert trail.broken_digests() != []
    with pytest.raises(CommandError, match="A log was rewritten"):
        call_command("check_trail")


def test_a_row_slipped_in_among_older_ones_breaks_the_digest_too(digests):
    rewritten("UPDATE core_auditentry SET id = id + 1000")
    trail.take_digest()
    rewritten(
        "INSERT INTO core_auditentry (id, by_name, action, subject_type, subject_label, changes, reason) "
        "VALUES (500, 'Hana', 'x', '', '', '{}', '')"
    )
    assert trail.broken_digests() != []


def test_digests_rewritten_with_the_log_differ_from_those_kept_elsewhere(digests, tmp_path):
    kept = tmp_path / "kept.txt"
    kept.write_text("\n".join(digests))
    rewritten("UPDATE core_auditentry SET by_name = 'Jin'")
    rewritten("DELETE FROM core_traildigest", "core_traildigest")
    trail.take_digest()
    assert trail.broken_digests() == []  # the database alone tells nothing any more
    with pytest.raises(CommandError, match="no longer gives digest 1, 2"):
        call_command("check_trail", kept=kept)


def test_a_file_that_holds_no_digests_is_told(digests, tmp_path):
    kept = tmp_path / "kept.txt"
    kept.write_text("hello\n")
    with pytest.raises(CommandError, match="Line 1 is no digest"):
        call_command("check_trail", kept=kept)


def test_auditor_gets_the_days_digest_once_and_nothing_else_in_it(transactional_db, otto, aya, hana):
    with acting_as(hana):
        audit.record(by=hana, action="stock.used", subject=hana)
    tasks.send_trail_digest()
    tasks.send_trail_digest()
    mail = OutboxMessage.objects.get()
    assert mail.to_address == otto.email
    assert TrailDigest.objects.order_by("id")[0].digest in mail.body
    assert "Hana" not in mail.body
    assert mail_in_the_care_of(aya).filter(pk=mail.pk).exists()  # if it fails, the administrator settles it
