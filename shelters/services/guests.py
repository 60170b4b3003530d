"""Somebody expected who must not come: they stay away, or are sent on to another shelter."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from shelters.models import Shelter, Stay
from shelters.services.heads import hold_heads
from shelters.services.refusals import CalledOffAlready, CameMeanwhile
from shelters.services.stays import arrive, call_off, hand_over


@transaction.atomic
def send_guest_on(
    *, by: User, stay: Stay, to: Shelter | str | None, today: date, now: datetime, key: UUID
) -> str | None:
    """Expected here no more; where `to` says so, at another of the person's shelters or of colleagues.

    Returns as `depart`: the code of the shelter, empty without one; None: no shelter has the typed code.
    Raises PeopleRefused, PermissionDenied.
    """
    if isinstance(to, Shelter):
        hold_heads(to.pk)  # before the guest: so does who takes them in there at this moment
    guest = _held(by, stay)
    if isinstance(to, Shelter):
        arrive(
            by=by, shelter=to, resident=guest.resident, first=today, is_planned=True, today=today, key=key,
            came_from=guest.came_from_id,
        )  # fmt: skip
    elif to and not hand_over(by=by, resident=guest.resident, to=to, day=today, today=today, key=key):
        return None
    call_off(by=by, stay=guest, today=today, now=now)
    return to.code if isinstance(to, Shelter) else (to or "").strip().upper()


def _held(by: User, stay: Stay) -> Stay:
    """The row as it is now, held. Raises PermissionDenied, CameMeanwhile, CalledOffAlready."""
    mine = Stay.objects.visible_to(by).select_related("shelter", "resident")
    guest = mine.select_for_update(of=("self",)).filter(pk=stay.pk).first()
    if guest is None:
        raise PermissionDenied
    if not guest.is_planned:
        raise CameMeanwhile
    if guest.cancelled_at is not None:
        raise CalledOffAlready
    return guest
