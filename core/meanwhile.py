"""Who has an old page open does not write over what a colleague wrote meanwhile."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.sealed import Sealed
from core.services import is_as_told, is_sealed


def mark_of(name: str, value: Any) -> str:
    """Tells two values of a field apart and shows neither. Sealed anew, a sealed one gets another."""
    return salted_hmac("core.meanwhile", f"{name}:{_written(value)}").hexdigest()[:16]


def _written(value: Any) -> str:
    """The same for a value as it was typed and as it was kept."""
    match value:
        case None:
            return ""
        case Sealed():
            return value.mark
        case Model():
            return str(value.pk)
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return str(value).replace("\r\n", "\n").strip()


class ShownField(forms.CharField):
    """The marks of what a page showed."""

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput)
        self.max_length = 400  # longer is given back cut off, and is none of ours anyway


class ChangeForm(forms.Form):
    """It changes a record in place, and carries a mark of each value that stood there when it was shown.

    Where another one stands there by now, it says so and nothing is saved: what was typed stays, what was
    left as it was shows the new value, and the form sent again saves. So it says of a new one that somebody
    else has written already. One that bears no marks (of a page of
    before they were made) is not compared. `compared`: the fields that the record keeps.
    """

    compared: tuple[str, ...] = ()
    shown = ShownField()

    def __init__(self, *args: Any, record: Model | None = None, **kwargs: Any) -> None:
        """`record`: as the page shows it, saved or not. None: the form makes a new one."""
        super().__init__(*args, **kwargs)
        self.record = record
        if record is None:
            del self.fields["shown"]
        else:
            self.initial["shown"] = self._marks(self.standing(record))

    def held(self, cleaned: dict[str, Any]) -> Model | None:
        """The record as it is now; nobody else changes it until the transaction ends."""
        record: Any = self.record
        rows = type(record)._default_manager.select_for_update(of=("self",), no_key=True)
        return rows.filter(pk=record.pk).first()

    def standing(self, record: Model) -> dict[str, Any]:
        """What stands in each compared field."""
        return {name: getattr(record, name) for name in self.compared if name in self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        shown = cleaned.pop("shown", "")
        if self.errors or not shown:
            return cleaned
        now = self.held(cleaned)
        if now is not None:
            self._compare(cleaned, shown, now)
        return cleaned

    def _compare(self, cleaned: dict[str, Any], shown: str, now: Model) -> None:
        values = self.standing(now)
        seen = dict(one.partition("=")[::2] for one in shown.split("."))
        changed = {
            name: value
            for name, value in values.items()
            if seen.get(name) != mark_of(name, value) and not self._is_said(cleaned[name], name, now, value)
        }
        if not changed:
            return
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix("shown")] = self._marks(values)
        if self.record is None or self.record._state.adding:
            sentence = _(
                "%(what)s is there already, and nothing was saved. Look at what it says now; if what you "
                "typed shall take its place, save again."
            )
        else:
            sentence = _(
                "%(what)s was changed meanwhile by a colleague. What you typed is still here; look at what "
                "it says now, then save again."
            )
        self.add_error(None, sentence % {"what": now})
        for name, value in changed.items():
            if isinstance(value, Sealed) or mark_of(name, cleaned[name]) != seen.get(name):
                self.add_error(name, self._said_now(name, value))
            else:  # left as it was shown
                data[self.add_prefix(name)] = _as_sent(self.fields[name].prepare_value(value))
                self.add_error(name, _("This is what it says now."))

    @staticmethod
    def _is_said(typed: Any, name: str, now: Model, value: Any) -> bool:
        """The form would leave it as it is: sent twice, or another page said the same."""
        if name in _sealed_of(now):
            return not typed or is_as_told(now, {name: typed})
        return _written(typed) == _written(value)

    def _said_now(self, name: str, value: Any) -> str:
        if isinstance(value, Sealed):
            return _("It was written anew meanwhile; what you typed here takes its place.")
        field: Any = self.fields[name]
        if isinstance(value, Model):
            words = str(field.label_from_instance(value))
        elif isinstance(value, date):
            words = date_format(value)
        else:
            known = {str(key): label for key, label in getattr(field, "choices", ())}
            words = str(known.get(str(value), _written(value)))
        return _("It says now: %(value)s") % {"value": words or _("nothing")}

    def _marks(self, values: Mapping[str, Any]) -> str:
        return ".".join(f"{name}={mark_of(name, value)}" for name, value in values.items())


def _sealed_of(record: Model) -> set[str]:
    return {field.name for field in record._meta.concrete_fields if is_sealed(record, field.name)}


def _as_sent(value: Any) -> str:
    return "" if value is None else str(value)
