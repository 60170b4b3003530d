from decimal import Decimal

from django.db import models
from django.db.models import DecimalField, F, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.models import AmountField, CurrencyField, Record
from core.money import Money
from donations.models import Donation
from foster.models.sponsorships import Sponsorship

NOTHING = Value(0, output_field=DecimalField(max_digits=18, decimal_places=4))


class DueQuerySet(models.QuerySet["Due"]):
    def with_paid(self) -> "DueQuerySet":
        """Annotates `paid` and `open` in the due's currency."""
        paid = Coalesce(Sum("allocations__amount"), NOTHING)
        return self.annotate(paid=paid, open=F("amount") - paid)

    def visible_to(self, user: User) -> "DueQuerySet":
        return self.filter(sponsorship__in=Sponsorship.objects.visible_to(user))


class Due(Record):
    """What a sponsorship owes for a month; the amount is copied from the rate of that month."""

    sponsorship = models.ForeignKey(
        Sponsorship, models.PROTECT, related_name="dues", verbose_name=_("sponsorship")
    )
    month = models.DateField(_("month"))
    amount = AmountField(verbose_name=_("amount"))
    currency = CurrencyField()

    # Annotated by `with_paid`.
    paid: Decimal
    open: Decimal

    objects = DueQuerySet.as_manager()

    class Meta:
        verbose_name = _("due")
        ordering = ["month", "sponsorship"]
        constraints = [
            models.UniqueConstraint(fields=["sponsorship", "month"], name="due_once_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="due_month_is_a_first"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="due_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.sponsorship.code} {self.month:%Y-%m}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class Allocation(Record):
    """The part of a payment that settles a due. A trigger keeps Σ ≤ payment and Σ ≤ due."""

    deletable = True

    due = models.ForeignKey(Due, models.PROTECT, related_name="allocations", verbose_name=_("due"))
    donation = models.ForeignKey(Donation, models.PROTECT, related_name="+", verbose_name=_("payment"))
    amount = AmountField(verbose_name=_("amount"))

    class Meta:
        verbose_name = _("allocation")
        ordering = ["due"]
        constraints = [
            models.UniqueConstraint(fields=["due", "donation"], name="allocation_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.due_id} {self.donation_id}"
