import uuid
from collections.abc import Callable
from typing import Any

from django import forms


class Keyed(forms.Form):
    """A form that carries the key of its one submit."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, initial: dict | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"key": uuid.uuid4()} | (initial or {}), **kwargs)

    def renew_key(self) -> None:
        """From here on it is another form: sent again, it books."""
        data: Any = self.data
        fresh = data.copy()
        fresh["key"] = str(uuid.uuid4())
        self.data = fresh


class KnownChoiceField(forms.ChoiceField):
    """Hundreds of choices, put into words when they are shown. `known`: whether a value is one of them."""

    known: Callable[[str], bool]

    def valid_value(self, value: str) -> bool:
        return self.known(value)
