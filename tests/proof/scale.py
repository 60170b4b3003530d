"""How much of a proof is run: all of it in `make prove`, a part in `make test`."""

import os

WHOLE = os.environ.get("PROVE") == "whole"


def of(whole: int, quick: int) -> int:
    """`whole` in `make prove`, `quick` in `make test`."""
    return whole if WHOLE else quick
