"""`exec -- CMD`: one command against servers that are gone with it."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts.stack.environment import addresses, own_servers, settings, with_users_own
from scripts.stack.locks import Lock
from scripts.stack.places import NAME, places_in
from scripts.stack.processes import Stop, Stopped, die_with_parent
from scripts.stack.programs import Programs, programs_for
from scripts.stack.servers import Servers

KIND = f"{NAME}-exec-"
STAND_IN = Path("/var/tmp")


def execute(command: Sequence[str]) -> int:
    """Run the command with the addresses of throw-away servers; its exit code.

    With DATABASE_URL and REDIS_URL set it uses those servers instead.
    """
    stop = Stop()
    with contextlib.suppress(Stopped), _folder() as (folder, lock):
        ours = settings(folder)
        if own_servers():
            return _run(command, with_users_own(ours), stop)
        places = places_in(folder)
        servers = Servers(places, _programs(), [lock.fd], throwaway=True)
        try:
            servers.start(stop)
            return _run(command, with_users_own({**ours, **addresses(places)}), stop)
        finally:
            servers.stop()
    return 128 + signal.SIGTERM


def _programs() -> Programs:
    return programs_for(*_bases())


def _bases() -> tuple[Path, Path]:
    """Where throw-away folders go, and where instead when PostgreSQL's account cannot go there."""
    return Path(tempfile.gettempdir()), STAND_IN


@contextlib.contextmanager
def _folder() -> Iterator[tuple[Path, Lock]]:
    """A temporary folder, removed at the end, and the lock that says it is in use."""
    _sweep()
    base = _bases()[0] if own_servers() else _programs().base
    folder = Path(tempfile.mkdtemp(prefix=KIND, dir=base))
    folder.chmod(0o711)
    lock = Lock(folder / "lock")
    lock.take()
    try:
        yield folder, lock
    finally:
        lock.close()
        shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove the folders of starts that were killed: those of ours whose lock nobody holds."""
    for base in _bases():
        for folder in base.glob(f"{KIND}*"):
            with contextlib.suppress(OSError):
                found = folder.lstat()
                # A folder just made may not have its lock yet.
                if found.st_uid != os.geteuid() or time.time() - found.st_mtime < 60:
                    continue
                lock = Lock(folder / "lock")
                if lock.take():
                    shutil.rmtree(folder, ignore_errors=True)
                lock.close()


def _run(command: Sequence[str], environment: dict[str, str], stop: Stop) -> int:
    """The command's exit code. It keeps terminal and input, so that Ctrl-C and --pdb reach it."""
    at_our_death = die_with_parent(signal.SIGTERM)
    process = subprocess.Popen(command, env=environment, preexec_fn=at_our_death)
    asked_at: float | None = None
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = process.wait(0.2)
            return code if code >= 0 else 128 - code
        if stop.asked.is_set() and asked_at is None:
            # A Ctrl-C reached the command as well; a second SIGINT would break off its clean-up.
            asked_at = time.monotonic()
            if stop.number != signal.SIGINT:
                process.terminate()
        if asked_at is not None and time.monotonic() - asked_at > 30:
            process.kill()
