"""An amount of money beside its currency: shared by all forms that write down what was paid."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.money import MOST, refuse_amount
from core.quantities import Quantity
from supply.forms.amounts import AmountField


class MoneyField(AmountField):
    """No money has three digits after the point: "1,500" is fifteen hundred. `OfMoney` knows the currency."""

    in_whole_units = True
    default_error_messages = {
        "invalid": _("Write an amount such as 300 or 2.50."),
        "min_value": _("Write an amount above zero."),
    }

    def __init__(self, **options: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 16}
        usual = {"max_value": MOST, "decimal_places": None, "widget": forms.TextInput(attrs=attributes)}
        super().__init__(**usual | options)


class OfMoney(forms.Form):
    """Base of a form with amounts in a currency, whose digits after the point they have.

    `amounts`: their fields. The currency is a field too, where `currency_of` knows no other.
    """

    amounts: tuple[str, ...] = ("amount",)

    def currency_of(self, cleaned: dict[str, Any]) -> str:
        return cleaned.get("currency", "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        currency = self.currency_of(cleaned)
        for name in self.amounts if currency else ():
            try:
                for number in _numbers(cleaned.get(name)):
                    refuse_amount(number, currency)
            except ValidationError as error:
                self.add_error(name, error)
        return cleaned


def _numbers(amount: Decimal | Quantity | None) -> list[Decimal]:
    """Without what is below zero: whether that takes back something that stands, the service knows."""
    both = [amount.value, amount.upper] if isinstance(amount, Quantity) else [amount]
    return [number for number in both if number is not None and number > 0]
