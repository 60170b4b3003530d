"""File locks: the kernel drops them with their holder, however it ended."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path

from scripts.stack.processes import Stop


class Lock:
    """One open lock file. Every method that takes the lock says whether it got it."""

    def __init__(self, path: Path) -> None:
        """Open the file, making it when missing; SystemExit when it belongs to another user."""
        try:
            self.fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except PermissionError as error:
            raise SystemExit(f"{path} belongs to another user: start as that user.") from error

    def take(self) -> bool:
        """Take it alone, at once or not at all."""
        return self._flock(fcntl.LOCK_EX | fcntl.LOCK_NB)

    def share(self) -> None:
        """Take it together with others, waiting for whoever holds it alone."""
        fcntl.flock(self.fd, fcntl.LOCK_SH)

    def wait(self) -> None:
        """Take it alone, waiting for as long as it takes."""
        fcntl.flock(self.fd, fcntl.LOCK_EX)

    def take_within(self, seconds: float, stop: Stop | None = None) -> bool:
        """Take it alone within that time."""
        return wait_until(self.take, seconds, stop)

    def is_free(self) -> bool:
        """Whether nobody holds it alone at this moment."""
        if not self._flock(fcntl.LOCK_SH | fcntl.LOCK_NB):
            return False
        self.drop()
        return True

    def drop(self) -> None:
        """Give it back and keep the file open."""
        fcntl.flock(self.fd, fcntl.LOCK_UN)

    def close(self) -> None:
        """Close the file; a child that inherited it keeps the lock."""
        os.close(self.fd)

    def _flock(self, operation: int) -> bool:
        try:
            fcntl.flock(self.fd, operation)
        except BlockingIOError:
            return False
        return True


def wait_until(
    true: Callable[[], object], seconds: float, stop: Stop | None = None, *, every: float = 0.05
) -> bool:
    """Whether `true()` came true within that time; a stop that was asked for ends the wait."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        if stop is not None:
            stop.check()
        time.sleep(every)
    return True
