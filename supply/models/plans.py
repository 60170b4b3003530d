from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Right
from core.models import QuantityField, Record
from supply.models.items import Item
from supply.models.places import Place
from supply.models.routes import Route


class StandingPlanQuerySet(models.QuerySet["StandingPlan"]):
    def visible_to(self, user: User) -> "StandingPlanQuerySet":
        return self.all() if user.may(Right.ROUTES_READ) else self.none()

    def in_force(self, month: date) -> "StandingPlanQuerySet":
        """`month`: its first day."""
        return self.filter(Q(until_month__isnull=True) | Q(until_month__gte=month), from_month__lte=month)


class StandingPlan(Record):
    """What a route carries each month: it makes a draft of a consignment for the next month."""

    route = models.ForeignKey(Route, models.PROTECT, related_name="plans", verbose_name=_("route"))
    source = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("from"))
    day = models.PositiveSmallIntegerField(_("day of the month"))
    from_month = models.DateField(_("from month"))
    until_month = models.DateField(_("until month"), null=True, blank=True)
    key = models.UUIDField()

    objects = StandingPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing plan")
        ordering = ["route", "day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="standing_plan_one_per_key"),
            models.CheckConstraint(
                condition=Q(day__gte=1, day__lte=28),
                name="standing_plan_on_a_day_of_every_month",
                violation_error_message=_("Choose a day from 1 to 28: every month has those."),
            ),
            models.CheckConstraint(
                condition=Q(from_month__day=1) & (Q(until_month__isnull=True) | Q(until_month__day=1)),
                name="standing_plan_of_whole_months",
            ),
            models.CheckConstraint(
                condition=Q(until_month__isnull=True) | Q(until_month__gte=F("from_month")),
                name="standing_plan_ends_after_it_starts",
                violation_error_message=_("The last month lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.route.code} {self.day}"


class StandingPlanLine(Record):
    """So much of an item to one place, each month."""

    plan = models.ForeignKey(
        StandingPlan, models.PROTECT, related_name="lines", verbose_name=_("standing plan")
    )
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    destination = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("to"))
    quantity = QuantityField(verbose_name=_("quantity"))
    typed = models.CharField(_("as typed"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("line of a standing plan")
        ordering = ["plan", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="standing_plan_line_carries_something",
                violation_error_message=_("Plan an amount above zero."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.item.code} → {self.destination.code}"
