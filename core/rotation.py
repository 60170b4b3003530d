"""Key-encryption keys put in force, and the data keys re-wrapped, while the site goes on working.

Data rows and their history are not touched: only the wrapping of each data key changes. One rotation runs at
a time (`alone`): two would wrap to and fro, and one could drop the key that the other has just wrapped with.
"""

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import audit, disk
from core.keyring import KEY_BYTES, KeyRing, parsed
from core.models import DataKey
from core.sealed import unwrap, wrapped

BATCH = 5_000
_LOCK = "'core_datakey'::regclass::oid::bigint"


class AnotherRuns(Exception):
    def __str__(self) -> str:
        return _(
            "Another rotation of the keys is running. Wait until it has ended, then start this one anew."
        )


class StillNeeded(Exception):
    """`args[0]`: how many data keys."""

    def __str__(self) -> str:
        return ngettext(
            "%(count)s data key is still wrapped by a former key, so none was taken out: rotate once more.",
            "%(count)s data keys are still wrapped by a former key, so none was taken out: rotate once more.",
            self.args[0],
        ) % {"count": self.args[0]}


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else rotates meanwhile, on whatever machine. Raises AnotherRuns.

    The lock is the connection's: it goes with it, should this process be killed.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({_LOCK})")
        if cursor.fetchone() != (True,):
            raise AnotherRuns
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:  # a lost connection has let go by itself
            cursor.execute(f"SELECT pg_advisory_unlock({_LOCK})")


def add_key(path: Path) -> str:
    """A new last line in the key file; from now on it wraps what is new. Returns its fingerprint.

    The file is replaced in one step: a process reads it before or after, never in between. Raises OSError,
    ValueError when the file holds no keys.
    """
    text = path.read_text()
    parsed(text)
    made = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
    return _replace(path, f"{text.rstrip()}\n{made}\n").current


def drop_former_keys(path: Path) -> int:
    """Only the last line stays. Returns how many went.

    No data key is written meanwhile, and one that is being written is waited for. Raises StillNeeded when a
    data key is not under the last line's; OSError, ValueError.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE core_datakey IN SHARE MODE")
        ring = parsed(path.read_text())
        if under_others := DataKey.objects.exclude(wrapped_by=ring.current).count():
            raise StillNeeded(under_others)
        _replace(path, f"{base64.b64encode(ring.key(ring.current)).decode()}\n")
    return len(ring.keys) - 1


def _replace(path: Path, text: str) -> KeyRing:
    disk.replace(path, text, mode=path.stat().st_mode & 0o777)
    return parsed(text)


def rewrap(*, by: Any, keys: KeyRing) -> int:
    """Every data key under the current key-encryption key. Returns how many were under another one.

    Batch by batch, each its own transaction: broken off, it goes on where it stopped. Raises KeysLocked and
    CannotOpen, naming nothing, when a key in the file opens a data key no longer.
    """
    changed = sum(_rewrap_batch(batch, keys) for batch in _batches(keys))
    with transaction.atomic():
        audit.record(
            by=by,
            action="core.keys_rotated",
            subject=DataKey(),
            changes={"keys": [0, changed], "wrapped_by": [None, keys.current]},
        )
    return changed


def _batches(keys: KeyRing) -> Iterator[list[DataKey]]:
    while batch := list(DataKey.objects.exclude(wrapped_by=keys.current)[:BATCH]):
        yield batch


@transaction.atomic
def _rewrap_batch(rows: list[DataKey], keys: KeyRing) -> int:
    """One statement a batch: a row forgotten meanwhile is not made anew, one wrapped meanwhile stays so."""
    new = [wrapped(unwrap(row, keys), row.subject, keys) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_datakey AS k SET wrapped = n.wrapped, wrapped_by = %s "
            "FROM unnest(%s::uuid[], %s::bytea[], %s::bytea[]) AS n (subject, former, wrapped) "
            "WHERE k.subject = n.subject AND k.wrapped = n.former",
            [keys.current, [row.subject for row in rows], [bytes(row.wrapped) for row in rows], new],
        )
        return cursor.rowcount
