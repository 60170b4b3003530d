"""Two ways of doing one thing, in turn, in one run; medians, and their ratio against a limit."""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Work = Callable[[], object]


@dataclass
class Pair:
    """One thing done two ways: `ours` with what is measured, `other` without. Seconds a turn."""

    name: str
    rows: int
    ours: list[float] = field(default_factory=list)
    other: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return statistics.median(self.ours) / statistics.median(self.other)

    @property
    def ratio_of_fastest(self) -> float:
        """What is left of the ratio when the machine was busy with other things."""
        return min(self.ours) / min(self.other)

    def is_beyond(self, most: float) -> bool:
        """By its median and by its fastest turn: a busy machine moves the one, what costs moves both."""
        return min(self.ratio, self.ratio_of_fastest) > most


@dataclass(frozen=True)
class Limit:
    """One figure and the most that it may be."""

    name: str
    figure: float
    most: float
    unit: str

    @property
    def is_kept(self) -> bool:
        return self.figure <= self.most


def timed(work: Work) -> float:
    """Seconds on the wall for one turn."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _milliseconds(seconds: Sequence[float]) -> str:
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    return f"{middle * 1000:8.1f} ({low * 1000:.1f}–{high * 1000:.1f})"


def print_pairs(title: str, pairs: Sequence[Pair], most: float) -> list[Pair]:
    """The table, times in milliseconds as median (least–most). Returns the pairs beyond the limit."""
    print(f"\n{title}, at most {most} ×, median (least–most) of {len(pairs[0].ours)} in ms")
    print(f"{'':36} {'rows':>8}  {'with':>24}  {'without':>24}  ratio  fastest")
    beyond = [pair for pair in pairs if pair.is_beyond(most)]
    for pair in pairs:
        mark = "  BEYOND" if pair in beyond else ""
        with_it, without = _milliseconds(pair.ours), _milliseconds(pair.other)
        ratios = f"{pair.ratio:5.2f}    {pair.ratio_of_fastest:5.2f}"
        print(f"{pair.name:36} {pair.rows:8,}  {with_it:>24}  {without:>24}  {ratios}{mark}")
    return beyond


def print_limits(title: str, limits: Sequence[Limit]) -> bool:
    """The table. Whether every limit is kept."""
    print(f"\n{title}")
    for limit in limits:
        mark = "" if limit.is_kept else "  BEYOND"
        print(f"{limit.name:60} {limit.figure:10.2f} {limit.unit}, at most {limit.most:g}{mark}")
    return all(limit.is_kept for limit in limits)


def say(line: str) -> None:
    """What goes on, apart from the tables."""
    print(line, file=sys.stderr, flush=True)
