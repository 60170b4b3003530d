"""Incidents with their numbers, their effects, and those of a span of days."""

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from shelters.enums import IncidentStep
from shelters.models import Incident, IncidentNote, IncidentPayment, IncidentPeople, ShelterStatus
from supply import selectors as supply

if TYPE_CHECKING:
    from accounts.models import User
    from supply.models import RouteStatus


def incidents(user: "User") -> QuerySet[Incident]:
    """With people and payments; annotated `is_mistake`: recorded by mistake, does not count."""
    taken_back = IncidentNote.objects.filter(incident=OuterRef("pk"), step=IncidentStep.MISTAKE)
    found = Incident.objects.visible_to(user).select_related("shelter", "route")
    people = IncidentPeople.objects.select_related("by", "corrected_by__by")
    payments = IncidentPayment.objects.select_related("paid_from", "corrected_by__by")
    return found.annotate(is_mistake=Exists(taken_back)).prefetch_related(
        Prefetch("people", people), Prefetch("payments", payments)
    )


def timeline(incident: Incident) -> QuerySet[IncidentNote]:
    """Its lines as they happened; their words stay sealed."""
    return incident.notes.select_related("by", "incident")


def effects(incident: Incident) -> "list[ShelterStatus | RouteStatus]":
    """Those that the reader may see: not everybody knows of routes."""
    linked = incident.effects.select_related("shelter_status__shelter", "route_status__route")
    return [state for effect in linked if (state := effect.shelter_status or effect.route_status)]


def states_to_link(incident: Incident, *, anew: bool = False) -> "list[ShelterStatus | RouteStatus]":
    """Changes of state since the incident began that no incident is linked to, of its shelter and route.

    `anew`: also those that it is linked to itself, for a form that is sent a second time.
    """
    free: list = []
    if incident.shelter_id:
        changed = ShelterStatus.objects.filter(shelter=incident.shelter_id, since__gte=incident.starts_on)
        is_free = Q(caused_by__isnull=True) | (Q(caused_by__incident=incident) if anew else Q())
        free += changed.filter(is_free).select_related("shelter")
    if incident.route_id:
        linked = Incident.objects.filter(effects__route_status__isnull=False)
        if anew:
            linked = linked.exclude(pk=incident.pk)
        taken = set(linked.values_list("effects__route_status", flat=True))
        since = supply.statuses_since(incident.route_id, incident.starts_on)
        free += [status for status in since if status.pk not in taken]
    return free


# --- for the annual report ---------------------------------------------------------------------------------


def incidents_between(first: date, last: date) -> QuerySet[Incident]:
    """Begun on these days, both inside; without those recorded by mistake."""
    return Incident.objects.that_count().filter(starts_on__range=(first, last))
