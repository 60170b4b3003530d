"""Who works where; and the states that a shelter was in."""

from django.db.models import QuerySet

from accounts.enums import RoleName
from accounts.models import User
from accounts.permissions import Right
from shelters.models import Posting, Shelter, ShelterStatus


def postings_visible_to(user: User) -> QuerySet[Posting]:
    if not user.may(Right.ACCOUNTS_READ):
        return Posting.objects.none()
    return Posting.objects.select_related("user", "shelter").order_by("shelter__code", "user__name", "days")


def people_to_post(user: User) -> QuerySet[User]:
    """Field staff who may log in; never whoever asks."""
    if not user.may(Right.ACCOUNTS_WRITE):
        return User.objects.none()
    staff = User.objects.filter(role=RoleName.FIELD_STAFF, is_active=True)
    return staff.exclude(pk=user.pk).order_by("name")


def statuses_of(shelter: Shelter) -> QuerySet[ShelterStatus]:
    """The newest first."""
    return newest_first(shelter.statuses.all())


def newest_first(statuses: QuerySet[ShelterStatus]) -> QuerySet[ShelterStatus]:
    return statuses.order_by("-since", "-id")
