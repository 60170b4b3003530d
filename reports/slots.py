"""Live slots in the text of a report: `{{food_inside}}` is filled from the records whenever the text is read.

`{{key}}` is the number with its unit. `{{key|way}}` says it another way: `previous` (the year before), `more`
(a comparison), `parts`, `names`, `places`, `day`, `direction` (of a sum of money). `{{list:name}}`, alone on
its line, is a list.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.dates import printed
from core.enums import Precision, Qualifier
from core.quantities import plain
from reports.selectors import Reading
from reports.units import in_a_row, in_prose, number_word

SLOT = re.compile(r"\{\{\s*([^{}|]+?)\s*(?:\|\s*([a-z]+)\s*)?\}\}")
LIST = "list:"


@dataclass(frozen=True)
class Material:
    """What a report is filled with. `readings`: by key of the figure; `lists`: by name."""

    readings: dict[str, Reading]
    lists: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Piece:
    """A stretch of filled text; `reading` when it stands for a figure."""

    text: str
    reading: Reading | None = None


def slots_of(text: str) -> Iterator[tuple[str, str]]:
    """(key, way) of each slot, in order."""
    for match in SLOT.finditer(text):
        yield match[1], match[2] or ""


def unknown_slots(text: str, material: Material) -> list[str]:
    return [key for key, way in slots_of(text) if not _is_known(key, way, material)]


def _is_known(key: str, way: str, material: Material) -> bool:
    if key.startswith(LIST):
        return key.removeprefix(LIST) in material.lists
    known = key in material.readings or any(name.startswith(f"{key}.") for name in material.readings)
    return known and (not way or way in WAYS)


def is_answered(text: str, material: Material) -> bool:
    """Whether every slot of the text has records to speak of."""
    return all(_answer(key, way, material) is not None for key, way in slots_of(text))


def fill(text: str, material: Material) -> list[Piece]:
    """Text and figures in turn. A figure that begins a sentence begins with a capital letter."""
    pieces, end = [], 0
    for match in SLOT.finditer(text):
        pieces.append(Piece(text[end : match.start()]))
        before = "".join(piece.text for piece in pieces).rstrip(" ")
        answer = _answer(match[1], match[2] or "", material)
        said = _("(nothing recorded)") if answer is None else answer
        starts_sentence = not before or before[-1] in ".!?\n。"
        pieces.append(Piece(capfirst(said) if starts_sentence else said, material.readings.get(match[1])))
        end = match.end()
    pieces.append(Piece(text[end:]))
    return [piece for piece in pieces if piece.text]


def filled(text: str, material: Material) -> str:
    return "".join(piece.text for piece in fill(text, material))


def _answer(key: str, way: str, material: Material) -> str | None:
    if key.startswith(LIST):
        lines = material.lists.get(key.removeprefix(LIST))
        return "\n".join(f"- {line}" for line in lines) if lines else None
    if way == "direction":
        return direction(_parts(key, material))
    reading = material.readings.get(key)
    if reading is None or not reading.count or way not in WAYS:
        return None
    return WAYS[way](reading, material) or None


def _parts(key: str, material: Material) -> list[Reading]:
    return [reading for name, reading in material.readings.items() if name.startswith(f"{key}.")]


def _number(reading: Reading, material: Material) -> str:
    return printed_number(reading)


def _previous(reading: Reading, material: Material) -> str:
    before = reading.previous
    if before is None or before.value is None:
        return ""
    exact = before.qualifier == Qualifier.EXACT
    return number_word(before.value) if exact else str(before)


def more(reading: Reading, material: Material | None = None) -> str:
    """A difference, never overstated; when it was rounded, the exact one stands beside it."""
    value = reading.exact.value
    if value is None or value == 0:
        return _("as many as the year before") if value == 0 else ""
    if value < 0:
        return _("%(number)s fewer than the year before") % {"number": number_word(-value)}
    if reading.quantity == reading.exact:
        return _("%(number)s more than the year before") % {"number": number_word(value)}
    return _("%(number)s more than the year before (%(exact)s, rounded down)") % {
        "number": reading.quantity,
        "exact": plain(value),
    }


def _parts_in_a_sentence(reading: Reading, material: Material) -> str:
    split = reading.figure.split
    if split is None:
        return ""
    said = []
    for part in _parts(reading.key, material):
        if part.count:
            number = in_prose(part.quantity, part.figure.unit)
            text = str(split.phrase) % {"number": number, "part": part.figure.label}
            said.append(
                _("%(text)s (derived from the others)") % {"text": text} if part.now.derived else text
            )
    return in_a_row(said)


def names(reading: Reading) -> list[str]:
    """What may be said by name, each once."""
    column = reading.figure.names
    if not column:
        return []
    rows = reading.rows().filter(sayable=True).exclude(**{column: ""}).order_by(column, "where")
    if not reading.figure.names_with_place:
        return [
            str(reading.figure.name_label(name))
            for name in rows.order_by(column).values_list(column, flat=True).distinct()
        ]
    found = rows.values_list(column, "where").distinct()
    return [f"{name} ({where})" if where else name for name, where in found]


def _names(reading: Reading, material: Material) -> str:
    return in_a_row(names(reading))


def _places(reading: Reading, material: Material) -> str:
    rows = reading.rows().filter(sayable=True).exclude(where="").order_by("where")
    return in_a_row(list(rows.values_list("where", flat=True).distinct()))


def _day(reading: Reading, material: Material) -> str:
    first = reading.rows().first()
    return printed(first.shown_on, first.shown_precision or Precision.DAY) if first else ""


def direction(parts: list[Reading]) -> str | None:
    """Whether sums of money grew, by currency; the amounts themselves are for the financial statements."""
    compared = [part for part in parts if part.previous is not None]
    grown = [part for part in compared if grew(part)]
    if not compared:
        return None
    if not grown:
        return _("their sum did not grow")
    if len(grown) == len(compared):
        return _("their sum grew")
    fallen = [part.figure.unit for part in compared if part not in grown]
    return _("their sum grew in %(grown)s and did not grow in %(others)s") % {
        "grown": in_a_row([part.figure.unit for part in grown]),
        "others": in_a_row(fallen),
    }


def grew(reading: Reading) -> bool:
    before = reading.previous
    return before is not None and (reading.exact.value or 0) > (before.value or 0)


def printed_number(reading: Reading) -> str:
    """As it may stand in print; of a sum of money only the direction."""
    if not reading.count:
        return _("nothing recorded")
    if not reading.figure.direction_only:
        return in_prose(reading.quantity, reading.figure.unit)
    if reading.previous is None:
        return _("not compared")
    return _("above the year before") if grew(reading) else _("not above the year before")


Way = Callable[[Reading, Material], str]
WAYS: dict[str, Way] = {
    "": _number,
    "previous": _previous,
    "more": more,
    "parts": _parts_in_a_sentence,
    "names": _names,
    "places": _places,
    "day": _day,
    "direction": _number,  # answered for all currencies together, before a single figure is asked
}
