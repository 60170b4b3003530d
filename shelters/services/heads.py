"""Counting people where they are not registered one by one."""

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from shelters.models import HeadCount, Shelter, Stay
from shelters.services.refusals import PeopleRefused
from supply.services import broken_rule


class RegisteredOneByOne(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "People are registered one by one here: the heads are those of the list. Let people arrive and "
            "leave there."
        )


@transaction.atomic
def count_heads(*, by: User, shelter: Shelter, people: int, today: date, key: UUID) -> HeadCount:
    """Counted again on the same day, the newest count holds. The same form again is the first one.

    Raises PermissionDenied at another's shelter, RegisteredOneByOne.
    """
    if not Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists():
        raise PermissionDenied
    if first := HeadCount.objects.filter(shelter=shelter, key=key).first():
        return first
    if Stay.objects.on(today).filter(shelter=shelter).exists():
        raise RegisteredOneByOne
    try:
        with transaction.atomic():
            count = HeadCount.objects.create(shelter=shelter, counted_on=today, people=people, by=by, key=key)
    except IntegrityError as error:  # the same form was quicker on another connection
        if broken_rule(error)[0] != "head_count_one_per_key":
            raise
        return HeadCount.objects.get(key=key)
    audit.record(by=by, action="shelters.counted", subject=count, changes={"people": [None, people]})
    return count
