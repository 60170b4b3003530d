"""Which values stand in a text on its way out, and where."""

import json
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps

from core.leaks.folding import BARRIER, Folded, folded
from core.leaks.index import Hit, Index
from core.leaks.texts import Outgoing, Piece
from core.leaks.values import Value

AROUND = 60  # letters shown on either side of what was found
MOST_PASSAGES = 5
_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass
class Found:
    """One value in one piece, with every place where it stands."""

    piece: Piece
    value: Value
    is_sure: bool = False
    paragraph: int = 0
    passages: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, hit: Hit, text: str, start: int, end: int) -> None:
        """`start`, `end`: of the piece in the text."""
        self.is_sure |= hit.is_sure
        self.paragraph = self.paragraph or 1 + len(_PARAGRAPHS.findall(text, start, hit.start))
        if len(self.passages) < MOST_PASSAGES:
            before = text[max(start, hit.start - AROUND) : hit.start]
            after = text[hit.end : min(end, hit.end + AROUND)]
            self.passages.append((before, text[hit.start : hit.end], after))

    @property
    def kept_passages(self) -> bytes:
        return json.dumps(self.passages, ensure_ascii=False).encode()


def find(index: Index, outgoing: Outgoing) -> list[Found]:
    """Value by value and piece by piece; what may pass is left out."""
    pieces = [piece for piece in outgoing.pieces if piece.text]
    if not pieces:
        return []
    text, starts = _joined(pieces)
    found: dict[tuple[int, Value], Found] = {}
    passing = _fixed_words(index, outgoing)
    for hit in index.hits(text, near=outgoing.about | outgoing.near):
        number = bisect_right(starts, hit.start) - 1
        piece = pieces[number]
        if hit.value.is_code and piece.codes_pass:
            continue
        if passing[_spelling(hit, text)] > 0:
            passing[_spelling(hit, text)] -= 1
            continue
        end = starts[number + 1] - 1 if number + 1 < len(starts) else len(text.text)
        one = found.setdefault((number, hit.value), Found(piece, hit.value))
        one.add(hit, text.text, starts[number], end)
    return list(_unread(outgoing.reader, found.values()))


def _joined(pieces: list[Piece]) -> tuple[Folded, list[int]]:
    """All pieces as one folded text, and where each begins in it."""
    text = folded(BARRIER.join(piece.text.replace(BARRIER, " ") for piece in pieces))
    starts = [0, *(place + 1 for place, letter in enumerate(text.text) if letter == BARRIER)]
    return text, starts


def _fixed_words(index: Index, outgoing: Outgoing) -> Counter:
    """How often each value stands in what the template says by itself, by its spelling there."""
    if not outgoing.fixed:
        return Counter()
    text = folded(outgoing.fixed)
    return Counter(_spelling(hit, text) for hit in index.hits(text, near=outgoing.about | outgoing.near))


def _spelling(hit: Hit, text: Folded) -> tuple[Value, str]:
    return hit.value, text.text[hit.start : hit.end].casefold()


def _unread(reader: Any, found: Iterable[Found]) -> Iterator[Found]:
    """Without the codes of records that the one reader sees anyway."""
    found = list(found)
    asked: dict[str, set[UUID]] = defaultdict(set)
    for one in found:
        if reader is not None and one.value.is_code:
            asked[one.value.subject_type].add(one.value.subject_uuid)
    seen = {name: seen_by(reader, name, uuids) for name, uuids in asked.items()}
    for one in found:
        if not one.value.is_code or one.value.subject_uuid not in seen.get(one.value.subject_type, ()):
            yield one


def seen_by(user: Any, model_name: str, uuids: Iterable[UUID]) -> set[UUID]:
    """Which of these records the person may see; none of a model that has no door."""
    door = getattr(apps.get_model(model_name)._default_manager, "visible_to", None)
    if door is None:
        return set()
    return set(door(user).filter(uuid__in=set(uuids)).values_list("uuid", flat=True))
