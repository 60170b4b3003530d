"""A state in a table, as it stands on the page of its record."""

from typing import Any

from django.utils.html import format_html


def badge(state: str, label: Any) -> str:
    """What is out of the ordinary stands out: house.css."""
    return format_html('<span class="state is-{}">{}</span>', state, label)
