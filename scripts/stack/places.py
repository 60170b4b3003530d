"""Folders and sockets of one checkout."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

NAME = "lfnkr"
ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"

# A socket path may have 103 bytes on macOS, 107 on Linux; "/pg/.s.PGSQL.5432" needs 18 of them.
LONGEST_RUN = 80


@dataclass(frozen=True)
class Places:
    """Where one pair of servers keeps its things; `base` is `.local/` or what stands for it."""

    base: Path
    run: Path

    @property
    def postgres_data(self) -> Path:
        """The data folder of PostgreSQL."""
        return self.base / "postgres"

    @property
    def postgres_sockets(self) -> Path:
        """The folder that DATABASE_URL names as its host."""
        return self.run / "pg"

    @property
    def redis_data(self) -> Path:
        """The data folder of Valkey."""
        return self.base / "redis"

    @property
    def redis_socket(self) -> Path:
        """The socket that REDIS_URL names."""
        return self.run / "redis.sock"


def short_name(path: Path) -> str:
    """A name for the path that is short, and its own: `lfnkr-` and 10 hexadecimal digits."""
    return f"{NAME}-{hashlib.sha256(os.fsencode(path)).hexdigest()[:10]}"


def make_local() -> Path:
    """Make `.local/`; SystemExit in one sentence when it belongs to somebody else."""
    LOCAL.mkdir(exist_ok=True)
    if not os.access(LOCAL, os.W_OK):
        raise SystemExit(f"{LOCAL} belongs to another user: start as that user, or remove it.")
    (LOCAL / "log").mkdir(exist_ok=True)
    return LOCAL


def own_folder(path: Path, mode: int) -> Path:
    """Make a folder in a shared place, or take it when it is ours.

    SystemExit when somebody else put something there: a link or folder of another user under
    a name that can be guessed would hand our data to that user.
    """
    path.mkdir(mode=mode, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise SystemExit(f"{path} is not a folder of this user; remove it and try again.")
    path.chmod(mode)
    return path


def places_in(base: Path) -> Places:
    """The places under `base`, with the sockets elsewhere when their path would not do there."""
    run = base / "run"
    # PostgreSQL reads its socket folder as a list separated by commas, quoted by quotation marks.
    if len(os.fsencode(run)) <= LONGEST_RUN and not set(str(run)) & {",", '"'}:
        run.mkdir(exist_ok=True)
        run.chmod(0o711)
    else:
        run = own_folder(Path(tempfile.gettempdir()) / f"{short_name(base)}-run", 0o711)
    return Places(base, run)


def shared_folder() -> Path:
    """The stand-in for `.local/` where the account of PostgreSQL cannot reach this checkout."""
    return own_folder(Path("/var/tmp") / short_name(ROOT), 0o755)
