from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from accounts import selectors as accounts
from accounts.models import LockDown, User
from accounts.permissions import Right
from core.identity import Scope, acting_as
from shelters.models import Posting, Shelter, ShelterLockDown


def lock_downs_visible_to(user: User) -> QuerySet[ShelterLockDown]:
    if not user.may(Right.ACCOUNTS_READ):
        return ShelterLockDown.objects.none()
    return ShelterLockDown.objects.select_related("shelter", "by", "lifted_by")


def locked_with(user: User, lock: ShelterLockDown, today: date) -> QuerySet[LockDown]:
    """The lock-downs of those who were posted there while it was locked down, in force then or since."""
    first = localdate(lock.began_at)
    last = localdate(lock.lifted_at) if lock.lifted_at else today
    posted = Posting.objects.filter(
        shelter=lock.shelter, days__overlap=DateRange(first, last + timedelta(days=1))
    )
    in_force = Q(lifted_at__isnull=True) | Q(lifted_at__gt=lock.began_at)
    found = accounts.lock_downs_visible_to(user)
    return found.filter(in_force, person__in=posted.values("user"))


def lock_down_of(shelter: Shelter) -> ShelterLockDown | None:
    """The one in force. Field staff never get here: they do not see a shelter that is locked down."""
    return ShelterLockDown.objects.in_force().filter(shelter=shelter).first()


def shelters_of_code(user: User, typed: str) -> list[Shelter]:
    """The shelter whose whole code somebody of the staff typed to lock it down, theirs or not."""
    with acting_as(user, scope=Scope.LOCK_DOWN):
        return list(Shelter.objects.filter(code__iexact=typed.strip()))
