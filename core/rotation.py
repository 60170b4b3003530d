"""Key-encryption keys put in force, and the data keys re-wrapped, while the site goes on working.

Data rows and their history are not touched: only the wrapping of each data key changes.
"""

import base64
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from core import audit, files
from core.keyring import KEY_BYTES, KeyRing, parsed
from core.models import DataKey
from core.sealed import unwrap, wrapped

BATCH = 5_000


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
    """Only the last line stays. Returns how many went. Whoever calls it has seen that nothing needs them."""
    keys = parsed(path.read_text()).keys
    _replace(path, f"{base64.b64encode(list(keys.values())[-1]).decode()}\n")
    return len(keys) - 1


def _replace(path: Path, text: str) -> KeyRing:
    files.replace(path, text, mode=path.stat().st_mode & 0o777)
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
    """One statement a batch: a row that was forgotten meanwhile is not made anew."""
    new = [wrapped(unwrap(row, keys), row.subject, keys) for row in rows]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE core_datakey AS k SET wrapped = n.wrapped, wrapped_by = %s "
            "FROM unnest(%s::uuid[], %s::bytea[]) AS n (subject, wrapped) WHERE k.subject = n.subject",
            [keys.current, [row.subject for row in rows], new],
        )
        return cursor.rowcount
