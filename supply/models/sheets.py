from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import QuantityField, Record
from supply.enums import OPEN_COUNTS, CountState
from supply.models.counts import StockCount
from supply.models.items import Item, Lot
from supply.models.places import Place


class CountSheet(Record):
    """A whole place counted: by one person, who does not see what is expected, finished by another."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("place"))
    counted_on = models.DateField(_("counted"))
    state = models.CharField(_("state"), max_length=10, choices=CountState, default=CountState.COUNTING)
    counter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("counted by")
    )
    begun_at = models.DateTimeField(_("begun"), db_default=Now())
    finisher = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True,
        verbose_name=_("finished by"),
    )  # fmt: skip
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    key = models.UUIDField()

    class Meta:
        verbose_name = _("count of a place")
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="count_sheet_one_per_key"),
            models.UniqueConstraint(
                fields=["place"], condition=Q(state__in=OPEN_COUNTS), name="count_sheet_one_open_a_place"
            ),
            models.CheckConstraint(
                condition=Q(finisher__isnull=True) | ~Q(finisher=F("counter")),
                name="count_sheet_finished_by_another",
                violation_error_message=_("A count is finished by somebody else than who counted."),
            ),
            models.CheckConstraint(
                condition=Q(state=CountState.FINISHED, finisher__isnull=False, finished_at__isnull=False)
                | (~Q(state=CountState.FINISHED) & Q(finisher__isnull=True, finished_at__isnull=True)),
                name="count_sheet_finished_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place.code} {self.counted_on}"


class CountLine(Record):
    """One line of a sheet. `expected` and `last_movement`: as the ledger stood when it was taken down."""

    sheet = models.ForeignKey(CountSheet, models.PROTECT, related_name="lines", verbose_name=_("count"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    lot = models.ForeignKey(
        Lot, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("lot")
    )
    expected = QuantityField(verbose_name=_("expected"))
    last_movement = models.BigIntegerField(default=0)
    counted = QuantityField(verbose_name=_("found"), null=True, blank=True)
    typed = models.CharField(_("as typed"), max_length=60, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    result = models.OneToOneField(
        StockCount, models.PROTECT, related_name="line", null=True, blank=True, verbose_name=_("booked")
    )

    class Meta:
        verbose_name = _("line of a count")
        ordering = ["item__kind", "item__code", "lot__expires_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "item", "lot"], nulls_distinct=False, name="count_line_one_each"
            ),
            models.CheckConstraint(
                condition=Q(counted__isnull=True) | Q(counted__gte=0), name="count_line_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.lot}" if self.lot else str(self.item)

    @property
    def said(self) -> str:
        """What was found, as it was typed and in the reader's language."""
        return self.item.said(self.typed, self.counted or Decimal(0))

    @property
    def is_different(self) -> bool:
        return self.counted is not None and self.counted != self.expected
