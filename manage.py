#!/usr/bin/env python3
"""Django's command line. Without DATABASE_URL and REDIS_URL it uses the servers in `.local/`."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

ENVIRONMENT = Path(__file__).resolve().parent / ".venv"


def use_environment() -> None:
    """Go on in `.venv` when this Python has no Django; SystemExit when there is none either."""
    if find_spec("django"):
        return
    python = ENVIRONMENT / "bin" / "python"
    if Path(sys.prefix) == ENVIRONMENT or not python.exists():
        raise SystemExit("The packages are not installed: run `make run` (or `make install`) first.")
    os.execv(python, [python, *sys.argv])


def main() -> None:
    """Run one command of Django."""
    use_environment()
    from scripts.stack.django import set_up  # only after the right Python runs

    set_up(sys.argv[1:])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfnkr.settings")
    from django.core.management import execute_from_command_line

    if "runserver" not in sys.argv:
        from core.identity import run_as_system

        run_as_system()  # a command works for nobody in particular; a web server for each request's user
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
