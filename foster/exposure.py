"""What a log-in could see of children, their updates and their sponsors (accounts.exposure)."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.exposure import Item, Kind, Sight, call, listed
from accounts.models import User
from accounts.permissions import Right
from foster.enums import UpdateState
from foster.models import Child, ChildUpdate, Sponsor, Sponsorship, UpdatePhoto
from shelters import selectors as shelters


def _of_sight(sight: Sight) -> QuerySet[Child]:
    """A sponsor: the children of sponsorships that ran on one of these days. Field staff: those at the
    shelters where they were posted then."""
    if sight.user.may(Right.CHILDREN_NEAR):
        days = DateRange(sight.first, sight.last + timedelta(days=1))
        at = {"shelter__postings__user": sight.user, "shelter__postings__days__overlap": days}
        return Child.objects.filter(**at).distinct()
    if not sight.user.may(Right.PORTAL):
        return Child.objects.visible_to(sight.user)
    still_there = Q(ended_on__isnull=True) | Q(ended_on__gt=sight.first)
    ran = Sponsorship.objects.filter(still_there, sponsor__user=sight.user, started_on__lte=sight.last)
    return Child.objects.filter(pk__in=ran.values("child"))


def _children(sight: Sight) -> list[Item]:
    rows = _of_sight(sight).values_list("uuid", "code", "shelter__code")
    return [Item(uuid, code, place=place or "") for uuid, code, place in rows]


def _updates_of(sight: Sight) -> QuerySet[ChildUpdate]:
    mine = ChildUpdate.objects.filter(child__in=_of_sight(sight))
    if sight.user.may(Right.UPDATES_WRITE):
        return mine
    return mine.filter(state=UpdateState.PUBLISHED) if sight.user.may(Right.PORTAL) else mine.none()


def _updates(sight: Sight) -> list[Item]:
    rows = _updates_of(sight).values_list("uuid", "child__code", "written_on")
    return [Item(uuid, f"{child} {day}") for uuid, child, day in rows]


def _photos(sight: Sight) -> list[Item]:
    photos = UpdatePhoto.objects.filter(update__in=_updates_of(sight))
    rows = photos.values_list("uuid", "update__child__code", "update__written_on", "position")
    return [Item(uuid, f"{child} {day} #{position + 1}") for uuid, child, day, position in rows]


def _sponsors(sight: Sight) -> list[Item]:
    return listed(Sponsor.objects.visible_to(sight.user))


def _posted_with(uuids: Iterable[UUID]) -> dict[UUID, list[User]]:
    """Who is posted at the child's shelter; where it lives in none, nobody is known."""
    place = dict(Child.objects.filter(uuid__in=uuids, shelter__isnull=False).values_list("uuid", "shelter"))
    posted = shelters.posted_now(set(place.values()))
    return {uuid: posted.get(shelter, []) for uuid, shelter in place.items()}


CHILDREN = Kind("foster.child", _("children"), _children, _posted_with)
SPONSORS = Kind("foster.sponsor", _("sponsors"), _sponsors, call(RoleName.FOSTER_OFFICER))
UPDATES = Kind("foster.childupdate", _("updates"), _updates)
PHOTOS = Kind("foster.updatephoto", _("photos"), _photos)
