"""All protected values at once against one text, whatever their number."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple
from uuid import UUID

from core.enums import Holds
from core.leaks import numbers
from core.leaks.folding import Folded, Run, Word, runs_in, visible, words_in
from core.leaks.forms import forms_of, near_forms_of
from core.leaks.values import Form, Rule, Value

# A phrase that stands in the notes of so many is an ordinary one.
ORDINARY = 3
_ARTICLES = frozenset("aeioy")  # "a 12-year-old", "I 12": words of one letter in front of a number
_AFTER_HANGUL = re.compile(
    "(?:은|는|이|가|을|를|와|과|의|도|야|아|에|에게|께|께서|한테|이는|이가|이와|이의|이도|씨|님)?$"
)


class Hit(NamedTuple):
    """Where a value stands in the folded text."""

    value: Value
    is_sure: bool
    start: int
    end: int


class Index:
    """`published`: words meant for the outside; no part of an address or a note is held against them.

    `unopened`: persons and places whose values could not be opened, so that nothing is known of them.
    """

    def __init__(
        self,
        values: Iterable[Value],
        *,
        published: Collection[str] = (),
        unopened: Collection[UUID] = (),
    ) -> None:
        self.unopened = frozenset(unopened)
        self._published = {letters for text in published for letters in _letters(text)}
        self._values = list(values)
        self._near: dict[frozenset[UUID], _Forms] = {}
        self._forms = _Forms()
        for value in self._values:
            self._forms.add(value, self._kept(value, forms_of(value)))
            if value.holds in (Holds.CONTACT, Holds.WORDS):
                self._forms.add_numbers(value)
        self._forms.drop_ordinary()

    def __len__(self) -> int:
        return len(self._values)

    def hits(self, text: Folded, *, near: frozenset[UUID] = frozenset()) -> list[Hit]:
        """Every place of every value, in the order of the text. `near`: records that the text is about."""
        found = list(self._forms.hits(text))
        if near:
            found += self._forms_near(near).hits(text)
        return sorted(set(found), key=lambda hit: (hit.start, hit.end, not hit.is_sure))

    def _forms_near(self, near: frozenset[UUID]) -> "_Forms":
        if near not in self._near:
            self._near[near] = forms = _Forms()
            for value in self._values:
                if value.of in near or value.subject_uuid in near:
                    forms.add(value, self._kept(value, near_forms_of(value)))
        return self._near[near]

    def _kept(self, value: Value, forms: Iterable[Form]) -> Iterator[Form]:
        for form in forms:
            if form.is_sure or value.is_code or form.letters not in self._published:
                yield form


def _letters(text: str) -> Iterator[str]:
    """A published text as a whole, its parts and its words, as forms are spelled."""
    seen = visible(text)
    for part in [seen, *re.split(r"[,;/()、，・]", seen)]:
        yield "".join(words_in(part))
        yield "".join(runs_in(part))
    yield from words_in(seen)
    yield from runs_in(seen)


class _Forms:
    def __init__(self) -> None:
        self._latin: dict[str, list[tuple[Value, Form]]] = defaultdict(list)
        self._longest: dict[str, int] = {}  # first three letters → letters of the longest form
        self._asian: dict[str, list[tuple[Value, Form]]] = defaultdict(list)
        self._lengths: dict[str, set[int]] = defaultdict(set)  # first two letters → lengths
        self._numbers: dict[str, list[Value]] = defaultdict(list)
        self._points: dict[str, list[Value]] = defaultdict(list)
        self._of_notes: set[str] = set()

    def add(self, value: Value, forms: Iterable[Form]) -> None:
        is_note = value.holds in (Holds.WORDS, Holds.CONTACT)
        for form in set(forms):
            letters = form.letters
            if is_note:
                self._of_notes.add(letters)
            if letters[0] > "\u10ff" and not letters.isascii():
                self._asian[letters].append((value, form))
                self._lengths[letters[:2]].add(len(letters))
            else:
                self._latin[letters].append((value, form))
                head = letters[:3]
                if len(letters) > self._longest.get(head, 0):
                    self._longest[head] = len(letters)

    def add_numbers(self, value: Value) -> None:
        seen = visible(value.text)
        for digits in set(numbers.telephones(seen)):
            self._numbers[digits].append(value)
        for point in set(numbers.points(seen)):
            self._points[point].append(value)

    def drop_ordinary(self) -> None:
        for letters in self._of_notes:
            forms = self._latin if letters in self._latin else self._asian
            entries = forms[letters]
            notes = [entry for entry in entries if entry[0].holds in (Holds.WORDS, Holds.CONTACT)]
            if len({value.of for value, _form in notes}) >= ORDINARY:
                forms[letters] = [entry for entry in entries if entry not in notes]

    def hits(self, text: Folded) -> Iterator[Hit]:
        if self._latin:
            yield from self._in_words(text)
        if self._asian:
            for run in text.runs:
                yield from self._in_run(text.text, run)
        if self._numbers:
            for number in numbers.windows(text.text, {len(digits) for digits in self._numbers}):
                for value in self._numbers.get(number.digits, ()):
                    yield Hit(value, True, number.start, number.end)
        if self._points:
            for number in numbers.points_in(text.text):
                for value in self._points.get(number.digits, ()):
                    yield Hit(value, False, number.start, number.end)

    def _in_words(self, text: Folded) -> Iterator[Hit]:
        words, forms, longest = text.words, self._latin, self._longest
        for first in range(len(words)):
            letters, most = "", 0
            for last in range(first, len(words)):
                if last > first and not words[last].is_joined:
                    break
                letters += words[last].bare
                if len(letters) < 3:
                    continue
                most = most or longest.get(letters[:3], 0)
                if len(letters) > most:
                    break
                for value, form in forms.get(letters, ()):
                    sure = _is_meant(form, text.text, words[first : last + 1])
                    if sure is not None:
                        yield Hit(value, sure, words[first].start, words[last].end)

    def _in_run(self, seen: str, run: Run) -> Iterator[Hit]:
        letters, lengths, forms = run.letters, self._lengths, self._asian
        for first in range(len(letters) - 1):
            for length in lengths.get(letters[first : first + 2], ()):
                if first + length > len(letters):
                    continue
                for value, form in forms.get(letters[first : first + length], ()):
                    if _stands(form, seen, run, first):
                        start, end = run.places[first], run.places[first + length - 1] + 1
                        yield Hit(value, form.is_sure, start, end)


def _is_meant(form: Form, seen: str, words: list[Word]) -> bool | None:
    """Whether these words are the form: surely, possibly, or (None) not at all."""
    if form.rule == Rule.LETTERS:
        return form.is_sure
    if form.rule == Rule.WORDS:
        return form.is_sure if tuple(word.bare for word in words) == form.parts else None
    written = seen[words[0].start : words[-1].end]
    if form.rule == Rule.CODE:
        between = seen[words[0].end : words[1].start] if len(words) > 1 else ""
        is_phrase = words[0].bare in _ARTICLES and any(sign.isspace() for sign in between)
        return None if is_phrase else True
    [code] = form.parts
    if written == code or (len(words) > 1 and len(form.letters) >= 6):
        return True
    if len(form.letters) > 3 and written[:1].isupper():
        return False
    return False if len(form.letters) >= 5 else None


def _stands(form: Form, seen: str, run: Run, first: int) -> bool:
    """Whether the letters stand there as the rule of the form wants it."""
    end = first + len(form.letters)
    inside = [place - first for place in run.gaps if first < place < end]
    begins = first == 0 or first in run.gaps
    spaced = len(inside) == len(form.letters) - 1 or all(gap in form.parts for gap in inside)
    if form.rule == Rule.ANYWHERE:
        return not inside or spaced
    if form.rule == Rule.STARTS:
        return (begins and spaced) if inside or len(form.letters) < 3 else True
    if not spaced:
        return False
    if form.letters[0] >= "\uac00":
        following = "".join(_until_gap(run, end))
        return begins and _AFTER_HANGUL.match(following) is not None
    return _is_own_kana_word(seen, run, first, end)


def _until_gap(run: Run, start: int) -> Iterator[str]:
    for place in range(start, len(run.letters)):
        if place in run.gaps:
            return
        yield run.letters[place]


def _is_own_kana_word(seen: str, run: Run, first: int, end: int) -> bool:
    """A short kana name among kana is a word of its own only where the script changes around it."""
    kind = _kana_kind(seen[run.places[first]])
    if any(_kana_kind(seen[run.places[place]]) != kind for place in range(first, end)):
        return False
    before = first == 0 or first in run.gaps or _kana_kind(seen[run.places[first - 1]]) != kind
    after = end == len(run.letters) or end in run.gaps or _kana_kind(seen[run.places[end]]) != kind
    return before and after


def _kana_kind(letter: str) -> str:
    if letter == "ー":
        return "katakana"
    if "\u3041" <= letter <= "\u3096":
        return "hiragana"
    return "katakana" if "\u30a1" <= letter <= "\u30ff" else "other"
