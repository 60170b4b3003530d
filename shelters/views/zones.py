"""Days and times of a page are those of the shelter that it is about, until the request ends."""

from django.http import HttpRequest
from django.utils import timezone

from accounts.enums import RoleName
from shelters import selectors
from shelters.models import Shelter


def enter(shelter: Shelter) -> Shelter:
    """From here on today is the shelter's day; `core.middleware.office_time` ends it."""
    timezone.activate(shelter.time_zone)
    return shelter


def enter_own(request: HttpRequest) -> None:
    """A form without a shelter: field staff whose shelters share one time zone are in it, all others in the
    office's."""
    if request.user.role != RoleName.FIELD_STAFF:
        return
    zones = selectors.zones_of(request.user)
    if len(zones) == 1:
        timezone.activate(zones.pop())
