"""Who comes, moves on, leaves and is expected. Who may write a stay for whom: docs/adr/0025."""

from datetime import date, datetime, timedelta
from secrets import choice
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models.functions import Now
from django.utils.timezone import localdate

from accounts.models import User
from core import audit
from core.services import save_values
from shelters import selectors
from shelters.enums import Outcome
from shelters.models import Resident, Shelter, Stay
from shelters.services.heads import count_in, hold_heads
from shelters.services.refusals import (
    CalledOffAlready,
    CameLongAgo,
    LeftAlready,
    LeftBeforeTheyCame,
    NotWithYou,
    SaidLongAgo,
    SameShelter,
    SoughtHere,
    TakesNobody,
    refuse,
)
from supply.services import broken_rule, refuse_day

# Without vowels and look-alikes: neither a word nor a slip of the pen.
LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
SEALED = ("real_name", "spellings", "note")


@transaction.atomic
def write_down(*, by: User, **about: Any) -> Resident:
    """A new resident under a code made here. `about`: fields of the record, sealed ones as text.

    The sealed ones are sealed by `seal_about`, once a stay lets the person who writes use the key.
    """
    code = f"R-{''.join(choice(LETTERS) for _ in range(5))}"
    resident = Resident(code=code, registered_by=by)
    return save_values(by=by, record=resident, action="shelters.written_down", values=about)


@transaction.atomic
def arrive_new(
    *, by: User, shelter: Shelter, about: dict[str, Any], first: date, last: date | None = None,
    is_planned: bool = False, today: date, key: UUID, heads: int | None = None,
) -> Stay:  # fmt: skip
    """Somebody new comes, or is expected. The same form again is the first stay.

    `first`: the first night; `last`: the day on which they mean to leave; `heads`: as `count_in`. Raises
    PermissionDenied, PeopleRefused, DayNotAllowed.
    """
    if stay := _written_before(shelter, key):
        return stay
    sealed = {name: about[name] for name in SEALED if about.get(name)}
    plain = {name: value for name, value in about.items() if name not in SEALED}
    with transaction.atomic():
        resident = write_down(by=by, **plain)
        stay = arrive(
            by=by, shelter=shelter, resident=resident, first=first, last=last, is_planned=is_planned,
            today=today, key=key, heads=heads,
        )  # fmt: skip
        if stay.resident_id != resident.pk:  # the same form was quicker on another connection
            transaction.set_rollback(True)
            return stay
    save_values(by=by, record=resident, action="shelters.sealed", values=sealed)
    return stay


@transaction.atomic
def arrive(
    *, by: User, shelter: Shelter, resident: Resident, first: date, last: date | None = None,
    is_planned: bool = False, today: date, key: UUID, heads: int | None = None,
    came_from: int | None = None,
) -> Stay:  # fmt: skip
    """Somebody known comes, comes back, moves here from another of the person's shelters, or is expected.

    `came_from`: key of the shelter that handed on who is expected.
    Raises PermissionDenied at another's shelter, NotWithYou, SoughtHere, UnderAnotherRoof, TakesNobody,
    DayNotAllowed.
    """
    _refuse_foreign(by, shelter)
    hold_heads(shelter.pk)
    if stay := _written_before(shelter, key):
        return stay
    waiting = Stay.objects.expected().filter(shelter=shelter, resident=resident).first()
    if waiting and is_planned:
        return _expected_before(waiting)
    if waiting:
        return come(by=by, stay=waiting, day=first, today=today, last=last, heads=heads)
    if not is_planned:
        refuse_day(first, today)
    if not selectors.may_take(resident):
        raise NotWithYou
    if is_planned and selectors.shut_stores([shelter.store_id]):
        raise TakesNobody
    if not is_planned:
        came_from = _move_out(by, resident, first, but=shelter)
    stay = Stay(
        resident=resident, shelter=shelter, nights=DateRange(first, None), is_planned=is_planned,
        leaves_on=last, came_from_id=came_from, key=key,
    )  # fmt: skip
    if is_planned:
        return _written(by, stay, "shelters.expected")
    before = selectors.counted_at(shelter, today)
    written = _written(by, stay, "shelters.arrived")
    if before is not None and written is stay:
        count_in(by=by, shelter=shelter, before=before, heads=heads, first=first, today=today)
    return written


@transaction.atomic
def come(
    *, by: User, stay: Stay, day: date, today: date, last: date | None = None, heads: int | None = None
) -> Stay:
    """An expected guest is there; `last`, `heads`: as `arrive_new`. Twice the same: the first time.

    Raises PeopleRefused, DayNotAllowed.
    """
    hold_heads(stay.shelter_id)
    stay = _held(by, stay)
    if not stay.is_planned:
        return stay
    refuse_day(day, today)
    if stay.cancelled_at is not None:
        raise CalledOffAlready
    _move_out(by, stay.resident, day, but=stay.shelter)
    end = last or stay.leaves_on or stay.nights.upper
    stay.is_planned, stay.is_missing, stay.nights = False, False, DateRange(day, None)
    stay.leaves_on = end if end and end > day else None
    before = selectors.counted_at(stay.shelter, today)
    stay = _changed(by, stay, "shelters.arrived", "nights", "is_planned", "is_missing", "leaves_on")
    if before is not None:
        count_in(by=by, shelter=stay.shelter, before=before, heads=heads, first=day, today=today)
    return stay


