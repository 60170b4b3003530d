"""`python -m scripts.rules [CHECKOUT]`: what the rules find, a line each; ends with 1 when there is any."""

import sys
from pathlib import Path

from scripts.rules import RULES, findings, sources


def main(checkout: str = "") -> int:
    files = sources(Path(checkout)) if checkout else sources()
    found = findings(files)
    for finding in found:
        print(finding)
    if found:
        print(f"{len(found)} found by {len(RULES)} rules in {len(files)} files.")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
