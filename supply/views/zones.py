"""The day of a page about one of our places: that of the shelter whose store it is, else the office's."""

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from supply.enums import PlaceKind
from supply.models import Place


def enter(*places: Place) -> None:
    """Of several places the one whose day is the earliest. Ends with the request."""
    stores = [place.pk for place in places if place.kind == PlaceKind.STORE]
    if not stores:
        timezone.deactivate()
        return
    known = import_string(settings.ZONES_OF_STORES)(stores)
    zones = {known.get(place.pk, settings.TIME_ZONE) for place in places}
    timezone.activate(min(zones, key=_today_in))


def enter_shared(places: Iterable[Place]) -> None:
    """A list of what is at several places: the time zone that all of them share, else the office's."""
    kinds = {place.pk: place.kind for place in places}
    known = import_string(settings.ZONES_OF_STORES)(
        [key for key, kind in kinds.items() if kind == PlaceKind.STORE]
    )
    zones = {known.get(key, settings.TIME_ZONE) for key in kinds}
    if len(zones) == 1:
        timezone.activate(zones.pop())


def _today_in(zone: str) -> date:
    return timezone.localdate(timezone=ZoneInfo(zone))
