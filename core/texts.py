"""Words that people type, and words of ours that stand in a row."""

import re
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

# They turn the order of what follows on the screen: what is read is not what is written.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def refuse_turning_marks(text: str) -> None:
    """A validator for one line of text. Raises ValidationError."""
    if _TURNING.search(text):
        raise ValidationError(
            _("Invisible marks in this text turn its direction. Type it again instead of pasting it."),
            code="turning_marks",
        )


def listed(words: Iterable[Any]) -> str:
    """In a row, with the comma of the reader's language between them."""
    return pgettext("between words in a row", ", ").join(str(word) for word in words)
