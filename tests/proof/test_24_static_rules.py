"""Test 24, first part: every static rule finds its plants, each to the line, and nothing in the code."""

import re
import subprocess
import sys
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

import pytest

from scripts.checks import lint_steps
from scripts.rules import RULES, findings, sources
from scripts.rules.allowed import ALLOWED as ALLOWED_PLACES
from scripts.rules.rule import Rule
from scripts.rules.source import ROOT, Source
from tests.house.planting import PLANTS, pieces_of, plant_of

CODE = sources()


def named(rule: Rule) -> str:
    return rule.name


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_rule_finds_each_planted_line_and_spares_each_twin(rule):
    pieces = pieces_of(rule.name)
    found = {piece.source.place: rule.lines(piece.source) for piece in pieces}
    assert found == {piece.source.place: piece.planted for piece in pieces}
    assert any(piece.planted for piece in pieces)
    assert any(not piece.planted for piece in pieces)


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_rule_is_silent_on_the_code(rule):
    assert [str(finding) for finding in findings(CODE, [rule])] == []


def test_every_rule_is_counted(tally):
    pieces = [(rule, piece) for rule in RULES for piece in pieces_of(rule.name)]
    planted = sum(len(piece.planted) for _rule, piece in pieces)
    found = sum(len(rule.lines(piece.source)) for rule, piece in pieces)
    assert found == planted
    assert len(findings(CODE)) == 0
    tally(
        f"test 24: {len(RULES)} static rules, {found} of {planted} planted lines found in {len(pieces)} "
        f"pieces; 0 findings in {len(CODE)} files of ours"
    )


def test_every_plant_belongs_to_a_rule():
    assert {path.name for path in PLANTS.iterdir()} == {plant_of(rule.name).name for rule in RULES}
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert set(ALLOWED_PLACES) <= {rule.name for rule in RULES}


ALLOWED = [pytest.param(rule, at, id=f"{rule.name}: {at}") for rule in RULES for at in rule.allowed]


@pytest.mark.parametrize(("rule", "pattern"), ALLOWED)
def test_every_allowed_place_says_why_and_is_needed(rule, pattern):
    """A place that needs its exception no longer must lose it, or the next line there is not looked at."""
    here = [source for source in CODE if fnmatch(source.place, pattern)]
    assert [str(finding) for finding in findings(here, [replace(rule, everywhere=True)])] != []
    assert len(rule.allowed[pattern].split()) > 1


def test_no_comment_switches_a_rule_off():
    text = "eval(text)  # noqa: S307  # nosec  # type: ignore\n"
    names = {finding.rule.name for finding in findings([Source("core/services.py", text)])}
    assert names == {"code out of text", "check silenced"}


def test_no_file_of_ours_is_overlooked():
    """Each Python file under version control is read by the rules, or is a test."""
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    known = set(listed.stdout.split())
    assert len(known) > 300
    assert {
        place for place in known - {source.place for source in CODE} if not place.startswith("tests/")
    } == set()


def run_rules(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts.rules", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_what_make_lint_runs_is_silent_on_the_code_and_names_a_planted_line(tmp_path):
    assert "scripts.rules" in str([command for _name, command in lint_steps()])
    calm = run_rules()
    assert (calm.returncode, calm.stdout, calm.stderr) == (0, "", "")
    (tmp_path / "manage.py").write_text("import os\n")
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "tasks.py").write_text("import json\n\nimport pickle\n")
    alarmed = run_rules(tmp_path)
    assert alarmed.returncode == 1
    assert re.search(r"^core/tasks\.py:3  objects out of bytes: ", alarmed.stdout, re.MULTILINE)


HOLES = """
import hashlib, ssl, tarfile, tempfile, xml.etree.ElementTree as tree
hashlib.md5(b"x")
hashlib.sha1(b"x")
ssl._create_unverified_context()
tarfile.open("x").extractall()
tempfile.mktemp()
tree.parse("x")
password = "not-a-secret"
open("/tmp/x")
"""


def test_ruff_looks_for_holes_in_what_we_ship():
    """Its S rules are on for the app and the scripts: each planted hole is found there, in a test none is."""
    command = [
        Path(sys.executable).parent / "ruff",
        "check",
        "--output-format",
        "concise",
        "--stdin-filename",
    ]

    def found_in(place: str) -> list[str]:
        done = subprocess.run(
            [*command, place, "-"], cwd=ROOT, input=HOLES, capture_output=True, text=True, check=False
        )
        return re.findall(r":\d+:\d+: (S\d+)", done.stdout)

    holes = {"S324", "S323", "S202", "S306", "S314", "S105", "S108"}
    assert set(found_in("core/services.py")) >= holes
    assert set(found_in("scripts/audit.py")) >= holes
    assert found_in("tests/core/test_x.py") == []
