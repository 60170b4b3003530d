"""Stores to which nothing goes now: what the app that keeps the shelters says of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from supply.enums import NOT_PASSABLE, UNDER_WAY, PlaceKind, ShutBy
from supply.models import Consignment, ConsignmentLine, Place
from supply.selectors.routes import states_said


@dataclass(frozen=True)
class Shut:
    """`place`: the code of the store; `since`: the day of there."""

    place: str
    why: ShutBy
    since: date

    def __str__(self) -> str:
        words = {"place": self.place, "day": date_format(self.since)}
        match self.why:
            case ShutBy.EXPOSED:
                return _("%(place)s was exposed on %(day)s.") % words
            case ShutBy.CLOSED:
                return _("%(place)s was closed on %(day)s.") % words
            case ShutBy.EVACUATED:
                return _("The evacuation of %(place)s began on %(day)s.") % words


def shut_stores(places: Iterable[Place] | None = None) -> dict[int, Shut]:
    """Key of a place → why nothing goes there. None: of all that the reader may know; one query."""
    keys = None if places is None else [place.pk for place in places if place.kind == PlaceKind.STORE]
    if keys == []:
        return {}
    return {key: Shut(*told) for key, told in import_string(settings.SHUT_STORES)(keys).items()}


def with_danger(consignments: QuerySet[Consignment]) -> QuerySet[Consignment]:
    """Annotated `in_danger`: part of it goes to a store to which nothing goes now, or over a lost route."""
    still = ConsignmentLine.objects.filter(
        consignment=OuterRef("pk"), sent__gt=F("received") + F("lost") + F("returned")
    )
    shut = Exists(still.filter(destination__in=[*shut_stores()]))
    newest = states_said(OuterRef("route")).values("state")[:1]
    danger = Q(shut) | (Q(Exists(still)) & Q(route_now__in=NOT_PASSABLE))
    return consignments.alias(route_now=Subquery(newest)).annotate(
        in_danger=Case(When(danger, then=True), default=False, output_field=BooleanField())
    )


def consignments_under_way_to(place: Place) -> QuerySet[Consignment]:
    """With something for the place that is still on the road; the first planned first."""
    still = ConsignmentLine.objects.filter(
        destination=place, sent__gt=F("received") + F("lost") + F("returned")
    )
    found = Consignment.objects.filter(state__in=UNDER_WAY, pk__in=still.values("consignment"))
    return found.order_by("planned_on", "id")
