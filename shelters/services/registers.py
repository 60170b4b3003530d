"""The register of shelters: made, changed, their state said, their place sealed; and who works where."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.enums import RoleName
from accounts.models import User
from accounts.permissions import Right
from core import audit
from core.services import save_values
from shelters import selectors
from shelters.enums import ShelterState
from shelters.models import Posting, Shelter, ShelterStatus
from shelters.services.refusals import PeopleRefused, refuse
from supply import services as supply

# What field staff may say of their own shelter; all else is the administrator's.
DANGERS = (ShelterState.AT_RISK, ShelterState.EXPOSED)

TOLD_ANYHOW = (RoleName.ADMINISTRATOR,)


class NotOneself(PeopleRefused):
    def __str__(self) -> str:
        return _("Nobody posts themselves: ask another administrator.")


class CodeTaken(PeopleRefused):
    def __str__(self) -> str:
        return _("This code is in use already. Choose another one.")


class ShelterIsClosed(PeopleRefused):
    def __str__(self) -> str:
        return _("This shelter is closed: nobody is there. Say first that it is open again.")


class NoDayPosted(PeopleRefused):
    def __str__(self) -> str:
        return _("The last day lies before the first. To shut somebody out who began today, lock them down.")


@transaction.atomic
def add_shelter(*, by: User, code: str, opened_on: date, **values: Any) -> Shelter:
    """With its store, open from its first day on. Raises CodeTaken."""
    try:
        with transaction.atomic():
            store = supply.make_store(by=by, code=code)
            values |= {"code": code, "opened_on": opened_on, "store": store}
            shelter = save_values(by=by, record=Shelter(), action="shelters.added", values=values)
    except (IntegrityError, ValidationError) as error:  # a place that the administrator may not see, or may
        raise CodeTaken from error
    ShelterStatus.objects.create(shelter=shelter, state=ShelterState.OPEN, since=opened_on)
    return shelter


@transaction.atomic
def change_shelter(*, by: User, shelter: Shelter, **values: Any) -> Shelter:
    """`values`: kind, region, time zone, capacity, blocked places, first day. Raises ValidationError."""
    return save_values(by=by, record=shelter, action="shelters.changed", values=values)


@transaction.atomic
def say_state(
    *, by: User, shelter: Shelter, state: str, reason: str, today: date, key: UUID, calls: bool = True
) -> ShelterStatus:
    """From today on. The same form again is the first status.

    Of a danger the administrators get a mail. `calls`: of an exposure everybody concerned does, for somebody
    may be on the way; an evacuation calls them itself.

    Raises PermissionDenied for field staff at another's shelter or of another state than danger, DangerHolds
    when they say less than what holds, ShelterIsClosed of a danger there; when it closes, SomebodyStays,
    SomebodyIsCounted, SomebodyIsExpected, StockIsLeft.
    """
    is_own = Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists()
    if not is_own or not (by.may(Right.SHELTERS_WRITE) or state in DANGERS):
        raise PermissionDenied
    if first := ShelterStatus.objects.filter(key=key, shelter=shelter).first():
        return first
    if state in DANGERS and selectors.state_on(shelter, today) == ShelterState.CLOSED:
        raise ShelterIsClosed  # it would open by the way
    try:
        with transaction.atomic():
            status = ShelterStatus.objects.create(
                shelter=shelter, state=state, since=today, reason=reason, key=key
            )
            if by.may(Right.SHELTERS_WRITE):
                closed_on = today if state == ShelterState.CLOSED else None
                save_values(by=by, record=shelter, action="shelters.changed", values={"closed_on": closed_on})
    except IntegrityError as error:
        if supply.broken_rule(error)[0] == "shelter_status_one_per_key":
            return ShelterStatus.objects.get(key=key)
        refuse(error)
    changes = {"state": [None, state]}
    audit.record(by=by, action="shelters.state_said", subject=shelter, changes=changes, reason=reason)
    if state in DANGERS:
        accounts.tell_administrators(by=by, event=f"danger:{status.uuid}")
    if state == ShelterState.EXPOSED and calls:
        people = [one for one in selectors.people_to_warn(shelter, but=by) if one.role not in TOLD_ANYHOW]
        accounts.call_people(people=people, event=f"danger:{status.uuid}")
    return status


@transaction.atomic
def write_place(*, by: User, shelter: Shelter, **texts: str) -> Shelter:
    """Seal address, map point, contact or other spellings anew; an empty one stays as it is.

    Raises PermissionDenied at another's shelter.
    """
    if not Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists() or not by.may(Right.SHELTERS_TELL):
        raise PermissionDenied
    values = {name: text for name, text in texts.items() if text}
    return save_values(by=by, record=shelter, action="shelters.place_written", values=values)


@transaction.atomic
def post_person(*, by: User, user: User, shelter: Shelter, first: date, last: date | None) -> Posting:
    """`last`: the last day still posted there. Twice the same: the first one.

    Raises NotOneself; ValidationError when the person is posted there on these days already.
    """
    if user.pk == by.pk:
        raise NotOneself
    days = DateRange(first, last and last + timedelta(days=1))
    if there := Posting.objects.filter(user=user, shelter=shelter, days=days).first():
        return there
    values = {"user": user, "shelter": shelter, "days": days}
    return save_values(by=by, record=Posting(), action="shelters.posted", values=values)


@transaction.atomic
def end_posting(*, by: User, posting: Posting, last: date) -> Posting:
    """Raises NotOneself, NoDayPosted."""
    if posting.user_id == by.pk:
        raise NotOneself
    if last < posting.days.lower:
        raise NoDayPosted
    days = DateRange(posting.days.lower, last + timedelta(days=1))
    return save_values(by=by, record=posting, action="shelters.posting_ended", values={"days": days})
