"""What must pass, one named step after the other; the first that fails is named and ends the run.

`python -m scripts.checks lint` needs no servers. `project` and `tests` need some: run them under
`python -m scripts.stack exec --`. What follows `tests` goes to pytest.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.stack.django import set_up

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = Path(sys.executable).parent
MANAGE = (sys.executable, "manage.py")
# The rooms where logic lives; views and forms are held by tests instead.
TYPED_ROOMS = ("services", "selectors")

Step = tuple[str, Sequence[str | Path]]


def lint_steps() -> list[Step]:
    """The linters, quickest first."""
    typed = [path for room in TYPED_ROOMS for path in sorted(ROOT.glob(f"*/{room}*"))]
    typed = [ROOT / "core", *(path for path in typed if path.parent != ROOT / "core")]
    templates = [*ROOT.glob("templates"), *ROOT.glob("*/templates")]
    return [
        ("ruff check", [PROGRAMS / "ruff", "check", "--quiet"]),
        ("ruff format", [PROGRAMS / "ruff", "format", "--check", "--quiet"]),
        ("static rules", [sys.executable, "-m", "scripts.rules"]),
        ("import contract", [PROGRAMS / "lint-imports"]),
        ("template rules", [PROGRAMS / "djlint", *templates, "--lint", "--quiet"]),
        ("types", [PROGRAMS / "mypy", *typed]),
    ]


def project_steps() -> list[Step]:
    """Django's own checks, the catalogues and the migrations."""
    return [
        ("catalogues", [*MANAGE, "compilemessages"]),
        ("system checks", [*MANAGE, "check", "--fail-level", "WARNING"]),
        ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
    ]


def test_steps(arguments: Sequence[str]) -> list[Step]:
    """The project's checks, then the tests, on every core (of more than four, the servers need the rest)."""
    cores = ("-n", "auto", "--maxprocesses", "4", "--dist", "worksteal")
    return [*project_steps(), ("tests", [sys.executable, "-m", "pytest", *cores, *arguments])]


def run(steps: Sequence[Step]) -> int:
    """Run the steps; the exit code of the first that fails, else 0."""
    for name, command in steps:
        code = subprocess.run(command, check=False, cwd=ROOT).returncode
        if code:
            print(f"\nFailed: {name}.", file=sys.stderr, flush=True)
            return code
    return 0


def main(arguments: list[str]) -> int:
    """Run the steps that the first argument names; SystemExit when it names none."""
    match arguments:
        case ["lint"]:
            # The type checker starts Django to know the models.
            set_up(["check"])
            return run(lint_steps())
        case ["project"]:
            return run(project_steps())
        case ["tests", *rest]:
            return run(test_steps(rest))
    raise SystemExit("usage: python -m scripts.checks lint | project | tests [PYTEST ARGUMENT …]")


if __name__ == "__main__":
    os.chdir(ROOT)
    raise SystemExit(main(sys.argv[1:]))
