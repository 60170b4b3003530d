"""Fields of forms as HTML."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join

from core.markup import escaped, joined


class LongSelect(forms.Select):
    """A choice of hundreds: Django's own renders a template for each option, longer than all the rest."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        attributes = forms.Widget.get_context(self, name, value, attrs)["widget"]["attrs"]
        chosen = set(self.format_value(value))
        # Options without a group between those that have one stay where they are.
        runs = groupby(self.choices, key=lambda choice: isinstance(choice[1], list | tuple))
        parts = [
            self._groups(run, chosen) if grouped else self._options(run, chosen) for grouped, run in runs
        ]
        options = format_html_join("", "{}", ((part,) for part in parts))
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(attributes), options)

    def attributes_of(self, value: str) -> dict[str, Any]:
        """What an option says beside its value."""
        return {}

    def _groups(self, groups: Iterable[tuple[Any, Any]], chosen: set[str]) -> str:
        rows = ((label, self._options(options, chosen)) for label, options in groups)
        return format_html_join("", '<optgroup label="{}">{}</optgroup>', rows)

    def _options(self, choices: Iterable[tuple[Any, Any]], chosen: set[str]) -> str:
        return joined(
            self._option("" if value is None else str(value), label, chosen) for value, label in choices
        )

    def _option(self, value: str, label: Any, chosen: set[str]) -> str:
        said = self.attributes_of(value)
        if value in chosen:
            said = said | {"selected": True}
        beside = flatatt(said) if said else ""  # most have none
        return f'<option value="{escaped(value)}"{beside}>{escaped(label)}</option>'
