"""Lock down: out at the next request, everywhere. Only an administrator opens again."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, TypeVar

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts import selectors
from accounts.enums import RoleName
from accounts.models import AnyLockDown, LockDown, User
from accounts.permissions import Right
from accounts.services.alarm import tell_administrators
from accounts.services.ending import end_log_ins
from core import audit
from core.models import Record

Lock = TypeVar("Lock", bound=AnyLockDown)
Kind = TypeVar("Kind", bound=Record)
MAY_LIFT = (RoleName.ADMINISTRATOR, RoleName.SYSTEM)
# Names are not listed; who tries them out on a phone that was taken is stopped soon.
GUESSES_AN_HOUR = 10


class LockDownRefused(Exception):
    """The base of the refusals here: nothing was changed."""


class NotToBeLockedDown(LockDownRefused):
    def __str__(self) -> str:
        return _("This log-in is not one of the staff. An administrator closes it on the person's own page.")


class NobodyOfThisName(LockDownRefused):
    def __str__(self) -> str:
        return _("Nothing is known by this name. Check the spelling, or call an administrator.")


class SeveralOfThisName(LockDownRefused):
    def __str__(self) -> str:
        return _("Several people have this name. Type the e-mail address.")


class TooManyGuesses(LockDownRefused):
    def __str__(self) -> str:
        return _("Too many tries. Call an administrator: they lock down for you.")


class MayNotLift(LockDownRefused):
    def __str__(self) -> str:
        return _("An administrator lifts a lock-down, and never their own: ask another administrator.")


class LiftedAlready(LockDownRefused):
    def __str__(self) -> str:
        return _("Somebody has lifted this lock-down already.")


@transaction.atomic
def lock_down(*, by: User, person: User, reason: str, note: str = "") -> LockDown:
    """Every session of the person ends and the log-in is closed. Asked a second time, it is the first one.

    Raises NotToBeLockedDown.
    """
    if not selectors.lock_down_of(person):
        tell_administrators(by=by, event=f"lock-down:{token_hex(8)}")
    return lock_down_people(by=by, people=[person], reason=reason, note=note)[0]


@transaction.atomic
def lock_down_people(*, by: User, people: Iterable[User], reason: str, note: str = "") -> list[LockDown]:
    """All of them or none; the caller tells the administrators before. Raises NotToBeLockedDown.

    Whoever locks themselves down comes last: the database shows them nothing from then on.
    """
    # In one order: two lock-downs at once do not wait for each other. no_key: two people may lock each other
    # down at once, and each names the other's row.
    wanted = User.objects.filter(pk__in=[person.pk for person in people]).order_by("pk")
    found = list(wanted.select_for_update(no_key=True))
    story = LockDown(by=by, reason=reason, note=note.strip())
    for person in found:
        _begin(by, person, story)
    return [_close(person, story) for person in sorted(found, key=lambda one: one.pk == by.pk)]


def _begin(by: User, person: User, story: LockDown) -> None:
    """Sessions end and it is written down, while whoever asks for it may still write."""
    is_staff = person.role not in (RoleName.SPONSOR, RoleName.SYSTEM)
    if not is_staff and not (person.role == RoleName.SPONSOR and by.may(Right.ACCOUNTS_WRITE)):
        raise NotToBeLockedDown
    ended = end_log_ins(person)
    if not selectors.lock_down_of(person):
        changes: dict[str, list] = {"is_active": [person.is_active, False], "devices": [ended, 0]}
        audit.record(by=by, action="accounts.locked_down", subject=person, changes=changes, reason=story.said)


def _close(person: User, story: LockDown) -> LockDown:
    User.objects.filter(pk=person.pk).update(is_active=False)
    told = {"by": story.by, "reason": story.reason, "note": story.note}
    return LockDown.objects.get_or_create(person=person, lifted_at=None, defaults=told)[0]


@transaction.atomic
def lift_lock_down(*, by: User, lock: LockDown, reason: str) -> LockDown:
    """The log-in stays closed: it is opened again by choice. Raises MayNotLift, LiftedAlready."""
    if by.pk == lock.person_id:
        raise MayNotLift
    return lift(by=by, lock=lock, action="accounts.lock_down_lifted", subject=lock.person, reason=reason)


@transaction.atomic
def lift(*, by: User, lock: Lock, action: str, subject: Record, reason: str) -> Lock:
    """The end of a lock-down of whatever kind, with its reason. Raises MayNotLift, LiftedAlready."""
    if by.role not in MAY_LIFT:
        raise MayNotLift
    found: Any = type(lock)._default_manager.select_for_update(no_key=True).get(pk=lock.pk)
    if not found.is_in_force:
        raise LiftedAlready
    found.lifted_at, found.lifted_by, found.lift_reason = Now(), by, reason.strip()
    found.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    audit.record(by=by, action=action, subject=subject, reason=found.lift_reason)
    return found


def settle_name(*, by: User, look_up: Callable[[], Sequence[Kind]], now: datetime) -> Kind:
    """The one that somebody means who typed a name or code; wrong ones are counted.

    Raises TooManyGuesses, NobodyOfThisName, SeveralOfThisName.
    """
    if selectors.wrong_guesses(by, since=now - timedelta(hours=1)) >= GUESSES_AN_HOUR:
        raise TooManyGuesses
    found = look_up()
    if not found:
        record_wrong_guess(by=by)
        raise NobodyOfThisName
    if len(found) > 1:
        raise SeveralOfThisName
    return found[0]


@transaction.atomic
def record_wrong_guess(*, by: User) -> None:
    """What was typed is not kept."""
    audit.record(by=by, action="accounts.guessed", subject=by)
