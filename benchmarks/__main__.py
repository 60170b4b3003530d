"""`python -m benchmarks [NAME …]` under `scripts.stack exec`: all or some; ends with 1 beyond a limit."""

import importlib
import os
import sys
import warnings
from pathlib import Path

NAMES = sorted(
    path.stem
    for path in Path(__file__).parent.glob("*.py")
    if "\ndef run() -> bool:" in path.read_text(encoding="utf-8")
)


def main(names: list[str]) -> int:
    if set(names) - set(NAMES):
        raise SystemExit(f"usage: python -m benchmarks [{' | '.join(NAMES)}]")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfnkr.settings")
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    warnings.filterwarnings("ignore", "No directory at:")  # of collected static files; nobody asks for them
    import django

    django.setup()
    kept = [importlib.import_module(f"benchmarks.{name}").run() for name in names or NAMES]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
