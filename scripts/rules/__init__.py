"""Our own static rules: each with its reason, the places where it does not hold, and a planted violation.

`python -m scripts.rules` prints what it finds as `file:line  rule: why` and ends with 1. A rule has no switch
in the code that it reads: the way around it is a line in `allowed`, with its reason, which a reviewer sees.
The plants are in tests/house/plants/; docs/adr/0019 says why these rules are our own.

Held elsewhere: guards of views, open pages and addresses in tests/house/test_views.py; rooms, clocks and
writes in tests/house/test_rooms.py; the order of imports in pyproject.toml; weak hashes, XML, TLS and
archives by ruff's S rules.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from scripts.rules import database, machine, secrets, templates, web
from scripts.rules.rule import Rule
from scripts.rules.source import HOUSE, ROOT, Source

RULES: list[Rule] = [*secrets.RULES, *database.RULES, *machine.RULES, *web.RULES, *templates.RULES]
FOLDERS = (*HOUSE, "scripts", "benchmarks", "templates")


class Finding(NamedTuple):
    place: str
    line: int
    rule: Rule

    def __str__(self) -> str:
        return f"{self.place}:{self.line}  {self.rule.name}: {self.rule.why}"


def sources(root: Path = ROOT) -> list[Source]:
    """Every file of a checkout that some rule reads."""
    paths = [path for name in ("manage.py", "gunicorn.conf.py") if (path := root / name).exists()]
    for folder in FOLDERS:
        paths += sorted(path for path in (root / folder).rglob("*") if path.suffix in (".py", ".html"))
    places = {path.relative_to(root).as_posix(): path for path in paths}
    read = {place: path for place, path in places.items() if any(rule.reads(place) for rule in RULES)}
    return [Source(place, path.read_text(encoding="utf-8")) for place, path in read.items()]


def findings(files: Iterable[Source], rules: Iterable[Rule] = RULES) -> list[Finding]:
    """Every place where a rule is broken, file by file."""
    kept = list(rules)
    return [Finding(file.place, line, rule) for file in files for rule in kept for line in rule.lines(file)]