@transaction.atomic
def call_off(*, by: User, stay: Stay, today: date, now: datetime) -> Stay:
    """An expected guest does not come, or the arrival of today was a mistake.

    Who was handed on stands at the shelter they came from (a trigger). Raises CameLongAgo, SayWhatBecame.
    """
    stay = _held(by, stay)
    if stay.cancelled_at is not None:
        return stay
    if not stay.is_planned and stay.nights.lower != today:
        raise CameLongAgo
    stay.is_planned, stay.cancelled_at, stay.outcome = True, now, ""
    stay = _changed(by, stay, "shelters.called_off", "is_planned", "cancelled_at", "outcome")
    with connection.cursor() as cursor:  # now: whoever looks next finds them there
        cursor.execute("SET CONSTRAINTS nobody_is_lost IMMEDIATE; SET CONSTRAINTS nobody_is_lost DEFERRED")
    return stay


@transaction.atomic
def leave(*, by: User, stay: Stay, outcome: str, day: date, today: date, note: str = "") -> Stay:
    """Who came on that very day is counted for its night. Twice the same: the first time.

    Of who was handed on and did not arrive: what became of them. Raises PeopleRefused, DayNotAllowed.
    """
    refuse_day(day, today)
    stay = _held(by, stay)
    _refuse_before_arrival(stay, day)
    day = max(day, stay.nights.lower + timedelta(days=1))
    if stay.outcome:
        if (stay.outcome, stay.nights.upper) != (outcome, day):
            raise LeftAlready
        return stay
    if stay.is_missing:
        stay.cancelled_at = Now()
    elif stay.is_planned:
        raise CalledOffAlready
    stay.nights, stay.outcome = DateRange(stay.nights.lower, day), outcome
    if note:
        stay.note = note
    return _changed(by, stay, "shelters.left", "nights", "outcome", "cancelled_at", "note")


@transaction.atomic
def take_back_outcome(*, by: User, stay: Stay, today: date) -> Stay:
    """What was said today of somebody was a slip: they are here, as before. Twice the same: the first time.

    Who moved to another of the person's shelters was never there. Who did not arrive is sought again. Raises
    PermissionDenied, SaidLongAgo, CalledOffAlready, UnderAnotherRoof, FoundSince.
    """
    stay = _held(by, stay)
    if stay.is_guest:
        raise CalledOffAlready
    if not stay.outcome:
        return stay
    if stay.said_at is None or localdate(stay.said_at) != today:
        raise SaidLongAgo
    if stay.is_missing:
        stay.nights, stay.outcome, stay.cancelled_at = DateRange(stay.nights.lower, None), "", None
        return _changed(by, stay, "shelters.taken_back", "nights", "outcome", "cancelled_at")
    mine = Stay.objects.visible_to(by).open().filter(resident=stay.resident)
    moved = mine.filter(nights__startswith=stay.nights.upper)
    for there in moved.select_for_update(of=("self",)):
        there.is_planned, there.cancelled_at = True, Now()
        _changed(by, there, "shelters.moved", "is_planned", "cancelled_at")
    stay.nights, stay.outcome = DateRange(stay.nights.lower, None), ""
    return _changed(by, stay, "shelters.taken_back", "nights", "outcome")


@transaction.atomic
def hand_over(*, by: User, resident: Resident, to: str, day: date, today: date, key: UUID) -> bool:
    """Somebody goes to a shelter of colleagues: expected there from the day on, and no more here.

    `to`: the code of that shelter as it was typed. False: there is none. Raises NotWithYou, TakesNobody,
    SameShelter, DayNotAllowed.
    """
    refuse_day(day, today)
    if not selectors.may_take(resident):
        raise NotWithYou
    if Shelter.objects.visible_to(by).filter(code__iexact=to.strip()).exists():
        raise SameShelter
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT shelters_hand_over(%s, %s, %s, %s)", [resident.pk, to, day, key])
            answer = cursor.fetchone()[0]
    except IntegrityError as error:
        if broken_rule(error)[0] == "stay_one_per_key":  # sent twice
            return True
        refuse(error)
    if answer == "shut":
        raise TakesNobody
    if not answer:
        # Where to, the trail of written rows knows.
        audit.record(by=by, action="shelters.handed_over", subject=resident)
    return answer == ""


