from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import QuantityField, Record
from shelters.models.places import Shelter
from supply.models import Item

MOST_GRAMS = Decimal(5000)  # more than a person can eat: a slip of the hand


class RationRule(Record):
    """What a person is given a day, from a day on: one rule for all shelters or one for a single one.

    A rule holds until a later one, or until it ends by one of 0 grams; of two from one day the one holds that
    was set last. What was given in the past stays what it was.
    """

    append_only = True

    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    shelter = models.ForeignKey(
        Shelter, models.PROTECT, related_name="rations", null=True, blank=True,
        verbose_name=_("shelter"), help_text=_("Empty: for every shelter."),
    )  # fmt: skip
    grams = QuantityField(verbose_name=_("grams a person and day"))
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("ration")
        ordering = ["item", "-valid_from", "-id"]
        constraints = [models.CheckConstraint(condition=Q(grams__gte=0), name="ration_not_negative")]

    def __str__(self) -> str:
        return f"{self.item.code} {self.valid_from}"
