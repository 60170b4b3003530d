"""Stores to which nothing goes now: what the app that keeps the shelters says of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.formats import date_format
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from supply.enums import BEFORE_SENDING, NOT_PASSABLE, UNDER_WAY, Danger, PlaceKind, ShutBy
from supply.models import Consignment, ConsignmentLine, Place
from supply.selectors.routes import states_said

_STILL = Q(sent__gt=F("received") + F("lost") + F("returned"))
_WAITS = Q(packed=None) | Q(packed__gt=0)


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
    """Annotated `danger`: CALL, part of it is under way to a store to which nothing goes, or over a lost
    route; HOLD, it would go there or that way; else empty."""
    lines = ConsignmentLine.objects.filter(consignment=OuterRef("pk"))
    shut, lost = Q(destination__in=[*shut_stores()]), Q(route_now__in=NOT_PASSABLE)
    goes = Exists(lines.filter(_STILL & shut)) | (Q(Exists(lines.filter(_STILL))) & lost)
    would_go = Exists(lines.filter(_WAITS & shut)) | lost
    danger = Case(
        When(goes, then=Value(Danger.CALL)),
        When(Q(state__in=BEFORE_SENDING) & would_go, then=Value(Danger.HOLD)),
        default=Value(""),
        output_field=CharField(),
    )
    newest = states_said(OuterRef("route")).values("state")[:1]
    return consignments.alias(route_now=Subquery(newest)).annotate(danger=danger)


def shut_ends(consignment: Consignment, lines: Iterable[ConsignmentLine]) -> list[Shut]:
    """Where it was to go and nothing may go now; nothing of what has ended."""
    if consignment.state in UNDER_WAY:
        ends = {line.destination for line in lines if line.outstanding}
    elif consignment.state in BEFORE_SENDING:
        ends = {line.destination for line in lines if line.packed != 0}
    else:
        return []
    return sorted(shut_stores(ends).values(), key=lambda one: one.place)


def consignments_under_way_to(place: Place) -> QuerySet[Consignment]:
    """With something for the place that is still on the road; the first planned first."""
    still = ConsignmentLine.objects.filter(_STILL, destination=place)
    found = Consignment.objects.filter(state__in=UNDER_WAY, pk__in=still.values("consignment"))
    return found.order_by("planned_on", "id")


def consignments_waiting_for(place: Place) -> QuerySet[Consignment]:
    """Planned or packed, with something for the place; the first planned first."""
    waits = ConsignmentLine.objects.filter(_WAITS, destination=place)
    found = Consignment.objects.filter(state__in=BEFORE_SENDING, pk__in=waits.values("consignment"))
    return found.order_by("planned_on", "id")
