from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import NumberField
from core.meanwhile import ChangeForm
from core.texts import refuse_turning_marks
from supply.enums import ItemKind, Unit
from supply.forms.amounts import AmountField


class ItemForm(ChangeForm):
    """`unit_is_kept`: amounts of it are written already."""

    compared = ("code", "name", "name_ja", "kind", "base_unit", "rice_kilograms")
    code = forms.CharField(
        label=_("Code"), max_length=20, help_text=_("Short, in capitals: RICE. It stands in lists and files.")
    )
    name = forms.CharField(label=_("Name"), max_length=100)
    name_ja = forms.CharField(label=_("Japanese name"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind)
    base_unit = forms.ChoiceField(
        label=_("Base unit"),
        choices=Unit,
        help_text=_("Stock is kept in it for good; bags and boxes are added as packs."),
    )
    rice_kilograms = NumberField(
        label=_("kg of rice that one base unit stands for"), required=False, min_value=Decimal("0.001"),
        max_digits=9, decimal_places=3,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 12}),
        help_text=_("Plans of routes are in kg of rice or the equivalent. Empty: its weight, if it has one."),
        error_messages={
            "invalid": _("Write a number, such as 1.5."),
            "min_value": _("Write a number above zero, or leave it empty."),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, unit_is_kept: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if unit_is_kept:
            del self.fields["base_unit"]


class PackNameForm(forms.Form):
    name_ja = forms.CharField(label=_("Japanese name"), required=False, max_length=50)


class PackForm(PackNameForm):
    name = forms.CharField(label=_("Name of the pack"), max_length=50, help_text=_("Like “bag of 25 kg”."))
    quantity = AmountField(label=_("Holds, in the base unit"))

    field_order = ("name", "name_ja", "quantity")

    def clean_quantity(self) -> Decimal:
        quantity = self.cleaned_data["quantity"]
        if not quantity:
            raise forms.ValidationError(self.fields["quantity"].error_messages["min_value"])
        return quantity


class LotForm(ChangeForm):
    compared = ("code", "expires_on")
    code = forms.CharField(
        label=_("Lot"),
        max_length=40,
        help_text=_("As printed on the pack."),
        validators=[refuse_turning_marks],
        error_messages={
            "required": _("Write the number of the lot."),
            "max_length": _("Write at most 40 characters."),
        },
    )
    expires_on = forms.DateField(
        label=_("Use by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-02-09.")},
        help_text=_("Empty: it does not expire, or nobody knows when."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("No names of people, no addresses."),
        error_messages={"required": _("Say why the lot is changed.")},
    )
