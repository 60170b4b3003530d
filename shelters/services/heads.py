"""Counting people where they are not registered one by one."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from shelters.models import HeadCount, Shelter, Stay
from shelters.services.refusals import PeopleRefused
from supply.services import broken_rule


class CountedToday(PeopleRefused):
    def __init__(self, people: int) -> None:
        self.people = people

    def __str__(self) -> str:
        return _(
            "Today %(people)s were counted already. One count a day: when that was a mistake, count again "
            "tomorrow."
        ) % {"people": self.people}


class RegisteredOneByOne(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "People are registered one by one here: the heads are those of the list. Let people arrive and "
            "leave there."
        )


@transaction.atomic
def count_heads(*, by: User, shelter: Shelter, people: int, today: date) -> HeadCount:
    """One count a day; the same again is the first one.

    Raises PermissionDenied at another's shelter, RegisteredOneByOne, CountedToday.
    """
    if not Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists():
        raise PermissionDenied
    if Stay.objects.on(today).filter(shelter=shelter).exists():
        raise RegisteredOneByOne
    try:
        with transaction.atomic():
            count = HeadCount.objects.create(shelter=shelter, counted_on=today, people=people, by=by)
    except IntegrityError as error:
        if broken_rule(error)[0] != "head_count_one_a_day":
            raise
        first = HeadCount.objects.get(shelter=shelter, counted_on=today)
        if first.people != people:
            raise CountedToday(first.people) from error
        return first
    audit.record(by=by, action="shelters.counted", subject=count, changes={"people": [None, people]})
    return count