@transaction.atomic
def depart(
    *, by: User, stay: Stay, outcome: str, to: Shelter | str | None, day: date, today: date, note: str,
    key: UUID,
) -> str | None:  # fmt: skip
    """Leaves, moves to another of the person's shelters, or is handed on, as `to` says.

    Returns the code of the shelter they go to, empty when it is none of ours; None: no shelter has the typed
    code, and nothing was done. Raises PeopleRefused, DayNotAllowed, PermissionDenied.
    """
    if isinstance(to, Shelter):
        hold_heads(to.pk)  # before the stay: so does who takes them in there at this moment
        _tell(by, stay, note, day)
        arrive(by=by, shelter=to, resident=stay.resident, first=day, today=today, key=key)
        return to.code
    if to:
        with transaction.atomic():
            _tell(by, stay, note, day)
            is_done = hand_over(by=by, resident=stay.resident, to=to, day=day, today=today, key=key)
            if not is_done:
                transaction.set_rollback(True)
        return to.strip().upper() if is_done else None
    leave(by=by, stay=stay, outcome=outcome, day=day, today=today, note=note)
    return ""


def _refuse_before_arrival(stay: Stay, day: date) -> None:
    if not stay.is_planned and day < stay.nights.lower:
        raise LeftBeforeTheyCame(stay.nights.lower)


def _tell(by: User, stay: Stay, note: str, day: date) -> None:
    """Before the stay or the search is over: afterwards nothing is told of it any more.

    Raises LeftBeforeTheyCame.
    """
    held = _held(by, stay)
    _refuse_before_arrival(held, day)
    if held.outcome or held.is_guest:
        return
    if not held.is_planned and held.nights.upper is not None:  # over before each stay had an outcome
        held.outcome = Outcome.MOVED
    if note:
        held.note = note
    held.save(update_fields=["note", "outcome"])


@transaction.atomic
def change_resident(*, by: User, resident: Resident, **about: Any) -> Resident:
    """`about`: fields of the record; an empty sealed one leaves what is there. Raises PermissionDenied."""
    if not Resident.objects.visible_to(by).filter(pk=resident.pk).exists():
        raise PermissionDenied
    values = {name: value for name, value in about.items() if value or name not in SEALED}
    return save_values(by=by, record=resident, action="shelters.changed_resident", values=values)


def _move_out(by: User, resident: Resident, day: date, *, but: Shelter) -> int | None:
    """Who stays at another of the person's shelters leaves it; one who came there today was never there.

    Nor is who was expected there by that day. Returns the key of the shelter that had handed them on.
    """
    others = Stay.objects.visible_to(by).filter(resident=resident).exclude(shelter=but)
    here = others.on(day) | others.expected().filter(is_missing=False, nights__startswith__lte=day)
    came_from = None
    for stay in here.select_for_update(of=("self",)):
        came_from = stay.came_from_id or came_from
        if not stay.is_planned and stay.nights.lower < day:
            stay.nights, stay.outcome = DateRange(stay.nights.lower, day), Outcome.MOVED
        else:
            stay.is_planned, stay.cancelled_at, stay.outcome = True, Now(), ""
        _changed(by, stay, "shelters.moved", "nights", "outcome", "is_planned", "cancelled_at")
    return came_from


def _expected_before(waiting: Stay) -> Stay:
    """Raises SoughtHere."""
    if waiting.is_missing:
        raise SoughtHere
    return waiting


def _written_before(shelter: Shelter, key: UUID) -> Stay | None:
    return Stay.objects.filter(shelter=shelter, key=key).first()


def _written(by: User, stay: Stay, action: str) -> Stay:
    """The new stay, or the first one when the same form was quicker on another connection."""
    try:
        with transaction.atomic():
            stay.save(force_insert=True)
    except IntegrityError as error:
        if broken_rule(error)[0] == "stay_one_per_key":
            return Stay.objects.get(key=stay.key)
        refuse(error)
    audit.record(by=by, action=action, subject=stay, changes={"nights": [None, str(stay.nights)]})
    return stay


def _held(by: User, stay: Stay) -> Stay:
    """The row as it is now, held. Raises PermissionDenied at another's shelter."""
    mine = Stay.objects.visible_to(by).select_related("shelter").select_for_update(of=("self",))
    found = mine.filter(pk=stay.pk).first()
    if found is None:
        raise PermissionDenied
    return found


def _changed(by: User, stay: Stay, action: str, *fields: str) -> Stay:
    changes = {"nights": [None, str(stay.nights)], "outcome": [None, stay.outcome]}
    changes = {name: both for name, both in changes.items() if both[1]}
    # Before it is written: afterwards the person may be nobody's to see.
    audit.record(by=by, action=action, subject=stay, changes=changes)
    try:
        with transaction.atomic():
            stay.save(update_fields=fields)
    except IntegrityError as error:
        refuse(error)
    return stay


def _refuse_foreign(by: User, shelter: Shelter) -> None:
    if not Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists():
        raise PermissionDenied
