"""A view without a guard cannot start."""

from collections.abc import Iterator

from django.core.checks import Error
from django.urls import URLPattern, URLResolver, get_resolver


def named_views(resolver: URLResolver | None = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL of the site: its full name and pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from named_views(entry, inner)
        else:
            yield f"{space}{entry.name}", entry


def every_view_has_a_gate(app_configs: object, **_kwargs: object) -> list[Error]:
    return [
        Error(
            f"The view of {entry.pattern} names no right.",
            hint="Put @requires(Right.…) or @public from accounts.gate on it.",
            id="accounts.E001",
        )
        for _name, entry in named_views()
        if not hasattr(entry.callback, "gate")
    ]
