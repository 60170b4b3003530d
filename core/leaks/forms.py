"""The ways in which people write a protected value.

Derived here: case, accents, width, spaces, hyphens and points, hiragana and katakana, the order of names,
hangul in Latin letters, streets with and without their number. Not derivable: the readings of kanji and
hanzi, and spellings that follow no rule; people write those into the field `spellings`.
"""

import re
from collections.abc import Iterator

from core.enums import Holds
from core.leaks import hangul
from core.leaks.folding import runs_in, visible, words_in
from core.leaks.values import Form, Rule, Value

# Shorter ones stand in too many harmless words.
SHORTEST_NAME = 4  # Latin letters of a name of one word
SHORTEST_JOINED = 6  # Latin letters of several words before they may be written as one
SHORTEST_ROMANISED = 6
SHORTEST_PHRASE = 12  # of free text
LONGEST = 100
_BETWEEN_NAMES = re.compile(r"[\n\r/()\[\]{}=|;、；]|\s[-–—]\s")
_BETWEEN_PIECES = re.compile(r"[,;:/()\[\]\n、。，；：（）！？!?\"“”「」]|\.\s|\.$")
_REMARK = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_DIVISION = re.compile(r"(?<=[省市区县縣郡町村路街道号號都府州旗乡鄉镇鎮屯洞里])")
_ENDINGS = "市县縣郡区區町村镇鎮군시읍면"  # of towns; a street without its ending is often another word
_KANA = re.compile("[\u3041-\u30ff]+")
_HANGUL = re.compile("[\uac00-\ud7a3]+")
_CAPITALISED = re.compile(r"[^\W\d_a-z][^\W_]*(?:['’.-]?[^\W_]+)*")
_ACCOUNT = re.compile(r"[^\s,;()]*[@\d][^\s,;()]*")
# Too wide to lead anybody anywhere.
COUNTRIES = frozenset(
    {
        "china", "japan", "korea", "southkorea", "northkorea", "republicofkorea", "mongolia", "russia",
        "vietnam", "laos", "thailand", "中国", "中國", "日本", "韓国", "韩国", "韓國", "朝鮮", "朝鲜",
        "대한민국", "한국", "조선", "중국", "일본", "ロシア", "モンゴル",
    }
)  # fmt: skip
CAPITALISED = COUNTRIES | {
    "chinese", "japanese", "korean", "english", "january", "february", "march", "april", "june", "july",
    "august", "september", "october", "november", "december", "monday", "tuesday", "wednesday", "thursday",
    "friday", "saturday", "sunday", "christmas",
}  # fmt: skip


def forms_of(value: Value) -> Iterator[Form]:
    """Every form that holds for all texts."""
    if value.is_code:
        yield from _of_code(value.text)
    elif value.holds == Holds.NAME:
        for name in _BETWEEN_NAMES.split(visible(value.text)):
            yield from _of_name(name)
    elif value.holds == Holds.ADDRESS:
        yield from _of_address(visible(value.text))
    else:
        yield from _of_words(visible(value.text))


def near_forms_of(value: Value) -> Iterator[Form]:
    """What gives away a value only in a text about that very person: a given name, a word of the family."""
    if value.holds == Holds.NAME:
        for name in _BETWEEN_NAMES.split(visible(value.text)):
            yield from _parts_of_name(name)
    elif value.holds in (Holds.WORDS, Holds.CONTACT):
        yield from _parts_of_words(visible(value.text))


# --- codes -------------------------------------------------------------------------------------------


def _of_code(code: str) -> Iterator[Form]:
    seen = visible(code)
    words, runs = words_in(seen), runs_in(seen)
    letters = "".join(words)
    if runs:
        yield Form("".join(runs), True, Rule.ANYWHERE, _own_gaps(runs))
    elif len(letters) >= 3:
        rule = Rule.CODE if any(sign.isdigit() for sign in letters) else Rule.WORD_CODE
        yield Form(letters, True, rule, (seen,))


# --- names -------------------------------------------------------------------------------------------


