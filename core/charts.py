"""Small pictures drawn by the server: numbers in, coordinates of an SVG out. No style, no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

_BELOW = 14  # room for a word under each bar
_BETWEEN = 8  # two bars


@dataclass(frozen=True)
class Line:
    """`points`: for a polyline; `zero`: height of the line at nothing, empty while all lies above it."""

    width: int
    height: int
    points: str
    zero: str


def line(values: Sequence[Decimal], *, width: int = 160, height: int = 36) -> Line:
    """The values from left to right; nothing always lies inside the picture."""
    top, bottom = max(*values, Decimal(0)), min(*values, Decimal(0))
    span = (top - bottom) or Decimal(1)
    steps = max(len(values) - 1, 1)

    def at(value: Decimal) -> str:
        return f"{1 + (top - value) / span * (height - 2):.1f}"

    points = " ".join(f"{place * width / steps:.1f},{at(value)}" for place, value in enumerate(values))
    return Line(width, height, points, at(Decimal(0)))


class Reached(NamedTuple):
    """How far it came of what was planned (None: nothing was). `name`: a short word to stand below."""

    name: str
    value: Decimal
    planned: Decimal | None
    is_short: bool


@dataclass(frozen=True)
class Bar:
    """`x`, `end`, `middle` from the left, `y` and `mark` (what was planned) from the top."""

    of: Reached
    x: int
    end: int
    y: int
    height: int
    mark: int | None

    @property
    def middle(self) -> int:
        return (self.x + self.end) // 2

    @property
    def width(self) -> int:
        return self.end - self.x


@dataclass(frozen=True)
class Bars:
    """`ground`: where the bars stand; below it their names."""

    width: int
    height: int
    ground: int
    bars: list[Bar]


def bars(values: Sequence[Reached], *, width: int = 360, height: int = 96) -> Bars:
    """Side by side, the most of all numbers at the top. `height`: of the highest bar."""
    most = max((max(one.value, one.planned or Decimal(0)) for one in values), default=Decimal(0)) or Decimal(
        1
    )
    slot = width // max(len(values), 1)

    def up(value: Decimal) -> int:
        return round(height * value / most)

    drawn = [
        Bar(
            of=one,
            x=place * slot + _BETWEEN // 2,
            end=(place + 1) * slot - _BETWEEN // 2,
            y=height - up(one.value),
            height=up(one.value),
            mark=None if one.planned is None else height - up(one.planned),
        )
        for place, one in enumerate(values)
    ]
    return Bars(width, height + _BELOW, height, drawn)
