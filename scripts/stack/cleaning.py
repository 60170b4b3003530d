"""`clean`: remove the data of this checkout. Needs no package, so it works without `.venv`."""

import shutil
from pathlib import Path

from scripts.stack.locks import Lock
from scripts.stack.places import LOCAL, ROOT, make_local, own_folder, places_in, short_name


def clean() -> int:
    """Remove `.local/` and what stands for it elsewhere; SystemExit while something runs."""
    make_local()
    running, servers = Lock(LOCAL / "up.lock"), Lock(LOCAL / "servers.lock")
    # The servers of a command that has just ended need a moment to go.
    if not (running.take() and servers.take_within(5)):
        raise SystemExit("It is running in this checkout: stop it first.")
    elsewhere = Path("/var/tmp") / short_name(ROOT)
    bases = [LOCAL, elsewhere] if elsewhere.exists() else [LOCAL]
    for base in bases:
        shutil.rmtree(places_in(base).run, ignore_errors=True)
        shutil.rmtree(own_folder(base, 0o755))
    return 0
