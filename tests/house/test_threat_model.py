"""What the papers on security name is there: proofs, files, commands."""

import re

import pytest
from django.core.management import get_commands

from scripts.rules.source import ROOT

PAPERS = [ROOT / "THREAT_MODEL.md", ROOT / "docs" / "security-for-auditors.md"]
_PROOFS = re.compile(r"\btests? (\d+(?:, \d+)*)")
_PATHS = re.compile(r"`((?:accounts|core|docs|lfnkr|requirements|scripts|tests)/[\w./-]+)`")


def name_of(path) -> str:
    return path.name


def proofs_named(text: str) -> set[int]:
    """In the text as "test 4" or "tests 4, 5"; in a table of threats as bare numbers of the last column."""
    found = {int(number) for numbers in _PROOFS.findall(text) for number in numbers.split(", ")}
    for row in re.findall(r"^\| (?:\d+|P\d+) \|.*\|$", text, re.MULTILINE):
        last = row.rstrip(" |").rsplit("|", 1)[-1]
        found |= {int(number) for number in re.findall(r"(?<![\w/])\d+(?=,|$|\s*$)", last)}
    return found | {int(number) for number in re.findall(r"^\| (\d+) [a-z]", text, re.MULTILINE)}


@pytest.mark.parametrize("paper", PAPERS, ids=name_of)
def test_every_proof_that_is_named_exists(paper):
    named = proofs_named(paper.read_text())
    there = {int(path.name[5:7]) for path in (ROOT / "tests" / "proof").glob("test_[0-9][0-9]_*.py")}
    assert len(named) > 10
    assert sorted(named - there) == []


@pytest.mark.parametrize("paper", PAPERS, ids=name_of)
def test_every_file_and_command_that_is_named_exists(paper):
    text = paper.read_text()
    assert [path for path in _PATHS.findall(text) if not (ROOT / path).exists()] == []
    commands = set(re.findall(r"manage\.py ([a-z_]+)", text))
    assert commands - set(get_commands()) == set()
    targets = set(re.findall(r"^(?:`|)make ([a-z]+)", text, re.MULTILINE)) | set(
        re.findall(r"`make ([a-z]+)", text)
    )
    known = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert targets - known == set()


def test_a_proof_that_is_not_there_would_be_noticed():
    text = "| 7 | somebody | something | a wall | 4, 98 |\n\nSee tests 5, 97.\n| 96 forms | x | y |"
    assert proofs_named(text) == {4, 5, 96, 97, 98}
