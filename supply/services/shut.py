"""Where nothing goes: to shelters that are exposed, closed or being evacuated, and over lost routes."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from supply import selectors
from supply.enums import NOT_PASSABLE, RouteState
from supply.models import Consignment, ConsignmentLine, Place, Route
from supply.services.refusals import Refusal


class PlaceIsShut(Refusal):
    """`line`: of the consignment that was packed for the place."""

    about = "destination"

    def __init__(self, place: Place, shut: selectors.Shut, line: ConsignmentLine | None = None) -> None:
        self.place, self.shut, self.line = place, shut, line

    def __str__(self) -> str:
        if self.line is None:
            return _("%(why)s Nothing goes there: choose another place.") % {"why": self.shut}
        return _("%(why)s Nothing goes there: pack 0 for it, or cancel the consignment.") % {"why": self.shut}


class RouteNotPassable(Refusal):
    about = "route"

    def __init__(self, route: Route, state: str) -> None:
        self.route, self.state = route, state

    @property
    def label(self) -> str:
        return str(RouteState(self.state).label)

    def __str__(self) -> str:
        return _("%(route)s is %(state)s: nothing goes over it. Choose another route.") % {
            "route": self.route.code,
            "state": self.label,
        }


def refuse_shut(places: Iterable[Place]) -> None:
    """Raises PlaceIsShut for the first of them to which nothing goes now."""
    wanted = list(places)
    shut = selectors.shut_stores(wanted)
    for place in wanted:
        if place.pk in shut:
            raise PlaceIsShut(place, shut[place.pk])


def refuse_shut_load(lines: Iterable[ConsignmentLine]) -> None:
    """`lines`: those for which something is packed. Raises PlaceIsShut."""
    loaded = list(lines)
    shut = selectors.shut_stores(line.destination for line in loaded)
    for line in loaded:
        if line.destination_id in shut:
            raise PlaceIsShut(line.destination, shut[line.destination_id], line)


def refuse_route(route: Route | None) -> None:
    """Raises RouteNotPassable."""
    state = selectors.route_state(route) if route else None
    if route and state in NOT_PASSABLE:
        raise RouteNotPassable(route, state)


def refuse_journey(consignment: Consignment) -> None:
    """What is packed, over its route. Raises PlaceIsShut, RouteNotPassable."""
    lines = selectors.lines_of(consignment).filter(packed__gt=0)
    refuse_shut_load(lines)
    refuse_route(consignment.route)
