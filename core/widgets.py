"""Fields of forms as HTML."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString


class LongSelect(forms.Select):
    """A choice of hundreds: Django's own renders a template for each option, longer than all the rest."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        attributes = forms.Widget.get_context(self, name, value, attrs)["widget"]["attrs"]
        chosen = set(self.format_value(value))
        return format_html(
            '<select name="{}"{}>{}</select>',
            name,
            flatatt(attributes),
            SafeString("".join(_options(self.choices, chosen))),
        )


def _options(choices: Iterable[tuple[Any, Any]], chosen: set[str]) -> Iterator[str]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield f'<optgroup label="{escape(value)}">{"".join(_options(label, chosen))}</optgroup>'
        else:
            typed = "" if value is None else str(value)
            selected = " selected" if typed in chosen else ""
            yield f'<option value="{escape(typed)}"{selected}>{escape(label)}</option>'
