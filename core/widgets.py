"""Fields of forms as HTML."""

from typing import Any

from django import forms
from django.template.loader import render_to_string


class LongSelect(forms.Select):
    """A choice of hundreds: one template for all options. Django's own include one for each of them."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> Any:
        return render_to_string("components/long_select.html", self.get_context(name, value, attrs))
