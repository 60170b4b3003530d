"""The benchmarks measure pages that work: whoever breaks one learns it here, not on the day of measuring."""

import pytest

from benchmarks import filling, walls
from benchmarks.harness import Pair, measure_until_sure, print_worst


@pytest.fixture
def readings(db, monkeypatch):
    """Each page of the benchmark, before few rows."""
    monkeypatch.setattr(filling, "FEW", 80)
    monkeypatch.setattr(filling, "MANY", 80)
    monkeypatch.setattr(filling, "say", lambda sentence: None)
    readers = filling.fill()
    return [walls.Reading(page, readers[page.reader]) for page in walls.PAGES]


def test_every_page_that_is_measured_shows_the_same_each_time(readings):
    for reading in readings:
        assert reading() == reading()


def test_what_is_searched_is_all_that_is_shown(readings):
    searched = [reading for reading in readings if reading.page.searched]
    assert len(searched) == 2
    for reading in searched:
        content = reading().decode()
        assert reading.page.searched in content
        assert content.count("<tr") == 2  # the headings, and one row


class Stand:
    """Something with a pair; its ratios by the turn of measuring are told beforehand."""

    def __init__(self, *ratios: float) -> None:
        self.pair, self.ratios, self.rounds = Pair("a page", 80), list(ratios), []


def measure(stands, rounds: int) -> None:
    """A second without, `ratio` seconds with, in most turns; one of each is very slow, one very quick."""
    for stand in stands:
        ratio = stand.ratios.pop(0)
        stand.rounds.append(rounds)
        for _turn in range(rounds):
            stand.pair.ours.wall += [ratio, ratio, ratio, 0.1, 90]
            stand.pair.other.wall += [1, 1, 1, 0.1, 5]


def test_a_page_is_judged_by_the_ratio_of_its_medians_alone():
    stand = Stand(1.31)
    measure([stand], 1)
    stand.pair.ours.processor = stand.pair.other.processor = 1
    assert stand.pair.hints == (1, 1)
    assert stand.pair.is_beyond(1.3)
    assert not stand.pair.is_beyond(1.32)


def test_what_is_beyond_is_measured_anew_twice_as_often_and_twice_at_most():
    kept, once, always = Stand(1.2), Stand(1.5, 1.1), Stand(1.4, 1.5, 1.6, 1.0)
    measure_until_sure([kept, once, always], measure, rounds=2, most=1.3)
    assert [stand.rounds for stand in (kept, once, always)] == [[2], [2, 4], [2, 4, 8]]
    assert [stand.pair.ratio for stand in (kept, once, always)] == [1.2, 1.1, 1.6]


def test_the_worst_ratio_is_printed(capsys):
    stands = [Stand(1.2), Stand(1.28)]
    measure(stands, 1)
    print_worst([stand.pair for stand in stands], 1.3)
    assert "The worst of 2: a page, 1.28 × at the median" in capsys.readouterr().out
