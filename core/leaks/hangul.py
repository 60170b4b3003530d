"""Korean names in Latin letters: the ways people write them, derived syllable by syllable.

A hangul syllable is arithmetic: U+AC00 + (initial × 21 + medial) × 28 + final (The Unicode Standard, 3.12).
Spellings: Revised Romanization of Korean (Republic of Korea, Ministry of Culture and Tourism, Notice 2000-8,
where a name's syllables do not change one another) and McCune–Reischauer (Transactions of the Korea Branch of
the Royal Asiatic Society 29, 1939) without its marks, once with sounds voiced between vowels and once, as in
the North, with every syllable by itself. The spellings that people choose for themselves ("Lee", "Young-hee")
follow no rule; the usual ones are listed. Kanji and hanzi have readings that nothing derives: those belong
into the field `spellings`.
"""

from collections.abc import Iterator
from functools import cache

FIRST, LAST = "\uac00", "\ud7a3"
_INITIALS, _INITIALS_OLD, _INITIALS_NORTH, _MEDIALS, _MEDIALS_OLD, _FINALS = (
    sounds.split()
    for sounds in (
        "g kk n d tt r m b pp s ss - j jj ch k t p h",
        "k kk n t tt r m p pp s ss - ch tch ch k t p h",
        "k kk n t tt r m p pp s ss - j jj ch k t p h",
        "a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i",
        "a ae ya yae o e yo ye o wa wae oe yo u wo we wi yu u ui i",
        "- k k k n n n t l k m l l l p l m p p t t ng t t k t p t",
    )
)
_VOICED = {"k": "g", "t": "d", "p": "b", "ch": "j"}
_VOICING = {"-", "n", "l", "m", "ng"}  # finals after which a plain sound is voiced

_TWO_SYLLABLES = {"남궁", "황보", "제갈", "선우", "독고", "사공", "서문", "동방"}
_SURNAMES = {
    "김": "kim", "이": "lee yi rhee ri", "리": "ri lee", "박": "park pak", "최": "choi", "정": "jung chung",
    "강": "kang", "조": "cho", "윤": "yoon yun", "장": "jang chang", "임": "lim im", "림": "rim lim",
    "오": "oh", "서": "seo suh", "신": "shin", "권": "kwon", "안": "ahn", "유": "yoo yu", "류": "ryu yoo",
    "전": "jeon chun", "고": "ko", "문": "moon", "손": "son sohn", "배": "bae", "백": "baek paik",
    "허": "huh hur", "노": "noh roh", "로": "ro roh", "주": "joo", "구": "koo", "현": "hyun", "변": "byun",
    "심": "shim", "우": "woo", "선": "sun", "성": "sung", "차": "cha", "엄": "um", "천": "chun",
}  # fmt: skip
_USUAL = {
    "희": "hee", "영": "young", "현": "hyun", "선": "sun", "정": "jung", "성": "sung", "우": "woo",
    "수": "soo", "주": "joo", "경": "kyung", "명": "myung", "숙": "sook", "순": "soon", "준": "joon",
    "훈": "hoon", "혁": "hyuk", "철": "chul", "용": "yong", "형": "hyung", "병": "byung", "국": "kook",
    "구": "koo", "규": "kyu", "근": "keun", "기": "ki", "길": "kil", "금": "keum", "옥": "ok", "분": "boon",
    "승": "seung", "연": "yeon", "윤": "yoon", "은": "eun", "덕": "duk", "석": "suk", "범": "bum",
    "태": "tae", "호": "ho", "환": "hwan", "광": "kwang", "강": "kang", "권": "kwon", "섭": "sup",
}  # fmt: skip


def is_hangul(text: str) -> bool:
    return bool(text) and all(FIRST <= letter <= LAST for letter in text)


def divided(name: str) -> tuple[str, str]:
    """Surname and given name of a hangul name written without a space."""
    cut = 2 if name[:2] in _TWO_SYLLABLES and len(name) > 2 else 1
    return name[:cut], name[cut:]


def romanised(surname: str, given: str) -> Iterator[tuple[str, str]]:
    """(surname, given name) in each spelling, bare letters."""
    for first in _surnames(surname):
        for second in spellings(given):
            yield first, second


def _surnames(surname: str) -> set[str]:
    return {*_SURNAMES.get(surname, "").split(), *spellings(surname)}


def spellings(name: str) -> set[str]:
    revised = north = usual = old = before = ""
    for letter in name:
        by_rule, in_the_north, by_habit, initial, voiced, rest, final = _syllable(letter)
        revised += by_rule
        north += in_the_north
        usual += by_habit
        old += (voiced if before in _VOICING else initial) + rest
        before = final
    return {revised, north, usual, old}


# Only syllables are kept between two uses: no name, and no part of one.
@cache
def _syllable(letter: str) -> tuple[str, str, str, str, str, str, str]:
    """Revised, northern, usual; then of the old spelling initial, the same voiced, rest, final."""
    number = ord(letter) - ord(FIRST)
    initial, medial, final = number // 588, number % 588 // 28, number % 28
    end = _FINALS[final].strip("-")
    revised = _INITIALS[initial].strip("-") + _MEDIALS[medial] + end
    north = _INITIALS_NORTH[initial].strip("-") + _MEDIALS_OLD[medial] + end
    old = _INITIALS_OLD[initial].strip("-")
    return (
        revised,
        north,
        _USUAL.get(letter, revised),
        old,
        _VOICED[old] if _INITIALS[initial] in "gdbj" else old,
        _MEDIALS_OLD[medial] + end,
        _FINALS[final],
    )
