"""The key-encryption keys of this installation: the lines of the file that SEALING_KEY_FILE names.

One key a line, 32 bytes as base64. The last line wraps what is new; those above it still open what they
wrapped, until `manage.py rotate_keys` has re-wrapped it. The file is looked at before every use: put it there
and sealed pages open, take it away and they close, at the next request, without a restart.
"""

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from core import disk

KEY_BYTES = 32
IN_MEMORY = ("tmpfs", "ramfs")


class KeysLocked(Exception):
    """There is no key-encryption key here, or none that wrapped what shall be opened."""

    def __str__(self) -> str:
        return _("Sealed values are locked: the key that opens them is not on this server.")


class OnDisk(Exception):
    """`args`: the place where a typed key would lie, and the file system there."""

    def __str__(self) -> str:
        return _(
            "%(path)s lies on a disk (%(disk)s). Let SEALING_KEY_FILE name a place in memory (a tmpfs such "
            "as /run or /dev/shm) before you type a key."
        ) % {"path": self.args[0], "disk": self.args[1] or _("unknown")}


class NoKey(Exception):
    def __str__(self) -> str:
        return _("That is no key: it must be 32 bytes in base64. Nothing changed.")


@dataclass(frozen=True)
class KeyRing:
    """`keys`: fingerprint → key, in the order of the file."""

    keys: dict[str, bytes]

    @property
    def current(self) -> str:
        """The fingerprint of the key that wraps what is new."""
        return next(reversed(self.keys))

    def key(self, fingerprint: str) -> bytes:
        """Raises KeysLocked when that key is not in the file."""
        if fingerprint not in self.keys:
            raise KeysLocked
        return self.keys[fingerprint]


def fingerprint(key: bytes) -> str:
    """16 hexadecimal digits that name a key and tell nothing of it."""
    return hashlib.sha256(b"lfnkr key-encryption key|" + key).hexdigest()[:16]


def ring() -> KeyRing:
    """The keys as the file holds them now. Raises KeysLocked."""
    try:
        found = os.stat(settings.SEALING_KEY_FILE)
        return _read(settings.SEALING_KEY_FILE, found.st_mtime_ns, found.st_size, found.st_ino)
    except (OSError, ValueError):
        _read.cache_clear()  # locked means that this process holds no key any more either
        raise KeysLocked from None


@lru_cache(maxsize=1)
def _read(path: str, *_version: int) -> KeyRing:
    return parsed(Path(path).read_text())


def parsed(text: str) -> KeyRing:
    """Raises ValueError when a line is no key or there is none."""
    keys = [_decoded(line) for line in text.split()]
    if not keys:
        raise ValueError("no key")
    return KeyRing({fingerprint(key): key for key in keys})


def unlock(path: Path, typed: str) -> None:
    """Keys that somebody typed, one or more with spaces between, into the file that is to hold them.

    Raises OnDisk, NoKey, OSError; then nothing changed.
    """
    refuse_disk(path)
    try:
        parsed(typed)
    except ValueError:
        raise NoKey from None
    disk.replace(path, "\n".join(typed.split()) + "\n")


def lock(path: Path) -> None:
    path.unlink(missing_ok=True)


def refuse_disk(path: Path) -> None:
    """A server that is off must hold no key. Raises OnDisk unless the place lies in memory."""
    disk = kind_of_disk(path.resolve(), Path("/proc/mounts").read_text())
    if disk not in IN_MEMORY:
        raise OnDisk(path, disk)


def kind_of_disk(path: Path, mounts: str) -> str:
    """The file system that holds a path, by the text of /proc/mounts; the longest mount point wins."""
    fields = [line.split() for line in mounts.splitlines()]
    holding = [(len(one[1]), one[2]) for one in fields if path.is_relative_to(one[1].replace("\\040", " "))]
    return max(holding, default=(0, ""))[1]


def _decoded(line: str) -> bytes:
    try:
        key = base64.b64decode(line, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError("not 32 bytes")
    return key
