"""The folders of backups: named by their UTC time, so that they sort and never meet."""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from core.backup.age import Written
from core.backup.problems import NotABackup, NotSetUp, PartChanged, PartMissing

NAMES = "%Y-%m-%dT%H%M%SZ"
MANIFEST = "manifest.json"
DATABASE, KEYS, ROLES, CONTENTS = "database.age", "keys.age", "roles.age", "contents.age"
WORK = ".making-"  # what a killed backup leaves: only ciphertext, swept by pruning
WORK_DAYS = 2
LATEST = timedelta(hours=26)


@dataclass(frozen=True)
class Backup:
    """One whole backup."""

    path: Path
    made_at: datetime

    @property
    def has_keys(self) -> bool:
        return (self.path / KEYS).exists()


@dataclass(frozen=True)
class Pruned:
    """How many went: key parts, whole backups, and leftovers of backups that were cut off."""

    keys: int
    whole: int
    leftovers: int


def name_of(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime(NAMES)


def usual() -> Path:
    """The folder of the nightly backups. Raises NotSetUp."""
    if not settings.BACKUP_DIR:
        raise NotSetUp("BACKUP_DIR")
    return Path(settings.BACKUP_DIR)


def backups_in(folder: Path) -> list[Backup]:
    """Every whole backup of a folder, the oldest first."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        made_at = _moment(path.name)
        if made_at and not path.is_symlink() and (path / MANIFEST).is_file():
            found.append(Backup(path, made_at))
    return sorted(found, key=lambda backup: backup.made_at)


def _moment(name: str) -> datetime | None:
    try:
        return datetime.strptime(name, NAMES).replace(tzinfo=UTC)
    except ValueError:
        return None


def newest_in(folder: Path) -> Backup | None:
    return next(reversed(backups_in(folder)), None)


def is_in_time(folder: Path, *, now: datetime) -> bool:
    """Whether a backup was made within the last 26 hours: a night, and time for it to run."""
    newest = newest_in(folder)
    return newest is not None and now - newest.made_at <= LATEST


def as_text(manifest: dict[str, Any]) -> str:
    """The one spelling of a manifest: a changed byte is a changed manifest."""
    return json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_manifest(path: Path) -> dict[str, Any]:
    """Raises NotABackup, PartChanged."""
    file = path / MANIFEST
    if not file.is_file():
        raise NotABackup(path)
    try:
        text = file.read_text(encoding="utf-8")
        manifest = json.loads(text)
        is_ours = as_text(manifest) == text and set(manifest["parts"]) == {DATABASE, KEYS, ROLES, CONTENTS}
    except (ValueError, TypeError, KeyError):
        is_ours = False
    if not is_ours:
        raise PartChanged(MANIFEST)
    return manifest


def check_parts(path: Path, manifest: dict[str, Any]) -> None:
    """Every part is there, but the keys that may have been pruned, and is what was written.

    Raises PartMissing, PartChanged.
    """
    for name, written in sorted(manifest["parts"].items()):
        if not (path / name).is_file():
            if name == KEYS:
                continue
            raise PartMissing(name)
        if asdict(_measure(path / name)) != written:
            raise PartChanged(name)


def _measure(file: Path) -> Written:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    return Written(file.stat().st_size, digest.hexdigest())


def prune(folder: Path, *, now: datetime, keys_days: int, days: int) -> Pruned:
    """Delete key parts older than `keys_days` and backups older than `days`.

    The newest backup stays, however old; its keys go in their time even so, or forgetting would not be true.
    """
    backups = backups_in(folder)
    old = [backup for backup in backups[:-1] if now - backup.made_at > timedelta(days=days)]
    for backup in old:
        _delete(backup.path)
    locked = [
        backup
        for backup in backups
        if backup not in old and backup.has_keys and now - backup.made_at > timedelta(days=keys_days)
    ]
    for backup in locked:
        (backup.path / KEYS).unlink()
    return Pruned(len(locked), len(old), _sweep(folder, now))


def _delete(path: Path) -> None:
    """First out of sight, so that one cut off half-way is no backup any more."""
    gone = path.with_name(f"{WORK}{path.name}")
    os.rename(path, gone)
    shutil.rmtree(gone)


def _sweep(folder: Path, now: datetime) -> int:
    limit = (now - timedelta(days=WORK_DAYS)).timestamp()
    left = [
        path for path in folder.glob(f"{WORK}*") if not path.is_symlink() and path.stat().st_mtime < limit
    ]
    for path in left:
        shutil.rmtree(path)
    return len(left)
