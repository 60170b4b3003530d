"""The stops of a route, in their order and with their days; and what a route is."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from core.services import is_as_told, save_record
from supply.enums import PlaceKind, SiteKind
from supply.models import Place, Route, RouteSite
from supply.services.ledger import refuse_day
from supply.services.refusals import CodeTaken, KeyAlreadyUsed, Refusal, WrongPlace

_NOWHERE = 32_767  # the largest that a position can be; no route has so many sites
PLACES_OF_SITES = (PlaceKind.STORE, PlaceKind.WAREHOUSE, PlaceKind.RECIPIENT)


class PlaceOrName(Refusal):
    about = "name"

    def __str__(self) -> str:
        return _("Choose a place, or write a code name; not both.")


class SiteOnRouteAlready(Refusal):
    about = "name"

    def __str__(self) -> str:
        return _("The route has this site already.")


class KindOfAnotherPlace(Refusal):
    about = "kind"

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __str__(self) -> str:
        if self.kind == SiteKind.RECIPIENT:
            return _("Choose the recipient of the list.")
        return _("This place is a recipient. Choose that kind.")


def refuse_site(kind: str, place: Place | None, name: str) -> None:
    """Raises PlaceOrName, WrongPlace, KindOfAnotherPlace."""
    if (place is None) == (not name):
        raise PlaceOrName
    if place is not None and place.kind not in PLACES_OF_SITES:
        raise WrongPlace(place)
    is_recipients = place is not None and place.kind == PlaceKind.RECIPIENT
    if is_recipients != (kind == SiteKind.RECIPIENT):
        raise KindOfAnotherPlace(kind)


@transaction.atomic
def add_route_site(
    *,
    by: User,
    route: Route,
    kind: str,
    place: Place | None = None,
    name: str = "",
    after: RouteSite | None,
    since: date,
    whereabouts: str = "",
    today: date,
    key: UUID,
) -> RouteSite:
    """A stop from a day on, behind another one; without one it is the first. The same key again: the first.

    Raises KeyAlreadyUsed, PlaceOrName, WrongPlace, KindOfAnotherPlace, SiteOnRouteAlready, DayNotAllowed.
    """
    Route.objects.select_for_update().get(pk=route.pk)
    name = name.strip()
    told: dict[str, Any] = {"kind": kind, "place": place, "name": name, "since": since}
    told["whereabouts"] = whereabouts.strip()
    first = RouteSite.objects.filter(key=key).first()
    if first is not None:
        if not is_as_told(first, told | {"route": route}):
            raise KeyAlreadyUsed
        return first
    refuse_site(kind, place, name)
    refuse_day(since, today, any_day=True)
    known = RouteSite.objects.filter(route=route, place=place, name=name)
    if known.filter(Q(until__isnull=True) | Q(until__gte=since)).exists():
        raise SiteOnRouteAlready
    site = RouteSite(route=route, key=key)
    return save_record(
        by=by, record=site, action="route.site_added", position=_make_room(site, after), **told
    )


@transaction.atomic
def change_route_site(
    *, by: User, site: RouteSite, kind: str, after: RouteSite | None, whereabouts: str = ""
) -> RouteSite:
    """Another kind or another position. `whereabouts` empty: as it was. Raises KindOfAnotherPlace."""
    _hold(site)
    refuse_site(kind, site.place, site.name)
    values: dict[str, Any] = {"kind": kind, "position": _make_room(site, after)}
    if whereabouts.strip():
        values["whereabouts"] = whereabouts.strip()
    return save_record(by=by, record=site, action="route.site_changed", **values)


@transaction.atomic
def end_route_site(*, by: User, site: RouteSite, until: date | None) -> RouteSite:
    """`until`: the last day; None: the route passes there still. Raises ValidationError."""
    _hold(site)
    return save_record(by=by, record=site, action="route.site_ended", until=until)


def _hold(site: RouteSite) -> None:
    """Nobody else moves a site of its route; it is read anew, for others may have moved it meanwhile."""
    Route.objects.select_for_update().get(pk=site.route_id)
    site.refresh_from_db()


def _make_room(site: RouteSite, after: RouteSite | None) -> int:
    """The position behind `after`, once all others of the route stand where they belong."""
    others = list(RouteSite.objects.filter(route=site.route_id).exclude(pk=site.pk).order_by("position"))
    place = next((number for number, one in enumerate(others, 1) if one == after), 0)
    for number, one in enumerate(others, 1):
        position = number + (number > place)
        if one.position != position:
            one.position = position
            one.save(update_fields=["position"])
    return place + 1


def leave_positions(*, sites: Iterable[Any]) -> None:
    """Within the transaction all stand at one far position, until each is saved at its own again.

    The records in memory keep the old one, so that the trail of the saving says from where each moved.
    """
    RouteSite.objects.filter(pk__in=[site.pk for site in sites]).update(position=_NOWHERE)


# --- the route itself --------------------------------------------------------------------------------------


@transaction.atomic
def add_route(*, by: User, kind: str, code: str, regularity: str, region: str, **sealed: str) -> Route:
    """`sealed`: `drop_points`, `couriers`. The same form again is the same route. Raises CodeTaken."""
    values = {"kind": kind, "code": code, "regularity": regularity, "region": region} | sealed
    same = Route.objects.filter(kind=kind, code=code).first()
    if same is not None:
        if not is_as_told(same, values):
            raise CodeTaken
        return same
    return _named(by, Route(), "route.added", "", values)


@transaction.atomic
def change_route(*, by: User, route: Route, reason: str, **values: str) -> Route:
    """Another kind, regularity, region; a sealed text that is empty stays as it was. Raises CodeTaken."""
    Route.objects.select_for_update().get(pk=route.pk)
    route.refresh_from_db()  # what a colleague sealed meanwhile is not written over
    kept = {"drop_points", "couriers"}
    told = {name: value for name, value in values.items() if value or name not in kept}
    return _named(by, route, "route.changed", reason, told)


def _named(by: User, route: Route, action: str, reason: str, values: dict[str, str]) -> Route:
    try:
        return save_record(by=by, record=route, action=action, reason=reason, **values)
    except ValidationError as error:
        raise CodeTaken from error
