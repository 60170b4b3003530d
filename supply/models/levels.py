from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import QuantityField, Record
from supply.models.items import Item
from supply.models.places import Place


class StockLevel(Record):
    """How much of an item a place should always have, over all lots, in the base unit; 0: no minimum."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="levels", verbose_name=_("place"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    minimum = QuantityField(verbose_name=_("minimum"))

    class Meta:
        verbose_name = _("minimum level")
        ordering = ["place", "item"]
        constraints = [
            models.UniqueConstraint(fields=["place", "item"], name="stock_level_one_each"),
            models.CheckConstraint(
                condition=Q(minimum__gte=0),
                name="stock_level_not_negative",
                violation_error_message=_("A minimum cannot be below zero."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place.code} {self.item.code}"


class StockAlertQuerySet(models.QuerySet["StockAlert"]):
    def open(self) -> "StockAlertQuerySet":
        return self.filter(cleared_at__isnull=True)


class StockAlert(Record):
    """A place fell below its minimum of an item, until it had enough again. Open once, told once."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("place"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    minimum = QuantityField(verbose_name=_("minimum"))
    held = QuantityField(verbose_name=_("in stock then"))
    opened_at = models.DateTimeField(_("since"), db_default=Now())
    cleared_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = StockAlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert of low stock")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "item"], condition=Q(cleared_at__isnull=True), name="stock_alert_open_once"
            ),
            models.CheckConstraint(
                condition=Q(cleared_at__isnull=True) | Q(cleared_at__gte=F("opened_at")),
                name="stock_alert_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place.code} {self.item.code}"
