"""One copy of the checkout: its commands, its running product, its processes."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts.stack.places import short_name

ROOT = Path(__file__).resolve().parents[2]
# What the run of the tests themselves was given must not reach the runner under test.
OURS = re.compile(
    r"(OWNER_|BACKUP_)?DATABASE_|BACKUP_|REDIS_URL|SECRET_KEY|SEALING_|DEBUG|SAMPLE|ALLOWED_|PORT|SITE_"
)


def clean_environment(**more: str) -> dict[str, str]:
    """The environment of a user who has just cloned."""
    return {name: value for name, value in os.environ.items() if not OURS.match(name)} | more


class Checkout:
    """A copy of the checkout at `path`."""

    def __init__(self, path: Path) -> None:
        """Take a folder that is there."""
        self.path = path
        self.python = str(path / ".venv" / "bin" / "python")
        self.started: list[Running] = []

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `python <command>` in it to its end."""
        return subprocess.run(
            [self.python, *command],
            check=False,
            cwd=self.path,
            env=clean_environment(**environment),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def start(self, *command: str, **environment: str) -> "Running":
        """Start `python <command>` in it."""
        return self.launch([self.python, *command], **environment)

    def launch(self, command: Sequence[str], **environment: str) -> "Running":
        """Start any command in it, in a session of its own."""
        running = Running(command, self.path, clean_environment(**environment))
        self.started.append(running)
        return running

    def up(self, **environment: str) -> "Running":
        """Start the product and wait until it says that it is ready."""
        running = self.start("-m", "scripts.stack", "up", **environment)
        running.wait_for("Ready after")
        return running

    def sql(self, statement: str, then: str = "") -> subprocess.CompletedProcess[str]:
        """Run one statement through manage.py, as the app's role; the first value is printed."""
        return self.run("manage.py", "shell", "-v", "0", "-c", sql_code(statement, then))

    def processes(self) -> dict[int, str]:
        """Every process that has to do with this folder: number and command line."""
        # Where PostgreSQL's account cannot enter this folder, it runs in another one.
        needles = [os.fsencode(self.path), short_name(self.path).encode()]
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes()
                place = os.fsencode((entry / "cwd").readlink())
                about = (command, place, (entry / "environ").read_bytes())
                if int(entry.name) != os.getpid() and any(
                    needle in text for needle in needles for text in about
                ):
                    found[int(entry.name)] = command.replace(b"\0", b" ").decode(errors="replace")
        return found

    def pids(self, part: str) -> list[int]:
        """The numbers of its processes whose command line has this part."""
        return [number for number, command in self.processes().items() if part in command]

    def wait_until_empty(self, seconds: float) -> None:
        """Fails with the processes that are still there after that time."""
        assert eventually(lambda: not self.processes(), seconds), self.processes()

    def end(self) -> None:
        """Kill what a failed test left, and remove the data."""
        for running in self.started:
            running.kill()
        for number in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        for running in self.started:
            running.finish()
        self.run("-m", "scripts.stack", "clean")


class Running:
    """A started command; its output is collected."""

    def __init__(self, command: Sequence[str], path: Path, environment: dict[str, str]) -> None:
        """Start it."""
        self.process = subprocess.Popen(
            command,
            cwd=path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as output:
            self.lines.extend(iter(output.readline, ""))

    @property
    def output(self) -> str:
        """What it printed so far."""
        return "".join(self.lines)

    def wait_for(self, text: str, seconds: float = 90) -> None:
        """Wait until it prints the text."""
        eventually(lambda: text in self.output or self.process.poll() is not None, seconds)
        assert text in self.output, self.output

    def wait(self, seconds: float = 30) -> int:
        """Its exit code."""
        code = self.process.wait(seconds)
        self._reader.join(2)
        return code

    def kill(self) -> None:
        """Kill it, and nothing of what it started."""
        self.process.kill()
        self.process.wait()

    def finish(self) -> None:
        """Let go of its output, once nothing that it started is left."""
        self._reader.join(5)

    def address(self) -> str:
        """The address that it printed."""
        found = re.search(r"http://localhost:\d+/", self.output)
        assert found, self.output
        return found[0]

    def health(self) -> int:
        """Status of its /healthz."""
        with urllib.request.urlopen(f"{self.address()}healthz", timeout=10) as answer:
            return answer.status


def sql_code(statement: str, then: str = "") -> str:
    """Python that runs a statement and prints its first value, then does something else."""
    return (
        "from django.db import connection as c; k = c.cursor(); "
        f"k.execute({statement!r}); print(k.fetchone()[0], flush=True); {then}"
    )


def eventually(true: Callable[[], object], seconds: float) -> bool:
    """Whether `true()` came true within that time."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
