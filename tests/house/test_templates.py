"""Templates: short, all text translatable. What none may hold: scripts/rules/templates.py."""

import re

import pytest

from tests.house.source import ROOT, place

TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
_MARKUP = re.compile(
    r"{#.*?#}|{% *blocktrans(?:late)?\b.*?{% *endblocktrans(?:late)? *%}|{%.*?%}|{{.*?}}|<[^>]*>|&\w+;",
    re.DOTALL,
)
_LETTERS = re.compile(r"[A-Za-z]{2,}")
NAMES = {"LFNKR", "Excel", "CSV", "HTML", "Markdown", "JSON"}  # the same in every language


@pytest.mark.parametrize("path", TEMPLATES, ids=place)
def test_template_is_short(path):
    assert path.read_text().count("\n") <= 150


@pytest.mark.parametrize("path", TEMPLATES, ids=place)
def test_every_word_of_a_template_is_translatable(path):
    bare = _MARKUP.sub(" ", path.read_text())
    assert [word for word in _LETTERS.findall(bare) if word not in NAMES] == []


def test_no_script_writes_style_or_evaluates():
    scripts = sorted((ROOT / "static" / "js").glob("*.js")) if (ROOT / "static" / "js").is_dir() else []
    found = [
        f"{place(path)} {word}"
        for path in scripts
        for word in ("eval(", "new Function", "innerHTML", "document.write", '.setAttribute("style"')
        if word in path.read_text()
    ]
    assert found == []
