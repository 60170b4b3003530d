"""Planned against carried as numbers for an SVG: the page draws them without a script or a style."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from supply.selectors import RouteYear

WIDTH, HEIGHT = 360, 96  # units of the picture
SLOT = WIDTH // 12
BAR = SLOT - 8


@dataclass(frozen=True)
class Bar:
    """One month: the bar of what was carried, the mark of what was planned (None: nothing)."""

    month: date
    x: int
    y: int
    height: int
    mark: int | None
    is_short: bool

    @property
    def middle(self) -> int:
        return self.x + BAR // 2

    @property
    def end(self) -> int:
        return self.x + BAR


@dataclass(frozen=True)
class Chart:
    """`most`: kilograms at the top."""

    bars: list[Bar]
    most: Decimal
    width: int = WIDTH
    height: int = HEIGHT
    bar: int = BAR
    below: int = HEIGHT + 14


def chart_of(year: RouteYear) -> Chart:
    most = max((max(month.carried, month.target or 0) for month in year.months), default=0) or Decimal(1)

    def up(kilograms: Decimal) -> int:
        return round(HEIGHT * kilograms / most)

    bars = [
        Bar(
            month=one.month,
            x=number * SLOT + (SLOT - BAR) // 2,
            y=HEIGHT - up(one.carried),
            height=up(one.carried),
            mark=None if one.target is None else HEIGHT - up(one.target),
            is_short=one.is_short,
        )
        for number, one in enumerate(year.months)
    ]
    return Chart(bars, Decimal(most))
