from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.models import Record


class LedgerCheck(Record):
    """The ledger was added up anew: how many differences to the balances there were. It names none."""

    append_only = True

    at = models.DateTimeField(_("checked"), db_default=Now())
    differences = models.PositiveIntegerField(_("differences"))

    class Meta:
        verbose_name = _("check of the ledger")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.differences)
