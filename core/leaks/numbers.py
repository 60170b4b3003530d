"""Telephone numbers and map points among other text: signs between the digits do not matter."""

import re
from collections.abc import Iterator
from typing import NamedTuple

FEWEST_DIGITS = 7
KEPT = 8  # the last digits say whose number it is, with the country's prefix or without
_DIGITS = re.compile(r"\d(?:[\s\-–—.()/]{0,2}\d)+")
_DECIMAL = re.compile(r"(?<![\d.,])(\d{1,3})[.,](\d{3,})(?![.,]?\d)")


class Number(NamedTuple):
    start: int
    end: int
    digits: str


def telephones(seen: str) -> Iterator[str]:
    """What to look for: the last digits of each long number of a protected text."""
    for match in _DIGITS.finditer(_DECIMAL.sub(" ", seen)):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) >= FEWEST_DIGITS:
            yield digits[-KEPT:]


def points(seen: str) -> Iterator[str]:
    """What to look for: degrees to three places behind the point, some hundred metres."""
    for match in _DECIMAL.finditer(seen):
        if len(match[1]) > 1:
            yield f"{match[1]}.{match[2][:3]}"


def windows(seen: str, lengths: set[int]) -> Iterator[Number]:
    """Every row of digits of these lengths in a text."""
    for match in _DIGITS.finditer(seen):
        places = [place for place in range(match.start(), match.end()) if seen[place].isdigit()]
        digits = "".join(seen[place] for place in places)
        for length in lengths:
            for first in range(len(digits) - length + 1):
                last = first + length
                yield Number(places[first], places[last - 1] + 1, digits[first:last])


def points_in(seen: str) -> Iterator[Number]:
    for match in _DECIMAL.finditer(seen):
        yield Number(match.start(), match.end(), f"{match[1]}.{match[2][:3]}")
