"""The benchmarks measure pages that work: whoever breaks one learns it here, not on the day of measuring."""

import pytest

from benchmarks import filling, walls


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
