"""Templates: short, all text translatable. What none may hold: scripts/rules/templates.py."""

import re

import pytest

from tests.house.source import APPS, ROOT, place

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


_FORM = re.compile(r"<form\b(?=[^>]*\bmethod=\"post\")(?:\"[^\"]*\"|[^>\"])*>")
_PART = re.compile(r"{% (?:extends|include) \"([^\"]+)\"")
_SENDING = "components/sending.html"
_OF_EVERY_PAGE = ("base.html", "components/languages.html", "components/search.html")
# Sent by the browser itself: what ends or renews a log-in, presses in a list, and what opens a sealed text.
BY_THE_BROWSER = {
    f"accounts/{name}.html"
    for name in (
        "add_app", "add_passkey", "devices", "factors", "happened", "settle",
        "asked", "break_glass", "forget", "leak", "reveal", "waiting",
    )
}  # fmt: skip
OF_APPS = sorted(path for app in APPS if app != "core" for path in (ROOT / "templates" / app).glob("*.html"))
KEEPING = [path for path in OF_APPS if str(path.relative_to(ROOT / "templates")) not in BY_THE_BROWSER]


def _parts(name: str) -> set[str]:
    """The template and all it is made of, but not the frame of every page."""
    found = {name} - set(_OF_EVERY_PAGE)
    for part in _PART.findall((ROOT / "templates" / name).read_text()) if found else ():
        found |= _parts(part)
    return found


@pytest.mark.parametrize("path", KEEPING, ids=place)
def test_no_form_loses_what_was_typed(path):
    """On a dead network or with an ended log-in: js/say-unsent.js, which the page brings."""
    text = path.read_text()
    assert [form for form in _FORM.findall(text) if "data-send-once" not in form] == []
    parts = _parts(str(path.relative_to(ROOT / "templates")))
    has_form = any(_FORM.search((ROOT / "templates" / part).read_text()) for part in parts)
    if "{% extends" in text and has_form:
        assert _SENDING in parts


def test_no_script_writes_style_or_evaluates():
    scripts = sorted((ROOT / "static" / "js").glob("*.js")) if (ROOT / "static" / "js").is_dir() else []
    found = [
        f"{place(path)} {word}"
        for path in scripts
        for word in ("eval(", "new Function", "innerHTML", "document.write", '.setAttribute("style"')
        if word in path.read_text()
    ]
    assert found == []
