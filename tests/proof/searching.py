"""Where a secret is found in bytes, in the eight encodings in which it could lie there."""

import base64
import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


def _base64(word: bytes, before: int) -> bytes:
    """What of a word's base64 does not depend on its neighbours, with `before` bytes of them ahead of it."""
    encoded = base64.b64encode(b"\0" * before + word)
    return encoded[(0, 2, 3)[before] : (before + len(word)) * 8 // 6]


def encodings(word: bytes) -> dict[str, list[bytes]]:
    """Of bytes, as a picture is: raw, hex and the three phases of base64."""
    return {
        "as it is": [word],
        "hex": [word.hex().encode(), word.hex().upper().encode()],
        **{f"base64, phase {phase}": [_base64(word, phase)] for phase in range(3)},
    }


def spellings(word: str) -> dict[str, list[bytes]]:
    """Of a text: eight."""
    return encodings(word.encode()) | {
        "utf-16, little": [word.encode("utf-16-le")],
        "utf-16, big": [word.encode("utf-16-be")],
        "rot13": [codecs.encode(word, "rot13").encode()],
    }


@dataclass
class Searched:
    """What was looked through: place → number of its files (or answers), and bytes in all."""

    places: dict[str, int] = field(default_factory=dict)
    size: int = 0

    def look(self, place: str, contents: Iterable[bytes], needles: list[bytes]) -> Iterator[str]:
        """The places in which a needle is found."""
        self.places.setdefault(place, 0)
        for content in contents:
            self.places[place] += 1
            self.size += len(content)
            for needle in needles:
                if needle in content:
                    yield place


def files_in(folder: Path) -> Iterator[bytes]:
    """Every file that does not go away meanwhile."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.read_bytes()
