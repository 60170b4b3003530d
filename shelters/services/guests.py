"""Somebody expected who must not come: they stay away or are sent on; and who comes late, called off."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.models import User
from core import audit
from shelters import selectors
from shelters.models import Shelter, Stay
from shelters.services.heads import hold_heads
from shelters.services.refusals import CalledOffAlready, CameMeanwhile, NotWithYou, TakesNobody
from shelters.services.stays import arrive, call_off, come, hand_over


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


@transaction.atomic
def arrive_late(
    *, by: User, shelter: Shelter, code: str, first: date, last: date | None, is_planned: bool, today: date,
    key: UUID, heads: int | None = None,
) -> Stay:  # fmt: skip
    """Who was handed on to here, was called off and did not go back is here after all, or expected again.

    By the code they bring: nobody here sees them any more. The rest as `arrive`, and as it refuses.
    """
    hold_heads(shelter.pk)
    if not Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists():
        raise PermissionDenied
    if is_planned and selectors.shut_stores([shelter.store_id]):
        raise TakesNobody
    with connection.cursor() as cursor:
        cursor.execute("SELECT shelters_expect_again(%s, %s, %s, %s)", [shelter.pk, code, first, key])
        written = cursor.fetchone()[0]
    if written is None:
        raise NotWithYou
    guest = Stay.objects.select_related("shelter", "resident").get(pk=written)
    audit.record(
        by=by, action="shelters.expected", subject=guest, changes={"nights": [None, str(guest.nights)]}
    )
    if is_planned:
        return guest
    return come(by=by, stay=guest, day=first, today=today, last=last, heads=heads)


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
