"""What becomes of a store that has to be left."""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supply.enums import Reason, Unit

if TYPE_CHECKING:
    from supply.models import Balance, Place

LOSSES = (Reason.TAKEN, Reason.LOST, Reason.SPOILED)


class StoreForm(forms.Form):
    """One choice a line that lies there; what is not chosen yet stays. `places`: where it may be moved."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, lines: Iterable["Balance"], places: Iterable["Place"], **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"key": uuid.uuid4()}, **kwargs)
        self.lines = {f"line-{line.pk}": line for line in lines}
        self.places = {str(place.uuid): place for place in places}
        choices = [
            ("", _("still there")),
            *((reason.value, reason.label) for reason in LOSSES),
            *((key, _("moved to %(place)s") % {"place": place.code}) for key, place in self.places.items()),
        ]
        for name, line in self.lines.items():
            self.fields[name] = forms.ChoiceField(
                label=_label(line), choices=choices, required=False,
                error_messages={"invalid_choice": _("Choose one of the list.")},
            )  # fmt: skip

    @property
    def settled(self) -> list[tuple[Any, Any, Decimal, str, Any]]:
        """Item, lot, quantity, reason and place of each chosen line."""
        found = []
        for name, line in self.lines.items():
            if chosen := self.cleaned_data[name]:
                to = self.places.get(chosen)
                found.append((line.item, line.lot, line.quantity, "" if to else chosen, to))
        return found


def _label(line: "Balance") -> str:
    item = f"{line.item} {line.lot}" if line.lot else str(line.item)
    return f"{item} · {Unit(line.item.base_unit).amount(line.quantity)}"
