"""Invented names and addresses, and the ways in which people write them down."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_LATIN = "Kim Lee Pak Choe Chong Kang Cho Yun Chang Im Han O So Sin Kwon Hwang An Song Yu Hong"
_PARTS = "son yong min chi un hyon u song kyong suk sun chun hui su ok nam chol il ho gyu"
SURNAMES, SYLLABLES = _LATIN.split(), _PARTS.split()
HANGUL_SURNAMES = "김이박최정강조윤장임한오서신권황안송유홍"
HANGUL = "선영민지은현우성경숙순준희수옥남철일호규"
HANZI_SURNAMES, HANZI = "金李朴崔鄭姜趙尹張林韓呉徐申権黄安宋柳洪", "明玉善姫英順哲浩洙子恵貞淑京美"
KANA = "アイウカキクサシスタチトナニヒフマミムユラリン"
# Known spellings, looked up, not computed: hangul, Revised Romanization, McCune–Reischauer, as often written.
ROMANISED = [
    ("김정숙", "Gim Jeongsuk", "Kim Chŏngsuk", "Kim Jung-sook"),
    ("박영수", "Bak Yeongsu", "Pak Yŏngsu", "Park Young-soo"),
    ("이순희", "I Sunhui", "Yi Sunhŭi", "Lee Soon-hee"),
    ("최명옥", "Choe Myeongok", "Ch'oe Myŏngok", "Choi Myung-ok"),
    ("강철수", "Gang Cheolsu", "Kang Ch'ŏlsu", "Kang Chul-soo"),
    ("정은주", "Jeong Eunju", "Chŏng Ŭnju", "Jung Eun-joo"),
    ("조성호", "Jo Seongho", "Cho Sŏngho", "Cho Sung-ho"),
    ("윤미경", "Yun Migyeong", "Yun Migyŏng", "Yoon Mi-kyung"),
    ("장동혁", "Jang Donghyeok", "Chang Tonghyŏk", "Jang Donghyuk"),
    ("한진우", "Han Jinu", "Han Chinu", "Han Jin-woo"),
    ("오세훈", "O Sehun", "O Sehun", "Oh Se-hoon"),
    ("서지현", "Seo Jihyeon", "Sŏ Chihyŏn", "Suh Ji-hyun"),
    ("신덕균", "Sin Deokgyun", "Sin Tŏkkyun", "Shin Dukkyun"),
    ("권태준", "Gwon Taejun", "Kwŏn T'aejun", "Kwon Tae-joon"),
    ("황보람", "Hwang Boram", "Hwang Poram", "Hwang Boram"),
    ("안창호", "An Changho", "An Ch'angho", "Ahn Chang-ho"),
    ("송기철", "Song Gicheol", "Song Kich'ŏl", "Song Ki-chul"),
    ("홍길동", "Hong Gildong", "Hong Kiltong", "Hong Kil-dong"),
]
_MARKS = str.maketrans({"o": "ŏ", "u": "ŭ", "O": "Ŏ", "U": "Ŭ"})


def invented_names(count: int, chance: random.Random) -> list[str]:
    """In Latin letters, hangul, hanzi and kana in turn."""

    def syllables(letters: str, number: int = 2) -> str:
        return "".join(chance.choice(letters) for _ in range(number))

    makers: list[Callable[[], str]] = [
        lambda: f"{chance.choice(SURNAMES)} {chance.choice(SYLLABLES).title()}-{chance.choice(SYLLABLES)}",
        lambda: chance.choice(HANGUL_SURNAMES) + syllables(HANGUL),
        lambda: chance.choice(HANZI_SURNAMES) + syllables(HANZI),
        lambda: f"{syllables(KANA)} {syllables(KANA, 3)}",
    ]
    return [makers[number % len(makers)]() for number in range(count)]


_ROADS = {
    "en": ("Mill Lane", "Station Road", "Old Market", "Well Street", "Orchard Row", "Bridge Road"),
    "ja": ("桜町", "本町", "旭町", "緑町", "港町", "栄町"),
    "ko": ("역전동", "강안동", "남문동", "신흥동", "새마을동", "청송동"),
    "zh": ("光明街", "和平路", "建设街", "河南街", "铁南路", "长白路"),
}
_TOWNS = {
    "en": ("Tallbrook", "Ashwick", "Norrham", "Lindmere", "Cotterby", "Farrowdale"),
    "ja": ("北浜市", "白沢村", "東川町", "三瀬市", "大森村", "石内町"),
    "ko": ("회산군", "연사읍", "온덕리", "새별군", "풍계리", "청암읍"),
    "zh": ("柳河镇", "松江镇", "白石屯", "三合镇", "开山屯", "朝阳川镇"),
}


def invented_addresses(count: int, chance: random.Random) -> list[str]:
    """Each with a number of its own, as people of four languages write them."""
    makers: list[Callable[[int, str, str], str]] = [
        lambda number, road, town: f"{number} {road}, {town}",
        lambda number, road, town: f"{town}{road}{number}番地",
        lambda number, road, town: f"{town} {road} {number}호",
        lambda number, road, town: f"{town}{road}{number}号",
    ]
    found = []
    for number in range(count):
        language = list(_ROADS)[number % len(makers)]
        road, town = chance.choice(_ROADS[language]), chance.choice(_TOWNS[language])
        found.append(makers[number % len(makers)](number + 3, road, town))
    return found


def invented_couriers(count: int, chance: random.Random) -> list[str]:
    """A name and how to reach them."""
    names = invented_names(count, chance)
    return [
        f"{name}, +86 13{chance.randrange(10)} {number:04} {chance.randrange(10_000):04}"
        for number, name in enumerate(names)
    ]


@dataclass(frozen=True)
class Plant:
    """`kept`: what stands in the sealed field, or the code; `written`: what somebody types."""

    kind: str
    way: str
    kept: str
    written: str
    spellings: str = ""


def wide(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


def hiragana(text: str) -> str:
    return "".join(chr(ord(sign) - 0x60) if "ァ" <= sign <= "ヶ" else sign for sign in text)


def half_width(text: str) -> str:
    narrow = {unicodedata.normalize("NFKC", chr(code)): chr(code) for code in range(0xFF66, 0xFF9E)}
    return "".join(narrow.get(sign, sign) for sign in text)


WAYS: dict[str, dict[str, Callable[[str], str]]] = {
    "latin": {
        "exact": str,
        "case": str.upper,
        "accents": lambda name: name.translate(_MARKS),
        "spacing": lambda name: name.replace("-", " ").replace(" ", "  "),
        "punctuation": lambda name: name.replace("-", "").replace(" ", "-"),
        "width": wide,
        "order": lambda name: " ".join(reversed(name.split())),
    },
    "kana": {
        "exact": str,
        "hiragana": hiragana,
        "half width": half_width,
        "point": lambda name: name.replace(" ", "・"),
        "joined": lambda name: name.replace(" ", "") + "さん",
    },
    "hangul": {
        "exact": lambda name: name + "는",
        "spacing": lambda name: f"{name[0]} {name[1:]} 씨",
    },
    "address": {
        "exact": str,
        "case": str.lower,
        "spacing": lambda text: text.replace(", ", " · "),
        "width": wide,
        "turned": lambda text: " ".join([*text.split(", ")[0].split()[1:], text.split()[0]]),
        "town alone": lambda text: text.split(", ")[1],
    },
    "code": {
        "exact": str,
        "case": str.lower,
        "spacing": lambda code: code.replace("-", " "),
        "width": wide,
    },
}


def plants(count: int, chance: random.Random) -> list[Plant]:
    """Every kind in every way in turn, each with a value of its own."""
    makers = [*_written_ways(chance), *_romanised(chance), *_on_file(chance)]
    return [makers[number % len(makers)](number) for number in range(count)]


def _written_ways(chance: random.Random) -> list[Callable[[int], Plant]]:
    values: dict[str, Callable[[int], str]] = {
        "latin": lambda number: _latin(number, chance),
        "kana": lambda number: f"{_letters(KANA, number, 3)} {_letters(KANA, number * 7 + 3, 3)}",
        "hangul": lambda number: chance.choice(HANGUL_SURNAMES) + _letters(HANGUL, number * 11 + 5, 2),
        "address": lambda number: f"{number + 3} {_town(number)} Lane, {_town(number * 3 + 1)}ham",
        "code": lambda number: f"{chance.choice('KHTZ')}-{number + 1000}",  # no letter of tests/factories.py
    }

    def maker(kind: str, way: str) -> Callable[[int], Plant]:
        def make(number: int) -> Plant:
            kept = values[kind](number)
            return Plant(kind, way, kept, WAYS[kind][way](kept))

        return make

    return [maker(kind, way) for kind, ways in WAYS.items() for way in ways]


def _romanised(chance: random.Random) -> list[Callable[[int], Plant]]:
    def make(number: int) -> Plant:
        kept, *spelled = chance.choice(ROMANISED)
        way = number % len(spelled)
        return Plant("romanised", ("revised", "old", "usual")[way], kept, spelled[way])

    return [make] * 3


def _on_file(chance: random.Random) -> list[Callable[[int], Plant]]:
    def hanzi(number: int) -> Plant:
        name = chance.choice(HANZI_SURNAMES) + _letters(HANZI, number * 5 + 1, 2)
        return Plant("on file", "hanzi", _latin(number, chance), name, spellings=name)

    def kana(number: int) -> Plant:
        name = f"{_letters(KANA, number * 3 + 2, 2)}・{_letters(KANA, number * 13 + 1, 3)}"
        return Plant("on file", "kana", _latin(number, chance), hiragana(name), spellings=f"{name}\n金")

    return [hanzi, kana]


def _latin(number: int, chance: random.Random) -> str:
    first, second = SYLLABLES[number % 20], SYLLABLES[number // 20 % 20]
    return f"{chance.choice(SURNAMES)} {first.title()}-{second}"


def _letters(letters: str, number: int, length: int) -> str:
    found = ""
    for _ in range(length):
        number, rest = divmod(number, len(letters))
        found += letters[rest]
    return found


def _town(number: int) -> str:
    return (SYLLABLES[number % 20] + SYLLABLES[(number // 20 + 7) % 20] + "wick").title()
