"""What no template may hold; the content security policy would block half of it, and silently."""

import re
from collections.abc import Iterable

from scripts.rules.rule import PAGES, Check, Rule
from scripts.rules.source import Source


def _holds(pattern: str) -> Check:
    wanted = re.compile(pattern, re.IGNORECASE)

    def check(source: Source) -> Iterable[int]:
        for found in wanted.finditer(source.text):
            yield source.text.count("\n", 0, found.start()) + 1

    return check


_POLICY = "The content security policy lets nothing inline run; behaviour stands in static/js."

RULES = [
    Rule("inline script", _POLICY, _holds(r"<script(?![^>]*\bsrc=)[^>]*>"), PAGES),
    Rule("inline style", _POLICY, _holds(r"<style|\sstyle="), PAGES),
    Rule("inline handler", _POLICY, _holds(r"<[^>]*\son[a-z]+=[\"']|javascript:"), PAGES),
    Rule("htmx handler", _POLICY, _holds(r"hx-on|hx-vals=[\"']js:"), PAGES),
    Rule(
        "address elsewhere",
        "A page loads and links nothing outside this site: each request would tell who reads what.",
        _holds(r"(?:src|href|action)=[\"'](?:https?:)?//"),
        PAGES,
    ),
    Rule(
        "unescaped in a template",
        "Every text is escaped; one that is marked safe carries whatever was typed into it.",
        _holds(r"\|\s*safe(?:seq)?\b|autoescape off|\|\s*json_script"),
        PAGES,
    ),
    Rule(
        "number in an address",
        "A record is named by its UUID: numbers can be counted up.",
        _holds(r"{% url [^%]*\b(?:pk|id)\b"),
        PAGES,
    ),
    Rule(
        "form without its token",
        "Every form that changes something carries the token that a page elsewhere cannot have.",
        _holds(r"<form\b(?=[^>]*\bmethod=[\"']post[\"'])[^>]*>(?!(?:(?!</form>)[\s\S])*csrf_token)"),
        PAGES,
    ),
]
