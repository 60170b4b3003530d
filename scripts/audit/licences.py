"""Under which licences we use what others wrote, as the packages themselves say.

Allowed is what may run beside code of any licence. What is only a tool on a developer's machine and never
part of an installation (not in base.lock) may be GPL too. Nothing under AGPL, SSPL or a licence nobody named.
"""

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, metadata
from typing import Any

_FAMILIES = {
    "MIT": r"\bMIT\b|\bMIT-CMU\b|\bMIT-0\b|\bHPND\b",
    "BSD": r"\bBSD\b|\b0BSD\b|\bISC\b",
    "Apache": r"\bApache\b",
    "PSF": r"\bPSFL?\b|\bPSF-2\.0\b|Python Software Foundation|\bCNRI-Python\b",
    "MPL": r"\bMPL\b|Mozilla Public",
    "CC0": r"\bCC0\b|\bCC-BY-4\.0\b|\bUnlicense\b|Public Domain",
    "Artistic": r"\bArtistic\b",
    "LGPL": r"\bLGPL|Lesser General Public",
    "AGPL": r"\bAGPL|Affero",
    "GPL": r"\bGPL|(?<!Lesser )(?<!Affero )General Public",
    "SSPL": r"\bSSPL\b|Server Side Public|\bBUSL\b|Business Source|Commons Clause|Elastic License",
}  # fmt: skip
FREE = {"MIT", "BSD", "Apache", "PSF", "MPL", "CC0", "Artistic", "LGPL"}
OF_TOOLS = {"GPL"}
# Their own files say it, their metadata does not.
SAID_ELSEWHERE = {
    "axe-playwright-python": "MIT",
    "pyrage": "MIT",
}


def said_by(package: Mapping[str, Any], classifiers: Iterable[str]) -> str:
    """The licence in a package's own words: its expression, else its trove words, else the free text."""
    trove = [word.split(" :: ")[-1] for word in classifiers if word.startswith("License :: ")]
    known = [word for word in trove if word not in ("OSI Approved", "Other/Proprietary License")]
    free = str(package.get("License") or "").strip().split("\n")[0][:200]
    return str(package.get("License-Expression") or " OR ".join(known) or free)


def families(words: str) -> set[str]:
    return {family for family, pattern in _FAMILIES.items() if re.search(pattern, words, re.IGNORECASE)}


def fault(name: str, words: str, *, shipped: bool) -> str | None:
    """A sentence when this licence does not do. Of a choice ("A OR B") one must do, of "A AND B" both."""
    allowed = FREE if shipped else FREE | OF_TOOLS
    for choice in re.split(r"\s+OR\s+", words):
        parts = [families(part) for part in re.split(r"\s+AND\s+", choice)]
        if all(part and part <= allowed for part in parts):
            return None
    return f"{name}: {words or 'no licence named'}: not in the list of scripts/audit/licences.py"


def faults(names: Iterable[str], shipped: set[str]) -> tuple[int, list[str]]:
    """How many of these packages are installed here, and a sentence for each whose licence does not do."""
    counted, found = 0, []
    for name in names:
        try:
            package = metadata(name)
        except PackageNotFoundError:
            continue  # for another system or Python
        counted += 1
        words = SAID_ELSEWHERE.get(name) or said_by(package, package.get_all("Classifier") or [])
        found.append(fault(name, words, shipped=name in shipped))
    return counted, [sentence for sentence in found if sentence]
