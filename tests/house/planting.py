"""Planted violations: pieces of code that a rule must find, to the line, and twins that it must not.

A file a rule, tests/house/plants/NAME-OF-THE-RULE.txt. `--- foster/views/portal.py` begins a piece as if it
stood there; a line that ends with `planted` must be found, each other line must not.
"""

import re
from pathlib import Path
from typing import NamedTuple

from scripts.rules.source import ROOT, Source

PLANTS = ROOT / "tests" / "house" / "plants"
_PIECE = re.compile(r"^--- (\S+)\n", re.MULTILINE)
_MARK = re.compile(r"#\s*planted(?:\s*#})?$")


class Piece(NamedTuple):
    source: Source
    planted: list[int]  # lines


def plant_of(rule_name: str) -> Path:
    """Where the plants of this rule stand: "SQL put together" → sql-put-together.txt."""
    return PLANTS / f"{'-'.join(re.findall(r'[a-z]+', rule_name.lower().replace(chr(39), '')))}.txt"


def pieces_of(rule_name: str) -> list[Piece]:
    _before, *parts = _PIECE.split(plant_of(rule_name).read_text(encoding="utf-8"))
    found = []
    for place, text in zip(parts[::2], parts[1::2], strict=True):
        marked = [number for number, line in enumerate(text.splitlines(), 1) if _MARK.search(line)]
        found.append(Piece(Source(place, text), marked))
    return found
