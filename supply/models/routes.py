from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Right
from core.enums import Holds
from core.models import DisclosureField, QuantityField, Record
from core.sealed import SealedTextField
from supply.enums import Regularity, RouteKind, RouteState


class RouteQuerySet(models.QuerySet["Route"]):
    def visible_to(self, user: User) -> "RouteQuerySet":
        return self.all() if user.may(Right.ROUTES_READ) else self.none()


class Route(Record):
    leak_codes = ("code",)
    leak_published = ("region",)

    kind = models.CharField(_("kind"), max_length=10, choices=RouteKind)
    code = models.CharField(_("code"), max_length=20)
    regularity = models.CharField(_("regularity"), max_length=10, choices=Regularity)
    region = models.CharField(_("publishable region"), max_length=100, blank=True)
    drop_points = SealedTextField(_("drop points"), right=Right.REVEAL_ROUTE)
    couriers = SealedTextField(_("couriers"), right=Right.REVEAL_ROUTE, holds=Holds.CONTACT)
    disclosure = DisclosureField()

    objects = RouteQuerySet.as_manager()

    class Meta:
        verbose_name = _("route")
        ordering = ["kind", "code"]
        constraints = [
            # One code may name a route and a place, or a food and an escape route.
            models.UniqueConstraint(fields=["kind", "code"], name="route_one_code_a_kind")
        ]

    def __str__(self) -> str:
        return self.code


class RouteStatus(Record):
    """What became of a route, and since when: its history, newest last."""

    append_only = True

    route = models.ForeignKey(Route, models.PROTECT, related_name="statuses", verbose_name=_("route"))
    state = models.CharField(_("state"), max_length=10, choices=RouteState)
    since = models.DateField(_("since"))
    cause = models.CharField(_("cause"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("route status")
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["route", "since", "state"], name="route_status_once")]

    def __str__(self) -> str:
        return f"{self.route.code} {self.get_state_display()}"


class RouteTarget(Record):
    """What a route should carry a month, from a month on: kilograms of rice or the equivalent."""

    route = models.ForeignKey(Route, models.PROTECT, related_name="targets", verbose_name=_("route"))
    from_month = models.DateField(_("from month"))
    kilograms_a_month = QuantityField(verbose_name=_("kg a month"))

    class Meta:
        verbose_name = _("route target")
        ordering = ["route", "from_month"]
        constraints = [
            models.UniqueConstraint(fields=["route", "from_month"], name="route_target_one_a_month"),
            models.CheckConstraint(condition=Q(from_month__day=1), name="route_target_from_a_first"),
            models.CheckConstraint(condition=Q(kilograms_a_month__gte=0), name="route_target_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.route.code} {self.from_month:%Y-%m}"
