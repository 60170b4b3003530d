import re
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import QuantityField, Record
from supply.enums import ItemKind, Unit

_NUMBER = re.compile(r"\d+(\.\d+)?")


class Item(Record):
    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    name_ja = models.CharField(_("Japanese name"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=ItemKind)
    base_unit = models.CharField(_("base unit"), max_length=5, choices=Unit)
    rice_kilograms = models.DecimalField(
        _("kg of rice for one base unit"), max_digits=9, decimal_places=3, null=True, blank=True
    )

    class Meta:
        verbose_name = _("item")
        ordering = ["kind", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rice_kilograms__isnull=True) | Q(rice_kilograms__gt=0),
                name="item_stands_for_some_rice",
                violation_error_message=_("Write a number above zero, or leave it empty."),
            )
        ]

    def __str__(self) -> str:
        return self.name_ja if self.name_ja and get_language() == "ja" else self.name

    def said(self, typed: str, quantity: Decimal) -> str:
        """As it was typed where that names a pack, else with its unit; both in the reader's language."""
        if not names_a_pack(typed, quantity):
            return Unit(self.base_unit).amount(quantity)
        number, _times, name = typed.partition(" × ")
        pack = next((pack for pack in self.packs.all() if name in pack.names), None)
        return f"{number} × {pack}" if pack else typed


def names_a_pack(typed: str, quantity: Decimal) -> bool:
    """Whether what was typed says more than the quantity: "3 × bag of 25 kg", not "5.9" or "75 kg"."""
    number = typed.partition(" ")[0].replace(",", "")
    return bool(typed) and not (_NUMBER.fullmatch(number) and Decimal(number) == quantity)


class Pack(Record):
    """How an item is typed and printed: "bag of 25 kg". Stock itself is kept in the base unit."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="packs", verbose_name=_("item"))
    name = models.CharField(_("name"), max_length=50)
    name_ja = models.CharField(_("Japanese name"), max_length=50, blank=True)
    quantity = QuantityField(verbose_name=_("quantity in the base unit"))

    class Meta:
        verbose_name = _("pack")
        ordering = ["item", "-quantity"]
        constraints = [
            models.UniqueConstraint(fields=["item", "name"], name="pack_one_name_an_item"),
            models.UniqueConstraint(
                fields=["item", "name_ja"], condition=~Q(name_ja=""), name="pack_one_japanese_name_an_item"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pack_holds_something"),
        ]

    def __str__(self) -> str:
        return self.name_ja if self.name_ja and get_language() == "ja" else self.name

    @property
    def names(self) -> list[str]:
        """In every language: what was typed may stand in another one than the reader's."""
        return [name for name in (self.name, self.name_ja) if name]


def lot_number(code: Any) -> Func:
    """As numbers of lots are compared: without case, width, hyphens and spaces. By the database alone."""
    return Func(code, function="supply_lot_number", output_field=models.TextField())


class Lot(Record):
    """`apart`: above 0 for one of several that had the same number before numbers were compared so."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="lots", verbose_name=_("item"))
    code = models.CharField(_("code"), max_length=40)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    apart = models.PositiveSmallIntegerField(_("kept apart"), default=0, db_default=0, editable=False)

    class Meta:
        verbose_name = _("lot")
        ordering = ["expires_on", "code"]
        constraints = [
            models.UniqueConstraint(fields=["item", "code"], name="lot_one_code_an_item"),
            models.UniqueConstraint(
                F("item"),
                Func("code", function="supply_lot_number"),
                F("apart"),
                name="lot_one_number_an_item",
                violation_error_message=_("This item has a lot of this number already."),
            ),
        ]

    def __str__(self) -> str:
        return self.code
