"""The leak guard: no text leaves with a name, place, code or note in it that must stay inside.

Whatever sends a text out describes it as `Outgoing`, asks `check`, and sends it only if the verdict
`may_leave`; many texts at once share one reading of the sealed values inside `guarding`. What it finds waits
for somebody who may see it (`accounts.services.settle_finding`). Choices: docs/adr/0017-leak-guard.md.
"""

from core.leaks.findings import (
    HOLDING,
    MANY_AN_HOUR,
    Verdict,
    ask_for_part,
    check,
    has_many,
    has_part,
    look,
    overtake,
    quiet_sentence,
    settle,
    standing,
    when_many,
    when_settled,
    where,
)
from core.leaks.guard import CannotCheck, guarding
from core.leaks.texts import Outgoing, Piece

__all__ = [
    "HOLDING",
    "MANY_AN_HOUR",
    "CannotCheck",
    "Outgoing",
    "Piece",
    "Verdict",
    "ask_for_part",
    "check",
    "guarding",
    "has_many",
    "has_part",
    "look",
    "overtake",
    "quiet_sentence",
    "settle",
    "standing",
    "when_many",
    "when_settled",
    "where",
]
