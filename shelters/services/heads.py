"""Counting people where they are not registered one by one."""

from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from shelters import selectors
from shelters.models import Evacuation, HeadCount, Shelter, Stay
from shelters.services.refusals import PeopleRefused
from supply.services import broken_rule


class RegisteredOneByOne(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "People are registered one by one here: the heads are those of the list. Let people arrive and "
            "leave there."
        )


class CountedWhileEvacuated(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "This shelter is being evacuated. Say there how many went where: a count made now would forget "
            "who has left."
        )


class FewerThanRegistered(PeopleRefused):
    def __init__(self, registered: int) -> None:
        self.registered = registered

    def __str__(self) -> str:
        return _("%(number)s are registered by code here: count them too.") % {"number": self.registered}


class CountedBefore(PeopleRefused):
    def __str__(self) -> str:
        return _(
            "Others are only counted here, and the count of a day that is over stays. Choose today as the "
            "first night."
        )


@transaction.atomic
def count_heads(*, by: User, shelter: Shelter, people: int, today: date, key: UUID) -> HeadCount:
    """Counted again on the same day, the newest count holds. The same form again is the first one.

    Raises PermissionDenied at another's shelter, CountedWhileEvacuated, RegisteredOneByOne,
    FewerThanRegistered.
    """
    if not Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists():
        raise PermissionDenied
    if first := HeadCount.objects.filter(shelter=shelter, key=key).first():
        return first
    if Evacuation.objects.running().filter(shelter=shelter).exists():
        raise CountedWhileEvacuated
    registered = Stay.objects.on(today).filter(shelter=shelter).count()
    if registered and not _are_others_counted(shelter, registered, today):
        raise RegisteredOneByOne
    if people < registered:
        raise FewerThanRegistered(registered)
    return _counted(by, shelter, people, today, is_whole=registered > 0, key=key)


def _newest(shelter: Shelter) -> HeadCount | None:
    """Of the counts of a day the one written last."""
    return HeadCount.objects.filter(shelter=shelter).order_by("-counted_on", "-id").first()


def _are_others_counted(shelter: Shelter, registered: int, today: date) -> bool:
    """Whether the last count holds, or told of more people than are registered now: somebody may have said by
    mistake that all are."""
    newest = _newest(shelter)
    more = newest is not None and newest.people > registered
    return more or selectors.counted_at(shelter, today) is not None


def count_in(
    *, by: User, shelter: Shelter, counted: int, heads: int | None, first: date, today: date
) -> None:
    """Somebody registered has come where people are only counted: what holds from now on.

    `counted`: how many the last count told of before; `heads`: how many there are now with who came, 0: all
    are registered, None: not asked, one more than before. Raises CountedBefore, FewerThanRegistered.
    """
    if heads == 0:
        newest = _newest(shelter)
        if newest and newest.with_registered:  # nobody but who is registered, until somebody is counted again
            _counted(by, shelter, 0, today, is_whole=False)
        return
    if first < today:
        raise CountedBefore
    registered = Stay.objects.on(today).filter(shelter=shelter).count()
    if heads is not None and heads < registered:
        raise FewerThanRegistered(registered)
    _counted(by, shelter, counted + 1 if heads is None else heads, today, is_whole=True)


def count_nobody(*, by: User, shelter: Shelter, today: date) -> None:
    """Everybody is out: what was counted before holds no more."""
    if selectors.counted_at(shelter, today):
        _counted(by, shelter, 0, today, is_whole=False)


def _counted(
    by: User, shelter: Shelter, people: int, day: date, *, is_whole: bool, key: UUID | None = None
) -> HeadCount:
    try:
        with transaction.atomic():
            count = HeadCount.objects.create(
                shelter=shelter, counted_on=day, people=people, with_registered=is_whole, by=by, key=key
            )
    except IntegrityError as error:  # the same form was quicker on another connection
        if broken_rule(error)[0] != "head_count_one_per_key":
            raise
        return HeadCount.objects.get(key=key)
    audit.record(by=by, action="shelters.counted", subject=count, changes={"people": [None, people]})
    return count
