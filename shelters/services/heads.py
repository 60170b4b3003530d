"""Counting people where they are not registered one by one."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
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

    Who is registered is among them; where nobody was ever counted, they are all there are.
    Raises PermissionDenied at another's shelter, CountedWhileEvacuated, RegisteredOneByOne,
    FewerThanRegistered.
    """
    if not Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists():
        raise PermissionDenied
    hold_heads(shelter.pk)
    if first := HeadCount.objects.filter(shelter=shelter, key=key).first():
        return first
    if Evacuation.objects.running().filter(shelter=shelter).exists():
        raise CountedWhileEvacuated
    registered = _registered(shelter, today)
    if registered and not HeadCount.objects.filter(shelter=shelter).exists():
        raise RegisteredOneByOne
    if people < registered:
        raise FewerThanRegistered(registered)
    return _counted(by, shelter, registered, people - registered, today, key=key)


def count_in(*, by: User, shelter: Shelter, before: Any, heads: int | None, first: date, today: date) -> None:
    """Somebody registered has come where people are only counted: what holds from now on.

    `before`: the shelter as `selectors.counted_at` told before they came; `heads`: how many there are now
    with who came, 0: all are registered, None: not asked, one more than before. Raises CountedBefore,
    FewerThanRegistered.
    """
    if heads != 0 and first < today:
        raise CountedBefore
    registered = _registered(shelter, today)
    others = 0 if heads == 0 else before.heads - before.staying if heads is None else heads - registered
    if others < 0:
        raise FewerThanRegistered(registered)
    if others != before.counted_others:
        _counted(by, shelter, registered, others, today)


def count_out(*, by: User, shelter: Shelter, people: int, today: date) -> None:
    """So many of those who are not registered have gone; as many were there."""
    before = selectors.counted_at(shelter, today)
    _counted(by, shelter, before.staying, before.heads - before.staying - people, today)


def hold_heads(shelter: int) -> None:
    """Whoever changes the heads of the shelter with this key waits here for who does now: two phones at once
    would count from the same number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock('shelters_headcount'::regclass::oid::integer, %s)", [shelter]
        )


def _registered(shelter: Shelter, day: date) -> int:
    return Stay.objects.on(day).filter(shelter=shelter).count()


def _counted(
    by: User, shelter: Shelter, registered: int, others: int, day: date, *, key: UUID | None = None
) -> HeadCount:
    told = {"shelter": shelter, "people": registered + others, "counted_on": day, "by": by, "key": key}
    try:
        with transaction.atomic():
            count = HeadCount.objects.create(others=others if registered else None, **told)
    except IntegrityError as error:  # another shelter's form: this one has none with the key
        if broken_rule(error)[0] != "head_count_one_per_key":
            raise
        raise PermissionDenied from error
    audit.record(by=by, action="shelters.counted", subject=count, changes={"people": [None, count.people]})
    return count
