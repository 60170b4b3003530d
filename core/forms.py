import re
import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates

LONGEST_OTHER = 200  # characters of what is no text: a day, a number, a key
_OF_PROGRAMS = re.compile("[e_]", re.IGNORECASE)


class GivenBack(forms.BoundField):
    """A field of a form that came back: what is longer than it may be is given back as far as it may go.

    A phone does not load the two million characters again that were pasted by mistake.
    """

    def value(self) -> Any:
        value = super().value()
        most = self._most()
        if not self.form.is_bound or most is None or not isinstance(value, str) or len(value) <= most:
            return value
        return value.replace("\r\n", "\n")[:most]

    def _most(self) -> int | None:
        """As the browser counts it, where a line's end is one character. None: as long as wished."""
        if isinstance(self.field, forms.CharField) and not isinstance(self.field, forms.UUIDField):
            return self.field.max_length
        return int(self.field.widget.attrs.get("maxlength", LONGEST_OTHER))


class Renderer(DjangoTemplates):
    """Of every form of ours."""

    bound_field_class = GivenBack


class InDigits(forms.Field):
    """A number as people write it: 1e3 and 1_000, which Python reads as well, are none."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and _OF_PROGRAMS.search(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class WholeNumberField(InDigits, forms.IntegerField):
    pass


class NumberField(InDigits, forms.DecimalField):
    pass


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