def _of_name(name: str) -> Iterator[Form]:
    if words := [part for part in _spaced_words(name) if part]:
        yield from _of_latin_name(words)
    if runs := runs_in(name):
        yield from _of_east_asian_name(runs)


def _spaced_words(text: str) -> list[tuple[str, ...]]:
    """The parts between spaces and commas, each as its words: "Kim Seon-hui" → (kim,), (seon, hui)."""
    return [tuple(words_in(part)) for part in re.split(r"[\s,，・·]+", text) if words_in(part)]


def _of_latin_name(parts: list[tuple[str, ...]]) -> Iterator[Form]:
    for turn in range(len(parts)):  # Kim Seon-hui, Seon-hui Kim
        words = tuple(word for part in (*parts[turn:], *parts[:turn]) for word in part)
        letters = "".join(words)
        if len(letters) > LONGEST:
            return
        if len(words) == 1:
            if len(letters) >= SHORTEST_NAME:
                yield Form(letters, False)
        elif len(letters) >= SHORTEST_JOINED:
            yield Form(letters, True)
        elif len(letters) >= 3:
            yield Form(letters, False, Rule.WORDS, words)


def _of_east_asian_name(runs: list[str]) -> Iterator[Form]:
    letters = "".join(runs)
    if hangul.is_hangul(letters):
        surname, given = (runs[0], "".join(runs[1:])) if len(runs) > 1 else hangul.divided(letters)
        if len(letters) >= 3:
            yield Form(letters, True, Rule.STARTS, (len(surname),))
        elif len(letters) == 2:
            yield Form(letters, False, Rule.ALONE, (1,))
        if given:
            yield from _romanised(surname, given)
        return
    gaps = _own_gaps(runs)
    if _KANA.fullmatch(letters):
        yield from _of_kana(letters, gaps)
        if len(runs) > 1:  # the other order
            yield from _of_kana("".join(runs[1:] + runs[:1]), gaps)
    elif len(letters) >= 2:
        own = gaps or tuple(range(1, min(3, len(letters))))
        yield Form(letters, len(letters) >= 3, Rule.ANYWHERE, own)


def _of_kana(letters: str, gaps: tuple[int, ...]) -> Iterator[Form]:
    if len(letters) >= 5:
        yield Form(letters, True, Rule.ANYWHERE, tuple(range(1, len(letters))))
    elif len(letters) == 4:
        yield Form(letters, True, Rule.ANYWHERE, gaps)
    elif len(letters) >= 2:
        yield Form(letters, False, Rule.ALONE, gaps)


def _own_gaps(runs: list[str]) -> tuple[int, ...]:
    gaps, length = [], 0
    for run in runs[:-1]:
        length += len(run)
        gaps.append(length)
    return tuple(gaps)


def _romanised(surname: str, given: str) -> Iterator[Form]:
    for first, second in hangul.romanised(surname, given):
        if len(first) + len(second) >= SHORTEST_ROMANISED:
            yield Form(first + second, True)
            yield Form(second + first, True)


def _parts_of_name(name: str) -> Iterator[Form]:
    for words in _spaced_words(name):
        letters = "".join(words)
        if len(letters) >= SHORTEST_NAME:
            yield Form(letters, False)
    runs = runs_in(name)
    letters = "".join(runs)
    if hangul.is_hangul(letters):
        surname, given = (runs[0], "".join(runs[1:])) if len(runs) > 1 else hangul.divided(letters)
        if len(given) >= 2:
            yield Form(given, False, Rule.STARTS)
            for spelling in sorted(hangul.spellings(given)):
                yield Form(spelling, False)
    elif len(runs) > 1:
        for run in runs:
            if len(run) >= 2:
                yield Form(run, False, Rule.ALONE if _KANA.fullmatch(run) else Rule.ANYWHERE)
    elif len(letters) >= 3 and not _KANA.search(letters):
        yield Form(letters[1:], False, Rule.ANYWHERE)  # hanzi: a surname has one sign, nearly always


# --- addresses ---------------------------------------------------------------------------------------


