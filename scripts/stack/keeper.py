"""The servers on the data in `.local/`, kept for as long as anyone needs them.

One process, the keeper, holds `servers.lock` and runs the two servers. Whoever needs them
(`up`, any manage.py command) holds a share of `lease.lock`. When nobody does, the keeper stops
the servers and ends. The kernel drops the locks of a killed process, so no count can go wrong.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from scripts.stack.environment import addresses, settings, with_users_own
from scripts.stack.locks import Lock, wait_until
from scripts.stack.places import LOCAL, ROOT, Places, make_local, places_in
from scripts.stack.processes import Stop, Stopped, say
from scripts.stack.programs import programs_for
from scripts.stack.servers import Servers, has_tables

GRACE = 2.0  # seconds without a lease until the servers stop
TAKEN = 3  # exit code of a keeper that came second
LOG = LOCAL / "log" / "servers.log"
PUBLISHED = LOCAL / "servers.json"

_held: list[object] = []  # what manage.py keeps until it ends


def servers_lock() -> Lock:
    """Held alone by the keeper."""
    return Lock(LOCAL / "servers.lock")


def lease_lock() -> Lock:
    """Shared by everyone who needs the servers."""
    return Lock(LOCAL / "lease.lock")


# --- the keeper's side --------------------------------------------------------------------


class Keeper:
    """Runs the servers while there is a lease."""

    def __init__(self) -> None:
        """Listen for a stop, and for the hint that the last user has gone (SIGUSR1)."""
        self.stop = Stop()
        self.hurry = False
        signal.signal(signal.SIGUSR1, self._note_hurry)
        self.lease = lease_lock()
        self.living = Lock(LOCAL / "children.lock")

    def _note_hurry(self, *_: object) -> None:
        self.hurry = True

    def run(self) -> int:
        """Start the servers, publish them, stop them when nobody needs them; the exit code."""
        PUBLISHED.unlink(missing_ok=True)
        # Servers of a killed keeper still end: two on the same data would ruin it.
        if not self.living.take_within(20, self.stop):
            raise SystemExit("Servers of an earlier start are still running in this checkout.")
        programs = programs_for()
        places = places_in(programs.base)
        servers = Servers(places, programs, [self.living.fd], throwaway=False)
        try:
            servers.start(self.stop)
            _publish(places)
            return self._watch(servers)
        except Stopped:
            return 0
        finally:
            PUBLISHED.unlink(missing_ok=True)
            servers.stop()

    def _watch(self, servers: Servers) -> int:
        """Wait for the end of the last lease (0) or of a server (1)."""
        idle_since: float | None = None
        while not (ended := servers.ended()):
            self.stop.check()
            if not self.lease.take():
                idle_since, self.hurry = None, False
            elif self._enough(idle_since := idle_since or time.monotonic()):
                PUBLISHED.unlink()  # while nobody can take a lease: the next one starts afresh
                self.lease.drop()
                return 0
            else:
                self.lease.drop()
            time.sleep(0.1)
        say(f"{ended.name} ended by itself with code {ended.process.returncode}.")
        return 1

    def _enough(self, idle_since: float) -> bool:
        return self.hurry or time.monotonic() - idle_since > GRACE


def _publish(places: Places) -> None:
    """Tell where the servers are, in one step."""
    work = PUBLISHED.with_suffix(".new")
    work.write_text(json.dumps({"pid": os.getpid(), "base": str(places.base), "run": str(places.run)}))
    work.replace(PUBLISHED)


def keep() -> int:
    """The keeper process; TAKEN when this checkout has one already."""
    lock = servers_lock()
    if not lock.take_within(0.5):
        return TAKEN
    LOG.open("wb").close()  # each start its own log; one that came second must not empty it
    return Keeper().run()


# --- the users' side ----------------------------------------------------------------------


class Lease:
    """A share in the servers; kept by the kernel until it is released or this process ends."""

    def __init__(self, stop: Stop | None = None) -> None:
        """Take it and wait until the servers are there, starting a keeper when there is none.

        Raises SystemExit with the reason when they do not start, Stopped when a stop is asked for.
        """
        make_local()
        self._share = lease_lock()
        self._share.share()
        self._lock = servers_lock()
        self._keeper: subprocess.Popen[bytes] | None = None
        try:
            if not wait_until(self._found, 90, stop):
                raise SystemExit(f"PostgreSQL and Redis are not ready after 90 s; see {LOG}.")
        except Stopped:
            self.release()
            raise
        self.places = _published() or places_in(LOCAL)

    def _found(self) -> bool:
        """Whether the servers are ready; starts a keeper when there is none."""
        if self.alive() and _published():
            return True
        if self._keeper is None or self._keeper.poll() is not None:
            if self._keeper is not None and self._keeper.returncode not in (0, TAKEN):
                raise SystemExit(f"PostgreSQL and Redis did not start:\n{LOG.read_text().strip()}")
            if not self.alive():
                self._keeper = _start_keeper()
        return False

    def alive(self) -> bool:
        """Whether there is a keeper."""
        return not self._lock.is_free()

    def release(self) -> None:
        """Give it back and, when nobody else has one, wait until the servers are gone."""
        self._share.drop()
        if not self._share.take():
            return  # another command of this checkout still needs them
        self._share.drop()
        if number := self._keeper_number():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGUSR1)
        wait_until(self._is_over, 20)

    def _keeper_number(self) -> int | None:
        """The process number of the keeper, which may be about to start."""
        if self._keeper is not None and self._keeper.poll() is None:
            return self._keeper.pid
        with contextlib.suppress(OSError, ValueError):
            return json.loads(PUBLISHED.read_text())["pid"] if self.alive() else None
        return None

    def _is_over(self) -> bool:
        return not self.alive() and (self._keeper is None or self._keeper.poll() is not None)


def _published() -> Places | None:
    """Where the servers are, when a living keeper said so."""
    try:
        said = json.loads(PUBLISHED.read_text())
        os.kill(said["pid"], 0)
    except (OSError, ValueError):
        return None
    return Places(Path(said["base"]), Path(said["run"]))


def _start_keeper() -> subprocess.Popen[bytes]:
    """A keeper in a session of its own: it outlives us for as long as others hold a lease."""
    with LOG.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "scripts.stack", "keep"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


@contextlib.contextmanager
def preparing(stop: Stop | None = None) -> Iterator[None]:
    """Alone among those who would make tables."""
    lock = Lock(LOCAL / "migrate.lock")
    while not lock.take_within(1, stop):
        pass
    try:
        yield
    finally:
        lock.close()


def ensure_servers(*, migrated: bool = True) -> dict[str, str]:
    """Hold the servers until this process ends; the environment that names them.

    A new database is migrated once when `migrated`. SystemExit in one sentence on failure.
    """
    lease = Lease()
    _held.append(lease)
    environment = with_users_own({**settings(LOCAL), **addresses(lease.places)})
    if migrated and not has_tables(lease.places.postgres_sockets):
        with preparing():
            if not has_tables(lease.places.postgres_sockets):
                print("The database is new: making its tables …", file=sys.stderr, flush=True)
                command = [sys.executable, ROOT / "manage.py", "migrate", "--verbosity", "0"]
                subprocess.run(command, check=True, cwd=ROOT, env=environment)
    return environment
