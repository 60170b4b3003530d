"""What a log-in could see of shelters and residents (accounts.exposure)."""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.exposure import Item, Kind, Sight
from accounts.models import User
from accounts.permissions import Right
from core.models import TokyoToday
from shelters import selectors
from shelters.models import Posting, Resident, Shelter, Stay


def _shelters(sight: Sight) -> list[Item]:
    """Field staff: where they were posted on these days, also where they see nothing any more."""
    if sight.user.role != RoleName.FIELD_STAFF:
        by_code = Shelter.objects.visible_to(sight.user).values_list("uuid", "code")
        return [Item(uuid, code, is_close=False) for uuid, code in by_code]
    days: dict[Shelter, int] = {}
    for posting in _postings(sight).select_related("shelter"):
        days[posting.shelter] = days.get(posting.shelter, 0) + _days_inside(posting, sight)
    return [Item(shelter.uuid, shelter.code, days=number) for shelter, number in days.items()]


def _postings(sight: Sight) -> QuerySet[Posting]:
    return Posting.objects.filter(user=sight.user, days__overlap=_days(sight))


def _days(sight: Sight) -> DateRange:
    return DateRange(sight.first, _day_after(sight.last))


def _days_inside(posting: Posting, sight: Sight) -> int:
    end = _day_after(sight.last)
    return (min(posting.days.upper or end, end) - max(posting.days.lower, sight.first)).days


def _day_after(day: date) -> date:
    return day + timedelta(days=1)


def _residents(sight: Sight) -> list[Item]:
    """As `visible_to`: whoever stays, stayed or is expected at a shelter they could see, and whom they wrote
    down."""
    if not sight.user.may(Right.RESIDENTS_READ):
        return []
    shelters = _postings(sight).values("shelter")
    stays = Stay.objects.filter(shelter__in=shelters, cancelled_at__isnull=True)
    found = Resident.objects.filter(Q(pk__in=stays.values("resident")) | Q(registered_by=sight.user))
    here = Stay.objects.filter(resident=OuterRef("pk"), is_planned=False, nights__contains=TokyoToday())
    with_place = found.annotate(place=Subquery(here.values("shelter__code")[:1]))
    rows = with_place.values_list("uuid", "code", "place")
    return [Item(uuid, code, place=place or "") for uuid, code, place in rows]


def _posted_at(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
    shelters = dict(Shelter.objects.filter(uuid__in=uuids).values_list("pk", "uuid"))
    posted = selectors.posted_now(shelters)
    return {uuid: posted.get(key, []) for key, uuid in shelters.items()}


def _posted_with(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
    """Who is posted where the resident stays tonight."""
    stays = Stay.objects.filter(resident__uuid__in=uuids, is_planned=False, nights__contains=TokyoToday())
    place = dict(stays.values_list("resident__uuid", "shelter"))
    posted = selectors.posted_now(set(place.values()))
    return {uuid: posted.get(shelter, []) for uuid, shelter in place.items()}


SHELTERS = Kind("shelters.shelter", _("shelters"), _shelters, _posted_at)
RESIDENTS = Kind("shelters.resident", _("residents"), _residents, _posted_with)