def _of_address(address: str) -> Iterator[Form]:
    plain = _REMARK.sub(" ", address)
    yield from _whole(plain)
    for part in re.split(r"[,;\n、，；]", plain):
        yield from _of_address_part(part)


def _whole(text: str) -> Iterator[Form]:
    letters = "".join(words_in(text))
    if 8 <= len(letters) <= LONGEST and not runs_in(text):
        yield Form(letters, True)


def _of_address_part(part: str) -> Iterator[Form]:
    words = words_in(part)
    named = [word for word in words if not word.isdigit()]
    letters = "".join(words)
    if named and letters not in COUNTRIES:
        has_number = len(named) < len(words) or any(sign.isdigit() for sign in letters)
        if len(words) > 1 and len(letters) >= SHORTEST_JOINED:
            yield Form(letters, has_number)
            if words[0].isdigit():  # Hidden Lane 12
                yield Form("".join([*words[1:], words[0]]), has_number)
        street = "".join(named)
        if len(street) >= (SHORTEST_JOINED if len(named) > 1 else SHORTEST_NAME):
            yield Form(street, False)
    yield from _of_east_asian_place(part)


def _of_east_asian_place(part: str) -> Iterator[Form]:
    """The whole, and each division with and without its ending: 延吉市, 延吉."""
    runs = runs_in(part)
    whole = "".join(runs)
    if len(whole) >= 4:
        yield Form(whole, True, Rule.ANYWHERE, tuple(range(1, len(whole))))
    for run in runs:
        for division in [run] if _HANGUL.fullmatch(run) else _DIVISION.split(run):
            if len(division) < 2 or division in COUNTRIES:
                continue
            rule = Rule.STARTS if _HANGUL.fullmatch(division) else Rule.ANYWHERE
            yield Form(division, False, rule)
            if len(division) >= 3 and division[-1] in _ENDINGS:
                yield Form(division[:-1], False, rule)


# --- free text ---------------------------------------------------------------------------------------


def _of_words(text: str) -> Iterator[Form]:
    for piece in _BETWEEN_PIECES.split(text):
        words = words_in(piece)
        letters = "".join(words)
        if len(words) >= 3 and SHORTEST_PHRASE <= len(letters) <= LONGEST:
            yield Form(letters, len(letters) >= 16)
        yield from _of_capitalised(piece)
        runs = runs_in(piece)
        whole = "".join(runs)
        if len(whole) >= 6:
            yield Form(whole, len(whole) >= 9, Rule.ANYWHERE, tuple(range(1, len(whole))))
    for account in _ACCOUNT.findall(text):
        letters = "".join(words_in(account))
        if len(letters) >= 6 and not letters.isdigit() and any(sign.isalpha() for sign in letters):
            yield Form(letters, "@" in account)


def _of_capitalised(piece: str) -> Iterator[Form]:
    """Names and places inside a sentence: two to five words in a row that begin with a capital letter."""
    row: list[str] = []
    for word in [*piece.split(), ""]:
        if _CAPITALISED.fullmatch(word.strip(".'’")):
            row.append(word)
            continue
        for first in range(len(row)):
            for last in range(first + 2, min(len(row), first + 5) + 1):
                words = words_in(" ".join(row[first:last]))
                if len("".join(words)) >= SHORTEST_JOINED:
                    yield Form("".join(words), False)
        row = []


def _parts_of_words(text: str) -> Iterator[Form]:
    for piece in _BETWEEN_PIECES.split(text):
        for word in piece.split()[1:]:  # "an aunt in Musan"; a first word has a capital letter anyway
            letters = "".join(words_in(word))
            if _CAPITALISED.match(word) and len(letters) >= SHORTEST_NAME and letters not in CAPITALISED:
                yield Form(letters, False)
        words = words_in(piece)
        letters = "".join(words)
        if len(words) > 1 and SHORTEST_JOINED <= len(letters) <= LONGEST:
            yield Form(letters, False)
        for run in runs_in(piece):
            if len(run) >= 3:
                rule = Rule.STARTS if _HANGUL.fullmatch(run) else Rule.ANYWHERE
                yield Form(run, False, rule)
