"""The ways in which people write a protected value, and the harmless words beside them."""

import time
import uuid

import pytest

from core.enums import Channel, Holds
from core.leaks.folding import folded
from core.leaks.index import Index
from core.leaks.matching import find
from core.leaks.texts import Outgoing, Piece
from core.leaks.values import CODE, Value

NAME, ADDRESS, CONTACT, WORDS = Holds.NAME, Holds.ADDRESS, Holds.CONTACT, Holds.WORDS


def value(holds, text, owner=None) -> Value:
    owner = owner or uuid.uuid4()
    return Value("shelters.resident", owner, "real_name", holds, text, owner)


def found(values, text, *, near=(), published=()) -> list[tuple[str, bool]]:
    """(what stands there, whether it is sure), each once."""
    text = folded(text)
    hits = Index(values, published=published).hits(text, near=frozenset(near))
    return list(dict.fromkeys((text.text[hit.start : hit.end], hit.is_sure) for hit in hits))


@pytest.mark.parametrize(
    ("kept", "written"),
    [
        ("Kim Sŏn-hui", "KIM sŏn  hui"),
        ("Kim Sŏn-hui", "kim son-hui"),
        ("Kim Sŏn-hui", "KimSonhui"),
        ("Kim Sŏn-hui", "K i m  Son hui"),
        ("Kim Sŏn-hui", "Son-hui Kim"),
        ("Kim Sŏn-hui", "Ｋｉｍ Ｓｏｎ－ｈｕｉ"),
        ("Kim Sŏn-hui", "Kim\u200bSon\u00adhui"),
        ("Kim, Son-hui", "Son-hui, Kim"),
        ("Kim Son-hui (김선희) / 金善姫", "김선희"),
        ("Kim Son-hui (김선희) / 金善姫", "金善姫"),
        ("キム ソンヒ", "キムソンヒ"),
        ("キムソンヒ", "きむ・そんひ"),
        ("キム・ソンヒ", "ｷﾑ ｿﾝﾋ"),
        ("キム ソンヒ", "ソンヒ・キム"),
        ("김선희", "김 선희"),
        ("김선희", "김 선 희"),
        ("김선희", "Gim Seonhui"),
        ("김선희", "Kim Sŏnhŭi"),
        ("김선희", "Sun-hee KIM"),
        ("김정일", "Kim Chŏng-il"),
        ("이순희", "Yi Sunhŭi"),
        ("남궁민수", "Namgung Minsu"),
        ("金明玉", "金 明玉"),
        ("山田 花子", "山田花子"),
        ("Li Na", "Li-Na"),
        ("Łukasz Møller", "Lukasz Moller"),
    ],
)
def test_name_is_found_as_people_write_it(kept, written):
    assert found([value(NAME, kept)], f"Yesterday {written} came.")


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ("Li Na", "Lina ate two bowls."),
        ("Jo", "Jo ho ho."),
        ("이가영", "아이가 영화를 봤다. 이가 영어를 배운다."),
        ("みな", "みなさん、おはようございます。"),
        ("ハル", "はるが来ました。"),
        ("이나", "아이나 어른이나 모두 웃었다."),
        ("Kim Son-hui", "Kimson huicket."),
        ("Kim Son-hui", "Kim.\n\nSon hui."),
    ],
)
def test_harmless_words_are_no_name(kept, text):
    assert found([value(NAME, kept)], text) == []


@pytest.mark.parametrize(
    ("kept", "written", "is_sure"),
    [
        ("王芳", "老师王芳说", False),
        ("ハル", "「ハル」と呼ばれた", False),
        ("이나", "이나는 웃었다", False),
        ("Haru", "haru", False),
        ("김선희", "김선희가", True),
    ],
)
def test_short_names_are_possible_long_ones_sure(kept, written, is_sure):
    assert [sure for _text, sure in found([value(NAME, kept)], written)] == [is_sure]


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("12 Nowhere Lane, Sampleton", "12, nowhere-lane"),
        ("12 Nowhere Lane, Sampleton", "Nowhere Lane 12"),
        ("12 Nowhere Lane, Sampleton", "NOWHERE LANE"),
        ("12 Nowhere Lane, Sampleton", "Sampleton"),
        ("吉林省延吉市河南街12号", "延吉"),
        ("吉林省延吉市河南街12号", "河南街１２号"),
        ("함경북도 무산군 무산읍", "무산군에서"),
        ("東京都新宿区西新宿2-8-1", "西新宿"),
    ],
)
def test_parts_of_an_address_are_found(address, written):
    assert found([value(ADDRESS, address)], f"We live at {written} now.")


