"""How much of an item, typed in a unit or pack of it: shared by all forms that book."""

import unicodedata
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.quantities import plain
from supply.enums import Unit
from supply.models import Item, Pack

MOST = 1_000_000  # one entry; more is a slip of the thumb


class AmountField(forms.DecimalField):
    """Digits as any keyboard gives them: full-width ones of a Japanese keyboard too."""

    default_error_messages = {
        "required": _("Say how much."),
        "invalid": _("Write a number such as 3 or 2.5."),
        "min_value": _("Write a number above zero."),
        "max_value": _("That is very much. Write a number up to %(limit_value)s."),
        "max_digits": _("That is very much. Write a number up to 1000000."),
        "max_whole_digits": _("That is very much. Write a number up to 1000000."),
        "max_decimal_places": _("Write at most three digits after the point."),
    }

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 12}
        options |= {"min_value": 0, "max_value": MOST, "decimal_places": 3}
        super().__init__(widget=forms.TextInput(attrs=attributes), **options)

    def as_typed(self, number: Decimal, item: Item, pack: Pack | None) -> tuple[Decimal, str]:
        """(quantity in the base unit, as people say it). Raises ValidationError beyond the thousandth."""
        quantity = number * (pack.quantity if pack else 1)
        if quantity != quantity.quantize(Decimal("0.001")):
            raise forms.ValidationError(self.error_messages["max_decimal_places"])
        return quantity, f"{plain(number)} × {pack.name}" if pack else Unit(item.base_unit).amount(number)

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value[:50]).replace(" ", "")
        return super().to_python(value)


class UnitSelect(forms.Select):
    """Each unit says to which item it belongs; `unit-of-item.js` shows those of the chosen item alone."""

    owners: dict[str, str] = {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-item"] = self.owners.get(str(value), "")
        return option


class AmountForm(forms.Form):
    """A number and a unit, the ledger's refusals at their fields, and the key of the one submit."""

    number = AmountField(label=_("How much"))
    unit = forms.ChoiceField(
        label=_("Unit"),
        widget=UnitSelect(attrs={"data-units": True}),
        error_messages={"invalid_choice": _("Choose a unit of this item."), "required": _("Choose a unit.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def set_units(self, items: Iterable[Item]) -> None:
        """The base unit goes by the item's UUID, a pack by its own; grouped by item where no script runs."""
        items, field = list(items), self.fields["unit"]
        field.choices = [
            (str(item), [(str(item.uuid), item.get_base_unit_display()), *packs_of(item)]) for item in items
        ]
        field.widget.owners = {
            value: str(item.uuid) for item in items for value in (str(item.uuid), *dict(packs_of(item)))
        }

    def amount_of(self, item: Item, *, zero: bool = False) -> tuple[Decimal, str]:
        """(quantity in the base unit, as typed); errors stand at the fields then."""
        number = self.cleaned_data["number"]
        pack = self._pack(item, self.cleaned_data["unit"])
        field: AmountField = self.fields["number"]
        try:
            quantity, typed = field.as_typed(number, item, pack)
        except forms.ValidationError as error:
            self.add_error("number", error)
            return number, ""
        if quantity == 0 and not zero:
            self.add_error("number", field.error_messages["min_value"])
        return quantity, typed

    def _pack(self, item: Item, unit: str) -> Pack | None:
        if unit == str(item.uuid):
            return None
        pack = next((pack for pack in item.packs.all() if str(pack.uuid) == unit), None)
        if pack is None:
            self.add_error("unit", self.fields["unit"].error_messages["invalid_choice"])
        return pack

    def refuse(self, sentence: str, about: str) -> None:
        """The ledger's sentence, at the field that can put it right; one about the key at none."""
        self.add_error(about if about in self.fields and about != "key" else None, sentence)
        if about == "key":
            self.renew_key()

    def renew_key(self) -> None:
        """From here on it is another form: sent again, it books."""
        self.data = self.data.copy()
        self.data["key"] = str(uuid.uuid4())


def packs_of(item: Item) -> list[tuple[str, str]]:
    return [(str(pack.uuid), pack.name) for pack in item.packs.all()]
