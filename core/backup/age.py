"""Streams into and out of the age format. Memory stays at a few MB, whatever the size."""

import contextlib
import hashlib
import io
import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import pyrage
from django.utils.translation import gettext as _
from pyrage.x25519 import Identity, Recipient

from core.backup.problems import NoIdentity, NotAPublicKey, NotSetUp, PartChanged, WrongIdentity

SECRET = re.compile(r"^AGE-SECRET-KEY-1\S+$", re.MULTILINE)
NO_MATCH = "No matching keys found"  # what the library says when the key is another one


@dataclass(frozen=True)
class Written:
    """A part as it lies there, encrypted: its size in bytes and its SHA-256."""

    bytes: int
    sha256: str


class KeyFileThere(Exception):
    """`args[0]`: the file."""

    def __str__(self) -> str:
        return _("%(file)s is there already and is not overwritten: the backups made for it need it.") % {
            "file": self.args[0]
        }


def make_key_file(path: Path, *, now: datetime) -> str:
    """A new private key, in the file that age itself reads. Returns its public key. Raises KeyFileThere."""
    identity = Identity.generate()
    public = str(identity.to_public())
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileThere(path) from None
    with open(number, "w", encoding="utf-8") as file:
        file.write(f"# created: {now:%Y-%m-%dT%H:%M:%SZ}\n# public key: {public}\n{identity}\n")
    return public


def recipients_of(keys: Sequence[str]) -> list[Recipient]:
    """The public keys that a backup is encrypted to. Raises NotSetUp, NotAPublicKey."""
    given = [key.strip() for key in keys if key.strip()]
    if not given:
        raise NotSetUp("BACKUP_RECIPIENTS")
    try:
        return [Recipient.from_str(key) for key in given]
    except pyrage.RecipientError:
        raise NotAPublicKey from None


def identities_in(path: Path | None) -> list[Identity]:
    """The private keys of a file as `backup_key` or age-keygen write it. Raises NoIdentity."""
    with contextlib.suppress(OSError, UnicodeDecodeError, pyrage.IdentityError, AttributeError):
        if found := [Identity.from_str(key) for key in SECRET.findall(path.read_text())]:  # type: ignore[union-attr]
            return found
    raise NoIdentity(path or "--identity")


def encrypt(source: IO[bytes], path: Path, recipients: list[Recipient]) -> Written:
    """Encrypt a stream into a new file that only this account reads; it is on the disk when this returns."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        counter = _Counter(file)
        pyrage.encrypt_io(source, counter, recipients)
        file.flush()
        os.fsync(file.fileno())
    return Written(counter.bytes, counter.hash.hexdigest())


def encrypt_json(value: Any, path: Path, recipients: list[Recipient]) -> Written:
    return encrypt(io.BytesIO(json.dumps(value, ensure_ascii=False).encode()), path, recipients)


def decrypt(path: Path, target: Any, identities: list[Identity]) -> None:
    """Decrypt a file into a stream. Raises PartChanged, WrongIdentity."""
    sink = _Sink(target.write)
    try:
        with path.open("rb") as file:
            pyrage.decrypt_io(file, sink, identities)
    except pyrage.DecryptError as error:
        raise (WrongIdentity() if NO_MATCH in str(error) else PartChanged(path.name)) from None
    except OSError:
        if sink.trouble:
            raise sink.trouble from None
        raise PartChanged(path.name) from None


def decrypt_json(path: Path, identities: list[Identity]) -> Any:
    """Raises PartChanged, WrongIdentity."""
    target = io.BytesIO()
    decrypt(path, target, identities)
    return json.loads(target.getvalue())


class _Counter:
    """A file that counts and hashes what is written to it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.bytes = 0
        self.hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.bytes += len(data)
        self.hash.update(data)
        return self.file.write(data)

    def flush(self) -> None:
        self.file.flush()


class _Sink:
    """Tells a fault of the receiver (a program that ended) from one of the file: both are OSErrors."""

    def __init__(self, write: Callable[[bytes], int]) -> None:
        self._write = write
        self.trouble: OSError | None = None

    def write(self, data: bytes) -> int:
        try:
            return self._write(data)
        except OSError as error:
            self.trouble = error
            raise

    def flush(self) -> None:
        return
