"""What a shelter's page tells besides stock and people, read with the shelter itself."""

from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject

from shelters.models import Evacuation, Shelter, ShelterStatus
from shelters.selectors.postings import newest_first
from supply import selectors as supply


def with_events(shelters: QuerySet[Shelter]) -> QuerySet[Shelter]:
    """Annotated `evacuation`: the key of the one that runs; `states`: all that it was in (`states_of`)."""
    running = Evacuation.objects.running().filter(shelter=OuterRef("pk")).order_by()
    states = newest_first(ShelterStatus.objects.filter(shelter=OuterRef("pk")))
    told = JSONObject(state="state", since="since", reason="reason")
    return shelters.annotate(
        evacuation=Subquery(running.values("uuid")), states=ArraySubquery(states.values(one=told))
    )


def with_goods(shelters: QuerySet[Shelter]) -> QuerySet[Shelter]:
    """Annotated `arriving`: how many lines are under way; `is_short`: whether an alert is open."""
    lines = supply.arriving_at(OuterRef("store")).order_by().values("destination")
    arriving = Subquery(lines.annotate(lines=Count("pk")).values("lines"), output_field=IntegerField())
    return shelters.annotate(
        arriving=Coalesce(arriving, Value(0)), is_short=Exists(supply.open_alerts_of(OuterRef("store")))
    )


def states_of(shelter: Any) -> list[ShelterStatus]:
    """Of a shelter `with_events`, the newest first."""
    return [
        ShelterStatus(state=one["state"], since=date.fromisoformat(one["since"]), reason=one["reason"])
        for one in shelter.states
    ]
