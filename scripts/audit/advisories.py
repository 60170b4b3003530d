"""Known holes in the locked packages, by pip-audit and whatever service it is set up to ask.

pip-audit cannot be trusted by its exit code: where its service does not know a package it says "could not
be audited" and ends with 0. So it is first asked about a package whose holes have been public for years. Only
where that is answered does an audit count, and only if it answered for every locked package.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any, NamedTuple

from scripts.audit.locks import Locked
from scripts.rules.source import ROOT

PROGRAM = (str(Path(sys.executable).parent / "pip-audit"),)
KNOWN_TO_HAVE_HOLES = "urllib3==1.24.1"  # of 2018; never installed, only asked about
EXCEPTIONS = ROOT / "requirements" / "exceptions.toml"
LONGEST_EXCEPTION = timedelta(days=90)
# What a request ends with when nobody is there, as it stands in pip-audit's last words. A certificate that is
# not trusted is none of these: then somebody is there.
_NOBODY = re.compile(
    r"\b(?:ConnectionError|ConnectTimeout|ReadTimeout|ProxyError|NewConnectionError|NameResolutionError)\b"
    r"|Could not connect"
)
_SOMEBODY = re.compile(r"SSLError|CERTIFICATE_VERIFY_FAILED")


class Answer(NamedTuple):
    """What pip-audit printed. `packages` is None when it gave no answer in JSON."""

    code: int
    packages: list[dict[str, Any]] | None
    last_words: str  # the end of its error output


class Service(Enum):
    ANSWERS = auto()
    UNREACHABLE = auto()  # no network, or what answers has no advisories
    BLIND = auto()  # it answers, and finds nothing where everybody else does
    BROKEN = auto()


class Hole(NamedTuple):
    """An exception: a known hole that we live with, until a day, for a reason."""

    id: str
    package: str
    reason: str
    until: date


def ask(requirements: str, *options: str, program: Sequence[str] = PROGRAM) -> Answer:
    """Let pip-audit ask about these lines of a requirements file."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.txt"
        wanted.write_text(requirements)
        command = [*program, "--disable-pip", *options, "--requirement", wanted, "--format", "json"]
        done = subprocess.run(
            [*command, "--progress-spinner", "off"], capture_output=True, text=True, check=False
        )
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        packages = None
    return Answer(done.returncode, packages, done.stderr[-1000:].strip())


def ask_whether_reachable(program: Sequence[str] = PROGRAM) -> Service:
    return judge_service(ask(f"{KNOWN_TO_HAVE_HOLES}\n", "--no-deps", program=program))


def judge_service(answer: Answer) -> Service:
    """By what it said about the package whose holes everybody knows."""
    if answer.packages is None:
        nobody = _NOBODY.search(answer.last_words) and not _SOMEBODY.search(answer.last_words)
        return Service.UNREACHABLE if nobody else Service.BROKEN
    if len(answer.packages) != 1:
        return Service.BROKEN
    if "skip_reason" in answer.packages[0]:
        return Service.UNREACHABLE
    return Service.ANSWERS if answer.packages[0].get("vulns") else Service.BLIND


def ask_about(locked: Iterable[Locked], program: Sequence[str] = PROGRAM) -> Answer:
    lines = [f"{package.name}=={package.version}{package.hashes}\n" for package in locked]
    return ask("".join(lines), "--require-hashes", "--strict", program=program)


def judge(answer: Answer, locked: Sequence[Locked], exceptions: Sequence[Hole]) -> list[str]:
    """A sentence for each hole without an exception, and for each package that nobody answered for."""
    if answer.packages is None:
        return [f"pip-audit gave no answer: {answer.last_words.splitlines()[-1:] or answer.code}"]
    answered = {(package["name"], package.get("version")): package for package in answer.packages}
    silent = [p for p in locked if "vulns" not in answered.get((p.name, p.version), {})]
    found = [f"{package.name} {package.version} could not be audited" for package in silent]
    excused = {(hole.id, hole.package) for hole in exceptions}
    unused = set(excused)
    holes = 0
    for package in answer.packages:
        for hole in package.get("vulns", ()):
            holes += 1
            names = {(name, package["name"]) for name in (hole["id"], *hole.get("aliases", ()))}
            unused -= names
            if not names & excused:
                mended = ", ".join(hole.get("fix_versions", ())) or "no version yet"
                found.append(f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}")
    found += [
        f"the exception {id} for {name} fits nothing any more: remove it" for id, name in sorted(unused)
    ]
    if answer.code and not holes and not found:
        found.append(f"pip-audit ended with {answer.code}: {answer.last_words.splitlines()[-1:]}")
    return found


def read_exceptions(path: Path = EXCEPTIONS) -> list[Hole]:
    return [Hole(**hole) for hole in tomllib.loads(path.read_text()).get("hole", [])]


def faults_of_exceptions(exceptions: Iterable[Hole], *, today: date) -> list[str]:
    """An exception without a reason, past its day, or with a day too far off."""
    found = []
    for hole in exceptions:
        if len(hole.reason.split()) < 3:
            found.append(f"the exception {hole.id} says no reason")
        if hole.until < today:
            found.append(f"the exception {hole.id} ended on {hole.until}: mend it or decide anew")
        elif hole.until > today + LONGEST_EXCEPTION:
            found.append(f"the exception {hole.id} is for more than {LONGEST_EXCEPTION.days} days")
    return found
