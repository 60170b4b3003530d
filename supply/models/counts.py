from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import QuantityField, Record
from supply.models.items import Item, Lot
from supply.models.ledger import Movement
from supply.models.places import Place


class StockCount(Record):
    """One line of a store counted: what the ledger expected, what was found, and the movement between."""

    append_only = True

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("place"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    lot = models.ForeignKey(
        Lot, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("lot")
    )
    counted_on = models.DateField(_("counted"))
    expected = QuantityField(verbose_name=_("expected"))
    counted = QuantityField(verbose_name=_("found"))
    movement = models.OneToOneField(
        Movement, models.PROTECT, related_name="stock_count", null=True, blank=True,
        verbose_name=_("movement"),
    )  # fmt: skip
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(_("recorded"), db_default=Now())
    key = models.UUIDField()

    class Meta:
        verbose_name = _("stock count")
        ordering = ["-counted_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="stock_count_one_per_key"),
            models.CheckConstraint(condition=Q(counted__gte=0), name="stock_count_not_negative"),
            models.CheckConstraint(
                condition=Q(movement__isnull=True, counted=F("expected"))
                | (Q(movement__isnull=False) & ~Q(counted=F("expected"))),
                name="stock_count_difference_is_a_movement",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place.code} {self.item.code} {self.counted_on}"
