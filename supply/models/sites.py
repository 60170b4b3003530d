import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from accounts.permissions import Right
from core.enums import Holds
from core.models import Record
from core.sealed import SealedTextField
from supply.enums import SiteKind
from supply.models.places import Place
from supply.models.routes import Route


class RouteSiteQuerySet(models.QuerySet["RouteSite"]):
    def visible_to(self, user: User) -> "RouteSiteQuerySet":
        return self.all() if user.may(Right.ROUTES_READ) else self.none()

    def on(self, day: date) -> "RouteSiteQuerySet":
        """Those the route passes on this day."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class RouteSite(Record):
    """A stop of a route: a place of ours, a recipient, or a point known by a code name alone.

    `position`: 1 is the first stop; those that ended keep theirs, so the whole way stays in one order.
    `until`: the last day; without one the route passes there still.
    """

    sealed_under = "route"
    leak_codes = ("name",)
    leak_codes_of = {"name__gt": ""}

    route = models.ForeignKey(Route, models.PROTECT, related_name="sites", verbose_name=_("route"))
    position = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=10, choices=SiteKind)
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("place")
    )
    name = models.CharField(_("code name"), max_length=20, blank=True)
    whereabouts = SealedTextField(_("where it is"), right=Right.REVEAL_ROUTE, holds=Holds.ADDRESS)
    since = models.DateField(_("since"))
    until = models.DateField(pgettext_lazy("days", "to"), null=True, blank=True)
    # Of the form: the same submit twice is one row. It stays with the site, and so does its route
    # (supply/migrations/0018_sites_keep_their_key.py): the workbook knows the site by both.
    key = models.UUIDField(default=uuid.uuid4)

    objects = RouteSiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site of a route")
        ordering = ["route", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                name="route_site_one_per_key",
                violation_error_message=_(
                    "Another site has this number. Give this one a number of its own, or its own route."
                ),
            ),
            models.UniqueConstraint(
                fields=["route", "position"],
                name="route_site_one_a_position",
                deferrable=models.Deferrable.DEFERRED,  # the others move up one by one
                violation_error_message=_("Another site of the route stands at this position."),
            ),
            models.UniqueConstraint(
                fields=["route", "place", "name"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                name="route_site_once_a_route",
                violation_error_message=_("The route has this site already."),
            ),
            models.CheckConstraint(
                condition=Q(place__isnull=False, name="") | (Q(place__isnull=True) & ~Q(name="")),
                name="route_site_is_a_place_or_a_name",
                violation_error_message=_("Choose a place, or write a code name; not both."),
            ),
            models.CheckConstraint(
                condition=~Q(kind=SiteKind.RECIPIENT) | Q(place__isnull=False),
                name="route_site_recipient_is_registered",
                violation_error_message=_("Choose the recipient of the list."),
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1),
                name="route_site_counted_from_one",
                violation_error_message=_("The first site has the position 1."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="route_site_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.route.code} {self.position}"

    @property
    def named(self) -> str:
        """As its place is named, or by its own code name."""
        return self.place.named if self.place else self.name
