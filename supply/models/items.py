from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.models import QuantityField, Record
from supply.enums import ItemKind, Unit


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


class Lot(Record):
    item = models.ForeignKey(Item, models.PROTECT, related_name="lots", verbose_name=_("item"))
    code = models.CharField(_("code"), max_length=40)
    expires_on = models.DateField(_("expires"), null=True, blank=True)

    class Meta:
        verbose_name = _("lot")
        ordering = ["expires_on", "code"]
        constraints = [models.UniqueConstraint(fields=["item", "code"], name="lot_one_code_an_item")]

    def __str__(self) -> str:
        return self.code
