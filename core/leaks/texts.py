"""A text on its way out, as whoever sends it describes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.crypto import salted_hmac

from core.enums import Channel

SALT = "core.leaks"


@dataclass(frozen=True)
class Piece:
    """One part of a text, judged by itself: a title, a paragraph, a cell.

    `label`: what part it is, in words. `codes_pass`: it speaks of records by their codes by purpose.
    """

    text: str
    label: str = ""
    codes_pass: bool = False


@dataclass(frozen=True)
class Outgoing:
    """`text_type`, `text_uuid`: the record whose text it is (a register or a command has no UUID).

    `authors`: keys of the people who wrote it: none of them settles a finding. `about`: the person it tells
    of, `near`: those around them; of both, less gives more away. `reader`: the one person it goes to, who may
    read codes of records that they see anyway; None: anybody. `fixed`: the same text without what was filled
    in.
    """

    channel: Channel
    pieces: Sequence[Piece]
    text_type: str
    text_uuid: UUID | None = None
    authors: frozenset[int] = frozenset()
    about: frozenset[UUID] = frozenset()
    near: frozenset[UUID] = frozenset()
    reader: Any = None
    fixed: str = ""

    def fingerprint_of(self, piece: Piece, *value: object) -> str:
        """A keyed hash of the piece on this way out, with a value or without: "" of no two is the same."""
        parts = (self.channel, self.text_type, self.text_uuid, piece.text, *value)
        return salted_hmac(SALT, "\x1f".join(map(str, parts)), algorithm="sha256").hexdigest()

    def fingerprints(self) -> set[str]:
        return {self.fingerprint_of(piece) for piece in self.pieces}
