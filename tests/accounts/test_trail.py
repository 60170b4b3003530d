"""The trail in words: no code of ours reaches the person who reads it."""

import re

import pytest

from accounts import trail
from core.models import AuditEntry
from tests.house.source import APPS, files

WRITTEN = re.compile(r'action="[a-z]+\.([a-z_]+)"|"stock\.([a-z_]+)"|_record\(by, "([a-z_]+)"')


def entry(**values):
    return AuditEntry(**{"action": "accounts.changed", "subject_type": "accounts.user"} | values)


def test_every_action_that_the_source_writes_has_a_word():
    found = {
        verb or stock or f"update_{update}"
        for path in files(*APPS)
        if "services" in str(path) or "sheets" in str(path)
        for verb, stock, update in WRITTEN.findall(path.read_text(encoding="utf-8"))
    }
    assert {"invited", "used", "update_written"} <= found
    assert found - set(trail.VERBS) == set()


def test_an_action_without_a_word_is_still_read_as_words():
    assert trail.verb_of(entry(action="shelters.roof_mended")) == "roof mended"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": ["auditor", "administrator"]}, "role: auditor → administrator"),
        ({"role": [None, "field_staff"]}, "role: shelter field staff"),
        ({"is_active": [True, False]}, "may log in: yes → no"),
        ({"name": ["Hana", ""]}, "name: Hana → —"),
        ({"no_field_of_it": [1, 2]}, "no field of it: 1 → 2"),
    ],
)
def test_changes_are_told_in_words(changes, words):
    assert trail.changes_of(entry(changes=changes)) == words


def test_a_long_text_is_cut_on_the_page_and_whole_in_a_file():
    told = entry(changes={"name": [None, "x" * 500]})
    assert trail.changes_of(told, longest=trail.LONGEST) == f"name: {'x' * trail.LONGEST}…"
    assert trail.changes_of(told) == f"name: {'x' * 500}"


def test_a_kind_of_record_that_is_no_more_keeps_its_code():
    assert trail.kind_of(entry(subject_type="supply.barrel")) == "supply.barrel"
    assert trail.kind_of(entry()) == "user"
