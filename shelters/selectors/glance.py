"""What a shelter's page tells besides stock and people, in one statement that is written once."""

from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    Count,
    DateTimeField,
    Exists,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Coalesce, JSONObject
from django.utils.timezone import localdate

from accounts.asking import PreparedFor
from accounts.models import User
from core.prepared import Asked
from shelters.models import Evacuation, Shelter, ShelterStatus
from shelters.selectors.nights import heads_told
from shelters.selectors.postings import newest_first
from shelters.selectors.registers import with_told
from supply import selectors as supply


def _with_events(shelters: QuerySet[Shelter]) -> QuerySet[Shelter]:
    """Annotated `evacuation`: the key of the one that runs; `left`: keys and ends of those that are over, the
    newest first; `states`: all that it was in (`states_of`)."""
    running = Evacuation.objects.running().filter(shelter=OuterRef("pk")).order_by()
    over = Evacuation.objects.filter(shelter=OuterRef("pk"), finished_at__isnull=False).order_by("-id")
    ended = JSONObject(uuid="uuid", finished_at="finished_at")
    states = newest_first(ShelterStatus.objects.filter(shelter=OuterRef("pk")))
    told = JSONObject(state="state", since="since", reason="reason")
    return shelters.annotate(
        evacuation=Subquery(running.values("uuid")),
        left=ArraySubquery(over.values(one=ended)),
        states=ArraySubquery(states.values(one=told)),
    )


def _with_goods(shelters: QuerySet[Shelter]) -> QuerySet[Shelter]:
    """Annotated `arriving`: how many lines are under way; `is_short`: whether an alert is open; whom the
    person handed on to where nobody goes now, as `guests_in_danger`."""
    lines = supply.arriving_at(OuterRef("store")).order_by().values("destination")
    arriving = Subquery(lines.annotate(lines=Count("pk")).values("lines"), output_field=IntegerField())
    return shelters.annotate(
        arriving=Coalesce(arriving, Value(0)),
        is_short=Exists(supply.open_alerts_of(OuterRef("store"))),
        guests_in_danger=Func(function="shelters_guests_in_danger", output_field=ArrayField(TextField())),
    )


_NOW = Asked("now", DateTimeField())


def _one(person: Any) -> QuerySet[Shelter]:
    asked = Shelter.objects.visible_to(person).filter(uuid=Asked("uuid", UUIDField())).select_related("store")
    return _with_events(asked)


_GLANCE = PreparedFor(_one)
_GLANCE_WITH_GOODS = PreparedFor(lambda person: _with_goods(with_told(_one(person), _NOW)))


def glance(user: User, uuid: UUID, now: datetime, *, with_goods: bool) -> Any:
    """The shelter with its store, its `state` today and all its `states`, the `evacuation` that runs, and of
    those that are over the UUID and the moment (`left_at`).

    None: it is not there, or not for this person. `with_goods`: also its `heads`, how many of them are only
    counted (`others`) and how many there are `over` its places, as `with_heads` counts them; how many lines
    are `arriving`, and whether it `is_short`.
    """
    asked = _GLANCE_WITH_GOODS if with_goods else _GLANCE
    found: Any = asked.first(user, uuid=uuid, now=now)
    if found is None:
        return None
    found.left_at = [(one["uuid"], datetime.fromisoformat(one["finished_at"])) for one in found.left]
    today = localdate(now, ZoneInfo(found.time_zone))
    found.state = next((one.state for one in states_of(found) if one.since <= today), None)
    if with_goods:
        found.heads = heads_told(found, today)
        found.others = max(0, found.heads - found.staying)
        found.over = max(0, found.heads - found.usable_places)
    return found


def states_of(shelter: Any) -> list[ShelterStatus]:
    """Of a shelter at a `glance`, the newest first."""
    return [
        ShelterStatus(state=one["state"], since=date.fromisoformat(one["since"]), reason=one["reason"])
        for one in shelter.states
    ]