def test_published_regions_countries_and_remarks_are_no_secret():
    address = value(ADDRESS, "12 Nowhere Lane, Border Region, China (invented, near the mill)")
    text = "In the border region of China we invented a mill."
    assert found([address], text, published=["border region"]) == []
    assert found([address], "In the border region.") == [("border region", False)]


@pytest.mark.parametrize(
    "written", ["138-0013-8000", "+86 138 0013 8000", "13800138000", "１３８ ００１３ ８０００"]
)
def test_telephone_is_found_with_and_without_its_country(written):
    assert found([value(CONTACT, "+86 138 0013 8000, wechat")], f"call {written}!")


def test_map_point_and_account_are_found():
    kept = [value(CONTACT, "43.12345, 129.56789; wechat liming88x; li@example.org")]
    assert found(kept, "at 43.123 / 129.5678") == [("43.123", False), ("129.5678", False)]
    assert found(kept, "ask LiMing88X") == [("LiMing88X", False)]
    assert ("LI@example.org", True) in found(kept, "or LI@example.org")
    assert found(kept, "It costs 43.12 or 129.56 yuan.") == []


def test_notes_give_away_phrases_and_names_but_no_ordinary_words():
    note = value(WORDS, "ill, 2 km, mother; uncle Pak Chol-su hides behind the old mill 3")
    assert found([note], "Her uncle Pak Chol-su is ill; his mother walked 2 km.") == [("Pak Chol-su", False)]
    assert found([note], "Uncle Pak Chol-su hides behind the old mill 3!")[0][1] is True


def test_phrase_in_the_notes_of_many_is_an_ordinary_one():
    notes = [value(WORDS, "came over the frozen river") for _ in range(3)]
    assert found(notes[:2], "She came over the frozen river.")
    assert found(notes, "She came over the frozen river.") == []


def test_given_name_counts_only_in_a_text_about_that_person():
    owner = uuid.uuid4()
    kept = [
        value(NAME, "Kim Son-hui", owner),
        value(NAME, "김선희", owner),
        value(WORDS, "aunt in Musan", owner),
    ]
    for text in ("Son-hui sings.", "선희가 왔다.", "Sunhee sings.", "Her aunt lives in Musan."):
        assert found(kept, text) == []
        assert found(kept, text, near=[owner])


@pytest.mark.parametrize(
    ("code", "text", "hits"),
    [
        ("K-01", "Dear K 01, ｋ－０１ and k01", [("K 01", True), ("k-01", True), ("k01", True)]),
        ("A-12", "A 12-year-old of A-12", [("A-12", True)]),
        ("RN-21", "over RN21", [("RN21", True)]),
        ("WILLOW", "WILLOW, Willow, willows", [("WILLOW", True), ("Willow", False)]),
        ("WILLOW", "a willow", [("willow", False)]),
        ("PINE", "a pine, a Pine", [("Pine", False)]),
        ("OAK", "an oak, an Oak, OAK", [("OAK", True)]),
        ("ST-WILLOW", "st willow", [("st willow", True)]),
        ("柳の家", "柳の家です", [("柳の家", True)]),
    ],
)
def test_codes_are_found_and_ordinary_words_only_where_they_look_like_codes(code, text, hits):
    assert found([value(CODE, code)], text) == hits


def test_texts_beside_one_another_are_not_read_across():
    index = Index([value(NAME, "Kim Son-hui"), value(NAME, "박영수")])
    pieces = [Piece("Kim"), Piece("Son-hui 박"), Piece("영수"), Piece("Kim Son-hui", "note")]
    assert [one.piece.label for one in find(index, Outgoing(Channel.EXPORT, pieces, "x"))] == ["note"]


def test_many_values_and_a_long_text_take_milliseconds():
    index = Index([value(NAME, f"Kim Son-hui{number:04}x") for number in range(5500)])
    text = "the old school bag of a child in the yard " * 25
    start = time.perf_counter()
    index.hits(folded(text))
    assert time.perf_counter() - start < 0.2
