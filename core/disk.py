"""A file replaced in one step: whoever reads it meanwhile sees the old content or the new one, never a part.

So also after a power cut: content and name are written through to the disk.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def replacing(path: Path, *, mode: int = 0o600) -> Iterator[IO[bytes]]:
    """What is written into the stream takes the file's place at the end; on an error nothing changes.

    `mode`: the rights of the new file, whatever the umask says. Raises OSError.
    """
    work = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(work, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as stream:
            os.fchmod(stream.fileno(), mode)
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        work.replace(path)
        flush_names(path.parent)
    finally:
        work.unlink(missing_ok=True)


def replace(path: Path, text: str, *, mode: int = 0o600) -> None:
    """As `replacing`, for a short text."""
    with replacing(path, mode=mode) as stream:
        stream.write(text.encode())


def flush_names(folder: Path) -> None:
    """The names in a folder survive a power cut from here on."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
