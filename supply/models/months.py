from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import Record
from supply.enums import MonthState


class MonthClosing(Record):
    """A month of the ledger was closed, or opened again; the newest row of a month counts.

    The ledger's trigger refuses what is dated into a closed one. Adding a row holds the whole ledger.
    """

    append_only = True

    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=10, choices=MonthState)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("recorded"), db_default=Now())

    class Meta:
        verbose_name = _("closing of a month")
        ordering = ["-month", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1),
                name="month_closing_from_a_first",
                violation_error_message=_("A month is kept as its first day."),
            ),
            models.CheckConstraint(
                condition=Q(state=MonthState.CLOSED) | ~Q(reason=""),
                name="month_reopened_for_a_reason",
                violation_error_message=_("Say why the month is opened again."),
            ),
        ]
        indexes = [models.Index(fields=["month", "-id"], name="month_closing_newest")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.get_state_display()}"
