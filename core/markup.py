"""HTML of hundreds of pieces, put together by hand.

Django's own helpers look at each piece for text in a language yet to be chosen: for the options and cells of
a register that takes longer than the rest of its page.
"""

from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe


def escaped(piece: Any) -> str:
    """As a template writes it: what is markup already stays as it is."""
    if type(piece) is str:  # most are
        return escape(piece)
    if isinstance(piece, Promise):
        piece = str(piece)
    return piece.__html__() if hasattr(piece, "__html__") else escape(str(piece))


def joined(pieces: Iterable[str], between: str = "") -> SafeString:
    """As markup. Whoever calls it has escaped everything in the pieces that is not markup of our own."""
    return mark_safe(between.join(pieces))
