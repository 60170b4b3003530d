from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from core.models import DayAt
from shelters.enums import ShelterState
from shelters.models import Evacuation, Shelter
from shelters.selectors.registers import with_state
from supply import selectors as supply
from supply.enums import ShutBy

NEWS = timedelta(days=7)  # as long first pages tell of a danger after it was said


def shut_stores(places: Iterable[int] | None) -> dict[int, tuple[str, ShutBy, date]]:
    """Key of a store → its code, why nobody sends anything there now, and since when.

    `places`: keys of places of the ledger; None: every store. Only of shelters that the reader may see.
    """
    shut = _shut()
    if places is not None:
        shut = shut.filter(store__in=list(places))
    return {one.store_id: (one.store.code, *_why(one)) for one in shut.select_related("store")}


def _shut() -> QuerySet[Shelter]:
    running = Evacuation.objects.running().filter(shelter=OuterRef("pk")).values("started_at")
    shelters = with_state(Shelter.objects.order_by("code"), DayAt(OuterRef("time_zone")))
    shelters = shelters.annotate(left_on=DayAt(F("time_zone"), Subquery(running[:1])))
    is_closed = Q(state=ShelterState.CLOSED) | Q(closed_on__lte=DayAt(F("time_zone")))
    return shelters.filter(is_closed | Q(state=ShelterState.EXPOSED) | Q(left_on__isnull=False))


def why_shut() -> dict[int, supply.Shut]:
    """Key of a shelter that the reader may see → why nobody goes there now; also for who sees no stores."""
    return {one.pk: supply.Shut(one.code, *_why(one)) for one in _shut()}


def dangers(shut: Mapping[int, supply.Shut], today: date) -> list[supply.Shut]:
    """Of what `why_shut` says: evacuations that run, and exposures that are news; by code."""
    return [
        one
        for one in shut.values()
        if one.why == ShutBy.EVACUATED or (one.why == ShutBy.EXPOSED and one.since > today - NEWS)
    ]


def newly_at_risk(today: date) -> QuerySet[Shelter]:
    """What is news, by code; each with its `state_since`."""
    shelters = with_state(Shelter.objects.order_by("code"), DayAt(OuterRef("time_zone")))
    return shelters.filter(state=ShelterState.AT_RISK, state_since__gt=today - NEWS)


def mark_shut(lines: Collection[Any]) -> dict[Shelter, supply.Shut]:
    """Each line's `shelter.shut`: why nobody and nothing goes there now, or None; those alone, by code.

    One query. The caller has seen to it that the shelters may be shown.
    """
    shut = shut_stores({line.shelter.store_id for line in lines})
    found: dict[Shelter, supply.Shut] = {}
    for line in lines:
        told = shut.get(line.shelter.store_id)
        line.shelter.shut = supply.Shut(line.shelter.code, *told[1:]) if told else None
        if told:
            found[line.shelter] = line.shelter.shut
    return dict(sorted(found.items(), key=lambda one: one[0].code))


def _why(shelter: Shelter) -> tuple[ShutBy, date]:
    """Of a shelter with its `state`, `state_since` and `left_on`."""
    state, since, left_on = (getattr(shelter, name) for name in ("state", "state_since", "left_on"))
    if left_on is not None:
        return ShutBy.EVACUATED, left_on
    if state == ShelterState.EXPOSED:
        return ShutBy.EXPOSED, since
    # What says it first: its last day may be written for later, or the state have been said afterwards.
    said = [shelter.closed_on, since if state == ShelterState.CLOSED else None]
    return ShutBy.CLOSED, min(day for day in said if day)
