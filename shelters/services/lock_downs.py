from django.db import transaction

from accounts import services as accounts
from accounts.models import User
from core import audit
from core.identity import Scope, acting_as
from shelters import selectors
from shelters.models import Shelter, ShelterLockDown


@transaction.atomic
def lock_down_shelter(*, by: User, shelter: Shelter, reason: str, note: str = "") -> ShelterLockDown:
    """Everybody posted there today is locked down, and field staff no longer see the shelter.

    Asked a second time, it is the first one.
    """
    with acting_as(by, scope=Scope.LOCK_DOWN):
        people = selectors.posted_now([shelter.pk]).get(shelter.pk, [])
    told = {"by": by, "reason": reason, "note": note.strip()}
    lock, is_new = ShelterLockDown.objects.get_or_create(shelter=shelter, lifted_at=None, defaults=told)
    if is_new:
        audit.record(by=by, action="shelters.locked_down", subject=shelter, reason=lock.said)
        accounts.tell_administrators(by=by, event=f"lock-down:{lock.uuid}")
    accounts.lock_down_people(by=by, people=people, reason=reason, note=note)
    return lock


@transaction.atomic
def lift_shelter_lock_down(*, by: User, lock: ShelterLockDown, reason: str) -> ShelterLockDown:
    """The people stay locked down: each is let in again by choice. Raises MayNotLift, LiftedAlready."""
    action = "shelters.lock_down_lifted"
    return accounts.lift(by=by, lock=lock, action=action, subject=lock.shelter, reason=reason)
