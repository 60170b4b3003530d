"""What a rule is, and the two questions that most rules ask of a file."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch

from scripts.rules.allowed import ALLOWED
from scripts.rules.source import HOUSE, Source

# Folders end with a slash; a star stands for anything, slashes included.
PRODUCTION = (*(f"{folder}/*.py" for folder in HOUSE), "manage.py", "gunicorn.conf.py")
WITH_SCRIPTS = (*PRODUCTION, "scripts/*.py", "benchmarks/*.py")
PAGES = ("templates/*.html",)  # a mail in plain text is not escaped

Check = Callable[[Source], Iterable[int]]


@dataclass(frozen=True)
class Rule:
    """A thing that must not stand in the code. No comment there switches it off, only ALLOWED does."""

    name: str
    why: str  # one sentence, shown beside each finding
    check: Check  # the lines of a file where it stands
    looks_at: tuple[str, ...] = PRODUCTION
    everywhere: bool = False  # also where it is allowed not to hold

    @property
    def allowed(self) -> Mapping[str, str]:
        """Place → reason."""
        return {} if self.everywhere else ALLOWED.get(self.name, {})

    def reads(self, place: str) -> bool:
        return any(fnmatch(place, pattern) for pattern in self.looks_at)

    def lines(self, source: Source) -> list[int]:
        """The lines of the file that break the rule, each once; none where it does not look."""
        allowed = any(fnmatch(source.place, pattern) for pattern in self.allowed)
        return sorted(set(self.check(source))) if self.reads(source.place) and not allowed else []


def uses(words: str) -> Check:
    """The file imports or reads one of these names or something inside it ("smtplib" finds smtplib.SMTP).

    "*.is_staff" is an attribute, a keyword or a field of that name, whoever has it; no local variable.
    """
    names = set(words.split())
    starts = tuple(f"{name}." for name in names)
    ends = tuple(name[1:] for name in names if name.startswith("*"))

    def check(source: Source) -> Iterable[int]:
        for name, line in source.uses:
            is_bare = name.startswith("local.") and name.count(".") == 1
            if name in names or name.startswith(starts) or (not is_bare and name.endswith(ends)):
                yield line

    return check


def says(pattern: str) -> Check:
    """A text in the code (a statement of SQL, a setting) matches; docstrings and comments do not count."""
    wanted = re.compile(pattern, re.IGNORECASE | re.DOTALL)

    def check(source: Source) -> Iterable[int]:
        for text, line in source.texts:
            for found in wanted.finditer(text):
                yield line + text.count("\n", 0, found.start())

    return check


def either(*checks: Check) -> Check:
    def check(source: Source) -> Iterable[int]:
        for one in checks:
            yield from one(source)

    return check
