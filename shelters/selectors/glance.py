"""What a shelter's page tells besides stock and people, in one statement that is written once."""

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BigIntegerField,
    Count,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, JSONObject

from core.prepared import Asked, Prepared
from shelters.models import Evacuation, Shelter, ShelterStatus
from shelters.selectors.postings import newest_first
from shelters.selectors.registers import with_heads, with_state
from supply import selectors as supply


def _with_events(shelters: QuerySet[Shelter]) -> QuerySet[Shelter]:
    """Annotated `evacuation`: the key of the one that runs; `states`: all that it was in (`states_of`)."""
    running = Evacuation.objects.running().filter(shelter=OuterRef("pk")).order_by()
    states = newest_first(ShelterStatus.objects.filter(shelter=OuterRef("pk")))
    told = JSONObject(state="state", since="since", reason="reason")
    return shelters.annotate(
        evacuation=Subquery(running.values("uuid")), states=ArraySubquery(states.values(one=told))
    )


def _with_goods(shelters: QuerySet[Shelter]) -> QuerySet[Shelter]:
    """Annotated `arriving`: how many lines are under way; `is_short`: whether an alert is open."""
    lines = supply.arriving_at(OuterRef("store")).order_by().values("destination")
    arriving = Subquery(lines.annotate(lines=Count("pk")).values("lines"), output_field=IntegerField())
    return shelters.annotate(
        arriving=Coalesce(arriving, Value(0)), is_short=Exists(supply.open_alerts_of(OuterRef("store")))
    )


_NOW = Asked("now", DateTimeField())


def _one() -> QuerySet[Shelter]:
    asked = Shelter.objects.filter(pk=Asked("shelter", BigIntegerField())).select_related("store")
    return _with_events(with_state(asked, _NOW))


_GLANCE = Prepared(_one)
_GLANCE_WITH_GOODS = Prepared(lambda: _with_goods(with_heads(_one(), _NOW)))


def glance(shelter: int, now: datetime, *, with_goods: bool) -> Any:
    """The shelter of this key with its store, `state` and all its `states`, and the `evacuation` that runs.

    `with_goods`: also its `heads` (`with_heads`), how many lines are `arriving`, and whether it `is_short`.
    The caller has seen to it that it may be shown.
    """
    (found,) = (_GLANCE_WITH_GOODS if with_goods else _GLANCE).rows(shelter=shelter, now=now)
    return found


def states_of(shelter: Any) -> list[ShelterStatus]:
    """Of a shelter at a `glance`, the newest first."""
    return [
        ShelterStatus(state=one["state"], since=date.fromisoformat(one["since"]), reason=one["reason"])
        for one in shelter.states
    ]
