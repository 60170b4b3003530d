"""Backups that are kept: found, counted in days, pruned; and who hears of one that failed or is late."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail

from core import tasks
from core.backup import age, folders
from core.backup.making import make_backup
from core.backup.problems import BackupProblem
from core.models import OutboxMessage
from tests.backups import NOW, said
from tests.factories import UserFactory

DAY = timedelta(days=1)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "backups"


def kept(folder, moment: datetime, *, keys: bool = True):
    """A folder as a backup leaves it."""
    path = folder / folders.name_of(moment)
    path.mkdir(parents=True)
    for name in (folders.DATABASE, folders.ROLES, folders.CONTENTS, folders.MANIFEST):
        (path / name).write_text("x")
    if keys:
        (path / folders.KEYS).write_text("x")
    return path


def test_backups_sort_by_time_and_nothing_else_is_one(folder, tmp_path):
    late, early = kept(folder, NOW), kept(folder, NOW - DAY)
    (folder / "notes").mkdir()
    (folder / folders.name_of(NOW + DAY)).mkdir()  # without a manifest
    (folder / folders.name_of(NOW + 2 * DAY)).symlink_to(early)
    assert [backup.path for backup in folders.backups_in(folder)] == [early, late]
    assert folders.backups_in(tmp_path / "nowhere") == []


@pytest.mark.parametrize(("days", "has_keys"), [(29, True), (30, True), (31, False)])
def test_keys_live_thirty_days(folder, days, has_keys):
    old = kept(folder, NOW - days * DAY)
    kept(folder, NOW)
    pruned = folders.prune(folder, now=NOW, keys_days=30, days=90)
    assert (old / folders.KEYS).exists() is has_keys
    assert (old / folders.DATABASE).exists()
    assert (pruned.keys, pruned.whole) == (int(not has_keys), 0)


def test_the_newest_backup_stays_but_not_its_keys(folder):
    """Else a person would be forgotten only as long as backups go on being made."""
    oldest, old = kept(folder, NOW - 200 * DAY), kept(folder, NOW - 100 * DAY)
    assert folders.prune(folder, now=NOW, keys_days=30, days=90) == folders.Pruned(
        keys=1, whole=1, leftovers=0
    )
    assert not oldest.exists()
    assert old.exists()
    assert not (old / folders.KEYS).exists()


def test_pruning_touches_nothing_that_is_no_backup(folder):
    kept(folder, NOW)
    (folder / "letters").mkdir()
    (folder / "letters" / "2020").write_text("x")
    elsewhere = folder.parent / "elsewhere"
    elsewhere.mkdir()
    (folder / folders.name_of(NOW - 200 * DAY)).symlink_to(elsewhere)
    answer = said("prune_backups", str(folder), "--days", "1", "--keys-days", "10000")
    assert answer.startswith("Deleted: the keys of 0 backups")
    assert (folder / "letters" / "2020").exists()
    assert elsewhere.exists()


def test_check_tells_the_age_and_reads_every_byte(backup_role, identity, folder):
    assert "There is no backup" in said("check_backup", str(folder))
    made = make_backup(folder, now=NOW)
    with time_machine.travel(NOW + timedelta(hours=7), tick=False):
        assert "7.0 hours old, whole, with its keys." in said("check_backup", str(folder))
        content = (made.path / folders.DATABASE).read_bytes()
        (made.path / folders.DATABASE).write_bytes(content[:-1])
        assert "refused: " in (answer := said("check_backup", str(folder)))
        assert "database.age is not what was written" in answer
        (made.path / folders.DATABASE).write_bytes(content)
    with time_machine.travel(NOW + timedelta(hours=27), tick=False):
        assert "older than 26 hours" in said("check_backup", str(folder))


def test_key_pair_is_made_once_and_only_its_public_half_is_shown(tmp_path):
    file = tmp_path / "backup.key"
    answer = said("backup_key", str(file))
    [private] = age.SECRET.findall(file.read_text())
    public = re.search(r"BACKUP_RECIPIENTS=(age1\S+)", answer)[1]
    assert private not in answer
    assert str(age.identities_in(file)[0].to_public()) == public
    assert file.stat().st_mode & 0o077 == 0
    assert "is there already and is not overwritten" in said("backup_key", str(file))
    assert private in file.read_text()


# --- every night -------------------------------------------------------------------------------------


@pytest.fixture
def nightly(settings, folder):
    settings.BACKUP_DIR = str(folder)
    return folder


def test_nothing_happens_where_no_folder_is_set(db, folder, settings):
    settings.BACKUP_DIR = ""
    for command in ("backup", "check_backup", "prune_backups"):
        assert said(command).startswith("refused: BACKUP_DIR is not set")
    tasks.back_up()
    tasks.check_backup()
    assert not OutboxMessage.objects.exists()


def test_night_makes_one_and_prunes(backup_role, identity, nightly):
    old = kept(nightly, NOW - 31 * DAY)
    with time_machine.travel(NOW, tick=False):
        tasks.back_up()
        assert (nightly / folders.name_of(NOW)).is_dir()
        tasks.check_backup()
        assert "0.0 hours old" in said("check_backup")  # by hand, without naming the folder
    assert not (old / folders.KEYS).exists()
    assert not OutboxMessage.objects.exists()


def test_failure_is_mailed_to_every_administrator_once_a_day_and_logged(backup_role, settings, nightly, aya):
    """The mail gives no reason: it may name a host or a table. The task fails, so that the log does."""
    UserFactory(name="Gone", role="administrator", is_active=False)
    UserFactory(name="Emi", role="administrator", language="ja")
    settings.BACKUP_RECIPIENTS = []
    for _try in range(2):
        with time_machine.travel(NOW, tick=False), pytest.raises(BackupProblem):
            tasks.back_up()
    posted = OutboxMessage.objects.order_by("id")
    assert [message.to_address for message in posted] == [aya.email, "emi@example.org"]
    assert posted[0].subject == "The backup failed"
    assert "BACKUP_RECIPIENTS" not in posted[0].body
    assert list(nightly.glob("*")) == []
    assert mail.outbox == []


def test_late_backup_is_mailed_once_a_day(db, nightly, aya):
    kept(nightly, NOW)
    for hours, number in ((26, 0), (27, 1), (28, 1), (27 + 24, 2)):
        with time_machine.travel(NOW + timedelta(hours=hours), tick=False):
            tasks.check_backup()
        assert OutboxMessage.objects.count() == number


def test_administrator_settles_these_mails_and_no_other_officer(db, nightly, aya, miki, as_user):
    with time_machine.travel(NOW, tick=False):
        tasks.check_backup()
    OutboxMessage.objects.update(state="failed")
    assert "There is no backup of last night" in as_user(aya).get("/accounts/unsent/").content.decode()
    assert "There is no backup of last night" not in as_user(miki).get("/accounts/unsent/").content.decode()
