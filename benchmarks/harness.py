"""Two ways of doing one thing, in turn, in one run; their medians, and the ratio of these against a limit."""

import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

Work = Callable[[], object]
MEASURED_AGAIN = 2  # times at most, before what is beyond its limit counts as beyond


@dataclass
class Turns:
    """One way of doing a thing, turn by turn: seconds on the wall, and of the processor in all."""

    wall: list[float] = field(default_factory=list)
    processor: float = 0.0

    def take(self, work: Work, *others: int) -> None:
        """One turn more. `others`: processes that work for us, such as the database's."""
        before = processor_of(*others)
        self.wall.append(timed(work))
        self.processor += processor_of(*others) - before


@dataclass
class Pair:
    """One thing done two ways: `ours` with what is measured, `other` without."""

    name: str
    rows: int
    ours: Turns = field(default_factory=Turns)
    other: Turns = field(default_factory=Turns)

    @property
    def ratio(self) -> float:
        """Of the medians: what is judged."""
        return statistics.median(self.ours.wall) / statistics.median(self.other.wall)

    @property
    def hints(self) -> tuple[float, float]:
        """Of the fastest turns and of the processor's time: what other work may have made of the ratio."""
        return min(self.ours.wall) / min(self.other.wall), self.ours.processor / self.other.processor

    def is_beyond(self, most: float) -> bool:
        return self.ratio > most

    def begin_anew(self) -> None:
        """Forget what was measured."""
        self.ours, self.other = Turns(), Turns()


class HasPair(Protocol):
    @property
    def pair(self) -> Pair: ...


Thing = TypeVar("Thing", bound=HasPair)


def measure_until_sure(
    things: Sequence[Thing], measure: Callable[[Sequence[Thing], int], None], *, rounds: int, most: float
) -> None:
    """`measure(things, rounds)` fills their pairs; what is beyond is measured anew in twice the rounds.

    Other work on the machine rarely moves a median for long; what costs comes out beyond each time.
    """
    measure(things, rounds)
    for _time in range(MEASURED_AGAIN):
        beyond = [thing for thing in things if thing.pair.is_beyond(most)]
        if not beyond:
            return
        rounds *= 2
        for thing in beyond:
            thing.pair.begin_anew()
        measure(beyond, rounds)


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


def at_depth(depth: int, work: Work) -> Work:
    """The same, so many calls deeper.

    CPython 3.11 keeps frames in chunks of 16 kB: a loop that calls across the end of one maps and frees
    memory each time and takes twice as long. One depth alone would measure that accident.
    """
    return work if depth == 0 else lambda: at_depth(depth - 1, work)()


def processor_of(*others: int) -> float:
    """Seconds of the processor that this process and the others have used so far."""
    used = time.process_time()
    for pid in others:
        with contextlib.suppress(OSError):  # another kind of system, or a database elsewhere
            used += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    return used


def _milliseconds(seconds: Sequence[float]) -> str:
    low, middle, high = min(seconds), statistics.median(seconds), max(seconds)
    return f"{middle * 1000:8.1f} ({low * 1000:.1f}–{high * 1000:.1f})"


def print_pairs(title: str, pairs: Sequence[Pair], most: float) -> list[Pair]:
    """The table, times in milliseconds as median (least–most). Returns the pairs beyond the limit."""
    print(f"\n{title}, at most {most} × at the median, in ms: median (least–most)")
    print(f"{'':38} {'rows':>8}  {'with':>24}  {'without':>24}  turns  ratio  (fastest  processor)")
    beyond = [pair for pair in pairs if pair.is_beyond(most)]
    for pair in pairs:
        mark = "  BEYOND" if pair in beyond else ""
        with_it, without = _milliseconds(pair.ours.wall), _milliseconds(pair.other.wall)
        turns, hints = len(pair.ours.wall), "({:7.2f}  {:9.2f})".format(*pair.hints)
        ratios = f"{turns:5}  {pair.ratio:5.2f}  {hints}{mark}"
        print(f"{pair.name:38} {pair.rows:8,}  {with_it:>24}  {without:>24}  {ratios}")
    return beyond


def print_worst(pairs: Sequence[Pair], most: float) -> None:
    worst = max(pairs, key=lambda pair: pair.ratio)
    print(f"\nThe worst of {len(pairs)}: {worst.name}, {worst.ratio:.2f} × at the median, at most {most} ×")


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
