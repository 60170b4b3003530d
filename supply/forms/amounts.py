"""How much of an item, typed in a unit or pack of it: shared by all forms that book."""

import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from core.forms import KnownChoiceField, NumberField
from core.quantities import plain
from core.widgets import LongSelect
from supply.enums import WHOLE_UNITS, Unit
from supply.models import Item, Pack

MOST = 1_000_000  # one entry; more is a slip of the thumb
_READ = 50  # characters at most; the longest amount has far fewer
_OTHER_WIDTHS = ("<wide>", "<narrow>")
_ONE_MARK = re.compile(r"[+-]?(\d{1,3})([,.])(\d{3})")
_SPACED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[,.]\d+)?")
_GROUPS = re.compile(r"[+-]?\d{1,3}(?:([,.])\d{3})(?:\1\d{3})+")
_BOTH = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+\.\d+|[+-]?\d{1,3}(?:\.\d{3})+,\d+")


class AmountField(NumberField):
    """Full-width digits of a Japanese keyboard, "1,5", "1 500" and "1,500.5" too.

    "1,500" or "1.500" may be one and a half or fifteen hundred: it is asked about, unless `in_whole_units`
    says which.
    """

    in_whole_units = False
    zero_or_more = _("Write 0 or more.")
    default_error_messages = {
        "required": _("Say how much."),
        "invalid": _("Write a number such as 3 or 2.5."),
        "min_value": _("Write a number above zero."),
        "max_value": _("That is very much. Write a number up to %(limit_value)s."),
        "max_digits": _("That is very much. Write a number up to 1000000."),
        "max_whole_digits": _("That is very much. Write a number up to 1000000."),
        "max_decimal_places": _("Write at most three digits after the point."),
        "two_readings": _("%(typed)s can be read in two ways. Write %(many)s or %(few)s."),
    }

    def __init__(self, *, zero: bool = False, **options: Any) -> None:
        """`zero`: nothing is an answer too."""
        attributes = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 12}
        usual = {"min_value": 0, "max_value": MOST, "decimal_places": 3}
        super().__init__(**{"widget": forms.TextInput(attrs=attributes)} | usual | options)
        if zero:
            self.take_zero()

    def take_zero(self) -> None:
        self.error_messages["min_value"] = self.zero_or_more

    def as_typed(self, number: Decimal, item: Item, pack: Pack | None) -> tuple[Decimal, str]:
        """(quantity in the base unit, as people say it). Raises what `refuse_fractions` does."""
        quantity = number * (pack.quantity if pack else 1)
        refuse_fractions(quantity, item)
        return quantity, f"{plain(number)} × {pack}" if pack else Unit(item.base_unit).amount(number)

    def prepare_value(self, value: Any) -> Any:
        """A number of ours without the zeros behind, which could be read as thousands."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        if isinstance(value, str):
            value = self._with_point(self._in_half_width(value.strip()))
        return super().to_python(value)

    def _in_half_width(self, text: str) -> str:
        """Only what is the same digit in another width: 5² is not 52."""
        tags = filter(None, (unicodedata.decomposition(mark) for mark in text[:_READ] if not mark.isspace()))
        wrong = "" if all(tag.startswith(_OTHER_WIDTHS) for tag in tags) else "invalid"
        if len(text) > _READ:
            wrong = "max_digits" if text[:_READ].isdigit() else "invalid"
        if wrong:
            raise ValidationError(self.error_messages[wrong], wrong)
        return unicodedata.normalize("NFKC", text)

    def _with_point(self, text: str) -> str:
        """As Python reads it."""
        if " " in text:
            # Between thousands a space is as good as a comma; anywhere else a mark was not hit.
            if not _SPACED.fullmatch(text):
                raise ValidationError(self.error_messages["invalid"], "invalid")
            return text.replace(" ", "").replace(",", ".")
        if _GROUPS.fullmatch(text):
            return text.replace(",", "").replace(".", "")
        if _BOTH.fullmatch(text):
            decimal = max(text.rfind(","), text.rfind("."))
            return re.sub("[,.]", "", text[:decimal]) + "." + text[decimal + 1 :]
        unclear = _ONE_MARK.fullmatch(text)
        if unclear and self._may_be_thousands(*unclear.groups()):
            if self.in_whole_units:
                return re.sub("[,.]", "", text)
            whole, rest = unclear[1], unclear[3].rstrip("0")
            words = {"typed": text, "many": whole + unclear[3], "few": f"{whole}.{rest}" if rest else whole}
            raise ValidationError(self.error_messages["two_readings"], "two_readings", words)
        return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text

    @staticmethod
    def _may_be_thousands(whole: str, mark: str, rest: str) -> bool:
        """A point before a last digit that counts is a point: so grams are written, 2.125 kg."""
        return not whole.startswith("0") and (mark == "," or rest.endswith("0"))


def refuse_fractions(quantity: Decimal, item: Item) -> None:
    """`quantity`: in the base unit. Raises ValidationError beyond the thousandth, or for part of a piece."""
    if quantity != round(quantity, 3):
        raise ValidationError(AmountField.default_error_messages["max_decimal_places"])
    if item.base_unit in WHOLE_UNITS and quantity != quantity.to_integral_value():
        raise ValidationError(
            _("%(item)s is counted in whole units. Give a whole number."), params={"item": item}
        )


class UnitSelect(LongSelect):
    """Each unit says to which item it belongs; `unit-of-item.js` shows those of the chosen item alone."""

    owners: dict[str, str] = {}

    def attributes_of(self, value: str) -> dict[str, Any]:
        return {"data-item": self.owners.get(value, "")}


class AmountForm(forms.Form):
    """A number and a unit, the ledger's refusals at their fields, and the key of the one submit."""

    number = AmountField(label=_("How much"))
    unit = KnownChoiceField(
        label=_("Unit"),
        widget=UnitSelect(attrs={"data-units": True}),
        error_messages={"invalid_choice": _("Choose a unit of this item."), "required": _("Choose a unit.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def set_units(self, items: Iterable[Item], shown: Callable[[], Iterable[Item]] | None = None) -> None:
        """`items`: those that can be answered with; `shown`: those to choose from, if more.

        The base unit goes by the item's UUID, a pack by its own; grouped by item where no script runs.
        """
        items, field = list(items), self.fields["unit"]
        bases = {str(item.uuid) for item in items}

        @cache
        def known() -> set[str]:
            prefetch_related_objects(items, "packs")
            return {value for item in items for value in units_of(item)}

        def choices() -> list[tuple[str, list[tuple[str, Any]]]]:
            all_items = items if shown is None else list(shown())
            field.widget.owners = {value: str(item.uuid) for item in all_items for value in units_of(item)}
            return [(str(item), [*units_of(item).items()]) for item in all_items]

        # A base unit asks for no packs: a form that names one item looks them up for nothing else.
        field.choices, field.known = choices, lambda value: value in bases or value in known()

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


def units_of(item: Item) -> dict[str, Any]:
    """How a form names the base unit and each pack → what people read."""
    packs = {str(pack.uuid): str(pack) for pack in item.packs.all()}
    return {str(item.uuid): item.get_base_unit_display()} | packs
