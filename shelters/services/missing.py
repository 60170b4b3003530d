"""Whoever handed somebody on is called when they did not arrive."""

from accounts import services as accounts
from accounts.enums import RoleName
from accounts.models import User
from shelters import selectors
from shelters.models import ShelterLockDown, Stay


def call_for_missing(*, by: User) -> int:
    """A mail that says only to log in, to who works at the shelter that handed them on; how many are new.

    Once a person and a missing one. Where nobody works any more, or the shelter is locked down, the
    administrators are called: they can post somebody.
    """
    missing = list(Stay.objects.expected().filter(is_missing=True).select_related("shelter"))
    if not missing:
        return 0
    locked = set(ShelterLockDown.objects.in_force().values_list("shelter", flat=True))
    posted = selectors.posted_now({stay.shelter_id for stay in missing} - locked)
    office = list(User.objects.filter(role=RoleName.ADMINISTRATOR, is_active=True))
    return sum(
        accounts.call_people(people=posted.get(stay.shelter_id) or office, event=f"missing:{stay.uuid}")
        for stay in missing
    )
