"""100,000 data keys re-wrapped by `manage.py rotate_keys --new-key`, while somebody goes on opening them."""

import base64
import os
import secrets
import shutil
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from benchmarks.ground import database_of_its_own
from benchmarks.harness import Limit, print_limits, say, timed
from core.keyring import KeyRing, KeysLocked, ring
from core.models import DataKey
from core.sealed import CannotOpen, unwrap, wrapped

NUMBER, MOST_SECONDS = 100_000, 60.0
BATCH, SAMPLE = 5_000, 500


@contextmanager
def key_file_of_its_own() -> Iterator[Path]:
    """A key file with one key, named by the settings; the installation's own is not touched."""
    before, folder = settings.SEALING_KEY_FILE, Path(tempfile.mkdtemp())
    path = folder / "sealing.key"
    path.write_text(base64.b64encode(secrets.token_bytes(32)).decode() + "\n")
    settings.SEALING_KEY_FILE = str(path)
    try:
        yield path
    finally:
        settings.SEALING_KEY_FILE = before
        shutil.rmtree(folder)


def _made(keys: KeyRing) -> Iterator[DataKey]:
    for _number in range(NUMBER):
        subject = uuid.uuid4()
        new = wrapped(AESGCM.generate_key(256), subject, keys)
        yield DataKey(
            subject=subject, owner=subject, kind="shelters.resident", wrapped_by=keys.current, wrapped=new
        )


class Opening(threading.Thread):
    """Opens data keys one after the other on a connection of its own, as pages do, until told to stop."""

    def __init__(self, subjects: list[uuid.UUID]) -> None:
        super().__init__(daemon=True)
        self.subjects, self.done, self.failed, self.enough = subjects, 0, 0, threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            for subject in self.subjects:
                try:
                    unwrap(DataKey.objects.get(subject=subject))
                    self.done += 1
                except (CannotOpen, KeysLocked):
                    self.failed += 1
                if self.enough.wait(0.002):
                    break
        connection.close()


def opened_by(keys: KeyRing, rows: list[DataKey]) -> int:
    """How many of these data keys this ring opens."""
    found = 0
    for row in rows:
        try:
            unwrap(row, keys)
        except (CannotOpen, KeysLocked):
            continue
        found += 1
    return found


def run() -> bool:
    """Whether all keys were re-wrapped in time, and none could not be opened meanwhile or afterwards."""
    with database_of_its_own(), key_file_of_its_own():
        say(f"Making {NUMBER:,} data keys …")
        former, rows = ring(), _made(ring())
        while batch := list(islice(rows, BATCH)):
            DataKey.objects.bulk_create(batch)
        opening = Opening(list(DataKey.objects.values_list("subject", flat=True)[:SAMPLE]))
        opening.start()
        with open(os.devnull, "w") as silence:
            seconds = timed(lambda: call_command("rotate_keys", new_key=True, stdout=silence))
        opening.enough.set()
        opening.join()
        sample, now = list(DataKey.objects.all()[:SAMPLE]), ring()
        newest = KeyRing({now.current: now.key(now.current)})
        say(f"{opening.done:,} keys were opened meanwhile.")
        return print_limits(
            f"{NUMBER:,} data keys re-wrapped while the site runs",
            [
                Limit("the whole rotation", seconds, MOST_SECONDS, "s"),
                Limit("keys left under the former key", NUMBER - _under(now.current), 0, ""),
                Limit("openings that failed meanwhile", opening.failed, 0, ""),
                Limit(f"of {SAMPLE} keys, those that the new key does not open",
                      SAMPLE - opened_by(newest, sample), 0, ""),
                Limit(f"of {SAMPLE} keys, those that the former key still opens",
                      opened_by(former, sample), 0, ""),
            ],
        )  # fmt: skip


def _under(fingerprint: str) -> int:
    return DataKey.objects.filter(wrapped_by=fingerprint).count()
