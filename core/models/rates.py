from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.base import CurrencyField, Record


class ExchangeRate(Record):
    """One unit of `base` in `quote` on a day, and who published it."""

    on = models.DateField(_("day"))
    base = CurrencyField(verbose_name=_("from currency"))
    quote = CurrencyField(verbose_name=_("to currency"))
    rate = models.DecimalField(_("rate"), max_digits=18, decimal_places=8)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("exchange rate")
        ordering = ["-on", "base"]
        constraints = [
            models.UniqueConstraint(fields=["on", "base", "quote"], name="exchange_rate_one_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="exchange_rate_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.base}/{self.quote} {self.on}"
