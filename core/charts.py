"""Small pictures drawn by the server: numbers in, coordinates of an SVG out. No style, no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


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
