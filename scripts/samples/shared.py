"""What both workbooks hold alike, row for row: items, and the one place of each kind where goods end."""

from collections.abc import Sequence
from random import Random

from scripts.samples.book import Book

USED_UP, LOST, OPENING = "USED-UP", "LOST", "OPENING"
_SINKS = {
    USED_UP: ("Used up", "consumed"),
    LOST: ("Lost or spoiled", "lost"),
    OPENING: ("Opening stock", "opening"),
}
_ITEMS = {
    "RICE": ("Rice", "米", "food", "kg"),
    "MAIZE": ("Maize flour", "トウモロコシ粉", "food", "kg"),
    "OIL": ("Cooking oil", "食用油", "food", "kg"),
    "BEANS": ("Beans", "豆", "food", "kg"),
    "WINTERSET": ("Set of winter clothes", "冬服一式", "clothing", "set"),
    "SUMMERSET": ("Set of summer clothes", "夏服一式", "clothing", "set"),
    "BLANKET": ("Blanket", "毛布", "clothing", "piece"),
    "SOAP": ("Soap", "せっけん", "hygiene", "piece"),
    "AMOXI": ("Antibiotic, 500 mg tablet", "抗生物質 500 mg 錠", "medicine", "piece"),
    "PARACET": ("Painkiller, 500 mg tablet", "鎮痛剤 500 mg 錠", "medicine", "piece"),
    "MEDKIT": ("Home medical kit", "家庭用救急箱", "kit", "kit"),
}
# For how many kg of rice one base unit stands on the routes: food by what it feeds, clothes by their price.
_RICE = {"OIL": 2.4, "BEANS": 0.95, "WINTERSET": 15, "SUMMERSET": 6, "BLANKET": 5}
# Item → pack → (its Japanese name, how much of the base unit it holds), largest first.
PACKS = {
    "RICE": {"bag of 25 kg": ("袋 (25 kg)", 25), "bag of 5 kg": ("小袋 (5 kg)", 5)},
    "MAIZE": {"bag of 25 kg": ("袋 (25 kg)", 25)},
    "OIL": {"can of 16.5 kg": ("缶 (16.5 kg)", 16.5), "bottle of 1 kg": ("瓶 (1 kg)", 1)},
    "BEANS": {"bag of 10 kg": ("袋 (10 kg)", 10)},
    "WINTERSET": {"bale of 20": ("梱 (20セット)", 20)},
    "SUMMERSET": {"bale of 20": ("梱 (20セット)", 20)},
    "BLANKET": {"bale of 10": ("梱 (10枚)", 10)},
    "SOAP": {"box of 48": ("箱 (48個)", 48)},
    "AMOXI": {"blister of 10": ("シート (10錠)", 10)},
    "PARACET": {"blister of 10": ("シート (10錠)", 10)},
}


def add_items(book: Book, codes: Sequence[str]) -> None:
    for code in codes:
        name, name_ja, kind, unit = _ITEMS[code]
        rice = {"rice_kilograms": _RICE[code]} if code in _RICE else {}
        book.add("Items", code=code, name=name, name_ja=name_ja, kind=kind, base_unit=unit, **rice)
        for pack, (pack_ja, quantity) in PACKS.get(code, {}).items():
            book.add("Packs", item=code, name=pack, name_ja=pack_ja, quantity=quantity)


def add_sinks(book: Book, codes: Sequence[str]) -> None:
    for code in codes:
        name, kind = _SINKS[code]
        book.add("Places", code=code, name=name, kind=kind)


def shares(total: int, parts: int, random: Random, spread: float = 0.25) -> list[int]:
    """`total` cut into whole parts of about one size that add up to it exactly."""
    weights = [1 + random.uniform(-spread, spread) for _ in range(parts)]
    cuts = [round(total * sum(weights[: index + 1]) / sum(weights)) for index in range(parts)]
    return [cut - before for before, cut in zip([0, *cuts], cuts, strict=False)]
