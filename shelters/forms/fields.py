"""Fields that several forms of this app share."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.texts import refuse_turning_marks

MOST_WORDS = 4000
NOT_CHOSEN = ("", _("choose"))


class RecordChoice(forms.ModelChoiceField):
    """A record of a list, named by its UUID; the form sets which ones are offered."""

    default_error_messages = {
        "required": _("Choose one of the list."),
        "invalid_choice": _("Choose one of the list."),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(queryset=None, to_field_name="uuid", **options)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:  # also of what is no UUID at all
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None


def choice_field(label: Any, choices: Iterable[tuple[Any, Any]]) -> forms.ChoiceField:
    """Nothing is chosen beforehand: what nobody looked at must not be booked."""
    errors = dict.fromkeys(("required", "invalid_choice"), _("Choose one of the list."))
    return forms.ChoiceField(label=label, choices=[NOT_CHOSEN, *choices], error_messages=errors)


def day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-02-09."), "required": _("Choose the day.")},
        **options,
    )


PRINTED = _("As printed on the pack.")


def printed_lot_field(help_text: Any = PRINTED) -> forms.CharField:
    return forms.CharField(
        label=_("Lot"),
        required=False,
        max_length=40,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        validators=[refuse_turning_marks],
        error_messages={"max_length": _("Write at most 40 characters.")},
    )


def sealed_words(label: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Sealed: opened only with a purpose, and each opening is written down."),
        error_messages={
            "max_length": _("Write at most %(limit_value)s characters."),
            "required": _("Write a few words."),
        },
    )


class Keyed(forms.Form):
    """A form that carries the key of its one submit."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, initial: dict | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"key": uuid.uuid4()} | (initial or {}), **kwargs)

    def renew_key(self) -> None:
        """From here on it is another form: sent again, it books."""
        self.data = self.data.copy()
        self.data["key"] = str(uuid.uuid4())
