"""One child process: started, watched and stopped so that none is ever left over."""

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from pwd import struct_passwd
from typing import IO, cast

# Looked up here, in the parent: between fork and exec a child may do next to nothing.
_PRCTL = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1


class Stopped(Exception):
    """Somebody asked us to stop, by Ctrl-C or a signal."""


class Stop:
    """Remembers that a stop was asked for. Handlers only note it; every wait looks here."""

    def __init__(self) -> None:
        """Listen for SIGINT, SIGTERM and SIGHUP from now on."""
        self.asked = threading.Event()
        self.number = 0  # the first signal that came
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, number: int, _: object) -> None:
        self.number = self.number or number
        self.asked.set()

    def check(self) -> None:
        """Raise Stopped when a stop was asked for."""
        if self.asked.is_set():
            raise Stopped


def die_with_parent(number: int) -> Callable[[], object] | None:
    """A `preexec_fn` by which the kernel sends `number` when our thread ends; None but on Linux."""
    if _PRCTL is None:
        return None
    return functools.partial(_PRCTL, _PR_SET_PDEATHSIG, number)


def switch(account: struct_passwd | None) -> dict[str, object]:
    """Arguments of Popen that run a program as `account`; none when it is us."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


class Child:
    """A process in a session of its own, so that a terminal's Ctrl-C reaches only us.

    Start children from the main thread: the kernel ties their end to the thread that forked.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str],
        cwd: Path,
        stop_signal: int = signal.SIGTERM,
        death_signal: int | None = None,
        account: struct_passwd | None = None,
        keep_open: Iterable[int] = (),
        quiet: bool = False,
    ) -> None:
        """Start it; `death_signal` (default: `stop_signal`) is what it gets when we are killed.

        What it prints is printed with its name before it, unless `quiet`.
        """
        self.name = name
        self.stop_signal = stop_signal
        self.quiet = quiet
        self.lines: deque[str] = deque(maxlen=20)
        self.process = subprocess.Popen(
            command,
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=tuple(keep_open),
            preexec_fn=die_with_parent(death_signal or stop_signal),
            **switch(account),
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with cast(IO[bytes], self.process.stdout) as output:
            for raw in output:
                line = raw.decode(errors="replace").rstrip()
                self.lines.append(line)
                if not self.quiet:
                    say(f"{self.name:>8} | {line}")

    def ended(self) -> bool:
        """Whether it has ended."""
        return self.process.poll() is not None

    def wait(self, stop: Stop | None = None) -> int:
        """Its exit code, once it has ended; Stopped when a stop is asked for meanwhile."""
        while not self.ended():
            if stop is not None:
                stop.check()
            time.sleep(0.05)
        self._reader.join(2)
        return self.process.returncode

    def ask_to_stop(self) -> None:
        """Send the signal on which it ends in good order."""
        if not self.ended():
            self.process.send_signal(self.stop_signal)

    def finish(self, seconds: float) -> None:
        """Wait that long for its end, then kill what is left of its session."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join(2)

    def last_words(self) -> str:
        """Its last 20 lines, each indented, for a message about its end."""
        self._reader.join(1)
        return "\n".join(f"    {line}" for line in self.lines)


def stop_all(children: Iterable[Child], seconds: float = 10) -> None:
    """Ask all of them together, then wait for each; who is still there after that is killed."""
    asked = list(children)
    for child in asked:
        child.ask_to_stop()
    end = time.monotonic() + seconds
    for child in asked:
        child.finish(max(0.1, end - time.monotonic()))


def say(line: str) -> None:
    """Print a line at once; a reader that has gone (`make run | head`) is no reason to fail."""
    with contextlib.suppress(BrokenPipeError, ValueError):
        print(line, flush=True)
