"""requirements/*.lock: names, versions and hashes, no address; what is installed matches a hash."""

import re
from pathlib import Path
from typing import NamedTuple

from scripts.rules.source import ROOT

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
_LINE = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[A-Za-z0-9.!+_-]+)(?: ; [^#]*?)?"
    r"(?P<hashes>(?: --hash=sha256:[0-9a-f]{64})+)"
)


class Locked(NamedTuple):
    name: str
    version: str
    hashes: str  # " --hash=sha256:… --hash=sha256:…"


def _lines(text: str) -> list[str]:
    """One requirement a line, without comments."""
    bare = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return [" ".join(line.split()) for line in bare.replace("\\\n", " ").splitlines() if line.strip()]


def read(path: Path) -> list[Locked]:
    """The packages of a lock, those for other systems too: markers are left out."""
    found = map(_LINE.fullmatch, _lines(path.read_text()))
    return [Locked(line["name"], line["version"], line["hashes"]) for line in found if line]


def faults(path: Path) -> list[str]:
    """A sentence for each line that is not a name, a version and hashes, and for each address."""
    text = path.read_text()
    odd = [
        f"{path.name}: not pinned by hash: {line[:60]}" for line in _lines(text) if not _LINE.fullmatch(line)
    ]
    odd += [
        f"{path.name}: holds an address: {found}" for found in re.findall(r"\S*(?:://|\bgit\+|@ )\S*", text)
    ]
    names = [locked.name for locked in read(path)]
    twice = {name for name in names if names.count(name) > 1}
    empty = [] if names else [f"{path.name}: holds no package"]
    return [*odd, *empty, *(f"{path.name}: {name} stands there twice" for name in sorted(twice))]
