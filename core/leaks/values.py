"""What must not leave: one protected text, whose it is, and what kind of text."""

from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from core.enums import Holds

CODE = "code"


class Value(NamedTuple):
    """`subject_type`, `subject_uuid`: the record it stands in; `holds`: Holds, or CODE for a code.

    `of`: the person, shelter or route with whose key it is sealed; for a code the record itself.
    """

    subject_type: str
    subject_uuid: UUID
    field: str
    holds: Holds | str
    text: str
    of: UUID

    @property
    def is_code(self) -> bool:
        return self.holds == CODE


class Rule(StrEnum):
    """When letters that are those of a form are really meant by it."""

    LETTERS = ""  # whatever stands between them
    WORDS = "words"  # short: only in the same words
    CODE = "code"  # letters and digits: not "a 12-year-old" for A-12
    WORD_CODE = "word code"  # an ordinary word as a code name: see `index.is_meant`
    STARTS = "starts"  # hangul: at the start of a word, or without a space inside
    ALONE = "alone"  # short kana or hangul: not as a part of a longer word
    ANYWHERE = "anywhere"


class Form(NamedTuple):
    """One way in which people write a value.

    `letters`: bare letters and digits, or East Asian letters; `parts`: the lengths after which a space may
    stand in East Asian letters, or the words themselves for Rule.WORDS.
    """

    letters: str
    is_sure: bool
    rule: Rule = Rule.LETTERS
    parts: tuple = ()
