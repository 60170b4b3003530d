"""Which values stand in a text on its way out, and where."""

import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
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
HIDDEN = "…"
_PARAGRAPHS = re.compile(r"\n\s*\n")


class Around:
    """The words around a hit, without the other values in them: a passage is opened for one value alone.

    `hits`: of the whole text, in its order.
    """

    def __init__(self, text: str, hits: Sequence[Hit]) -> None:
        self._text, self._hits = text, hits
        self._starts = [hit.start for hit in hits]
        self._longest = max((hit.end - hit.start for hit in hits), default=0)

    def shown(self, value: Value, start: int, end: int) -> str:
        """From `start` to `end`, for who opens this value."""
        shown, place = "", start
        first, last = bisect_left(self._starts, start - self._longest), bisect_left(self._starts, end)
        for hit in self._hits[first:last]:
            if hit.value == value or hit.end <= place:
                continue
            if hit.start > place or not shown.endswith(HIDDEN):
                shown += self._text[place : hit.start] + HIDDEN
            place = hit.end
        return shown + self._text[place:end]


@dataclass
class Found:
    """One value in one piece, with every place where it stands."""

    piece: Piece
    value: Value
    is_sure: bool = False
    paragraph: int = 0
    passages: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, hit: Hit, text: str, around: Around, start: int, end: int) -> None:
        """`start`, `end`: of the piece in the text."""
        self.is_sure |= hit.is_sure
        self.paragraph = self.paragraph or 1 + len(_PARAGRAPHS.findall(text, start, hit.start))
        if len(self.passages) < MOST_PASSAGES:
            before = around.shown(hit.value, max(start, hit.start - AROUND), hit.start)
            after = around.shown(hit.value, hit.end, min(end, hit.end + AROUND))
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
    hits = index.hits(text, near=outgoing.about | outgoing.near)
    around = Around(text.text, hits)
    for hit in hits:
        number = bisect_right(starts, hit.start) - 1
        piece = pieces[number]
        if hit.value.is_code and piece.codes_pass:
            continue
        if passing[_spelling(hit, text)] > 0:
            passing[_spelling(hit, text)] -= 1
            continue
        end = starts[number + 1] - 1 if number + 1 < len(starts) else len(text.text)
        one = found.setdefault((number, hit.value), Found(piece, hit.value))
        one.add(hit, text.text, around, starts[number], end)
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
