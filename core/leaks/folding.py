"""A text as the guard reads it: words of letters without case and accents, and runs of East Asian letters.

Width is folded first (NFKC), and what cannot be seen is taken out; positions are those of that text.
"""

import re
import unicodedata
from dataclasses import dataclass

BARRIER = "\x1e"  # between texts that have nothing to do with one another

# Letters of scripts written without spaces, or whose words take particles: kana, hanzi, hangul.
EAST_ASIAN = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3131-\u318e"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufad9\U00020000-\U000323af"
)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
_WORD = re.compile(f"[^\\W_{EAST_ASIAN}]+")
_RUN = re.compile(f"[{EAST_ASIAN}]+")
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
# Letters that are no plain letter with an accent to Unicode, but are to people.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "ng"}
)
_KATAKANA = str.maketrans({chr(letter): chr(letter + 0x60) for letter in range(0x3041, 0x3097)})
_NOT_BETWEEN_WORDS = re.compile(f"[{EAST_ASIAN}{BARRIER}]|\n\\s*\n")
_NOT_BETWEEN_RUNS = re.compile(f"[^\\W_]|[{BARRIER}\n。！？!?、，,;:]")
MOST_BETWEEN = 4  # letters of space and punctuation that may stand inside a name or an address


@dataclass(frozen=True, slots=True)
class Word:
    start: int
    end: int
    bare: str
    is_joined: bool  # nothing but a little space and punctuation stands before it


@dataclass(frozen=True, slots=True)
class Run:
    """East Asian letters with at most a space or a point between them. `places`: where each stands."""

    letters: str
    places: list[int]
    gaps: frozenset[int]  # indices of letters with something before them, the first letter left out


@dataclass(frozen=True, slots=True)
class Folded:
    text: str
    words: list[Word]
    runs: list[Run]


def visible(text: str) -> str:
    """Width folded, what cannot be seen taken out. Line ends stay."""
    return unicodedata.normalize("NFKC", _UNSEEN.sub("", text).replace("\r\n", "\n"))


def bare(text: str) -> str:
    """Without case and accents; spaces and punctuation stay."""
    folded = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return _MARKS.sub("", folded)


def katakana(text: str) -> str:
    return text.translate(_KATAKANA)


def words_in(seen: str) -> list[str]:
    """The bare words of a text that is `visible` already."""
    return _WORD.findall(bare(seen))


def runs_in(seen: str) -> list[str]:
    """The East Asian runs of a text that is `visible` already, in katakana."""
    return _RUN.findall(katakana(seen))


def folded(text: str) -> Folded:
    seen = visible(text)
    return Folded(seen, _words(seen), _runs(katakana(seen)))


def _words(seen: str) -> list[Word]:
    spans = [match.span() for match in _WORD.finditer(seen)]
    bares = bare("\n".join(seen[start:end] for start, end in spans)).split("\n") if spans else []
    words: list[Word] = []
    before = 0
    for (start, end), letters in zip(spans, bares, strict=True):
        between = seen[before:start]
        joined = bool(words) and len(between) <= MOST_BETWEEN and not _NOT_BETWEEN_WORDS.search(between)
        words.append(Word(start, end, letters, joined))
        before = end
    return words


def _runs(seen: str) -> list[Run]:
    runs: list[Run] = []
    letters: list[str] = []
    places: list[int] = []
    gaps: set[int] = set()
    before = 0
    for match in _RUN.finditer(seen):
        start, end = match.span()
        between = seen[before:start]
        if letters and (len(between) > 2 or _NOT_BETWEEN_RUNS.search(between)):
            runs.append(Run("".join(letters), places, frozenset(gaps)))
            letters, places, gaps = [], [], set()
        elif letters:
            gaps.add(len(places))
        letters.append(match[0])
        places.extend(range(start, end))
        before = end
    if letters:
        runs.append(Run("".join(letters), places, frozenset(gaps)))
    return runs
