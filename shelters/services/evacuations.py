"""Out of an exposed shelter, step by step: each step may be sent twice, and taken up by a colleague."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import services as accounts
from accounts.models import User
from accounts.permissions import Right
from core import audit
from shelters import selectors
from shelters.enums import ShelterState
from shelters.models import (
    Evacuation,
    EvacuationCall,
    EvacuationChild,
    EvacuationCounted,
    EvacuationPerson,
    Shelter,
    Stay,
)
from shelters.services.guests import send_guest_on
from shelters.services.heads import count_out, hold_heads
from shelters.services.refusals import PeopleRefused
from shelters.services.registers import say_state
from shelters.services.stays import depart
from supply import services as supply

if TYPE_CHECKING:
    from supply.models import Item, Lot, Movement, Place


class ShelterIsClosed(PeopleRefused):
    def __str__(self) -> str:
        return _("This shelter is closed: nobody is there. Say first that it is open again.")


class NotAllDone(PeopleRefused):
    """`guests`: how many are expected there still; `children`: of the programme, who live there."""

    def __init__(self, people: int, guests: int, children: int, lines: int) -> None:
        self.people, self.guests, self.children, self.lines = people, guests, children, lines

    def __str__(self) -> str:
        there = _(
            "Not finished yet: %(people)s people and %(lines)s lines of stock are still there. Say of each "
            "what became of it; “not known” is an answer."
        ) % {"people": self.people, "lines": self.lines}
        coming = ngettext(
            "Not finished yet: %(number)s person is expected there. Say whether they do not come or are "
            "sent on.",
            "Not finished yet: %(number)s people are expected there. Say of each whether they do not come "
            "or are sent on.",
            self.guests,
        ) % {"number": self.guests}
        living = ngettext(
            "Not finished yet: %(number)s child of the programme lives there. Say where they go.",
            "Not finished yet: %(number)s children of the programme live there. Say of each where they go.",
            self.children,
        ) % {"number": self.children}
        left = {there: self.people or self.lines, coming: self.guests, living: self.children}
        return " ".join(sentence for sentence, is_left in left.items() if is_left)


class EvacuationIsOver(PeopleRefused):
    def __str__(self) -> str:
        return _("This evacuation is finished. Write it on the page of the shelter, or start another one.")


class WhyIsMissing(PeopleRefused):
    about = "reason"

    def __str__(self) -> str:
        return _("Say why.")


class FewerAreLeft(PeopleRefused):
    def __init__(self, left: int) -> None:
        self.left = left

    def __str__(self) -> str:
        return _("Of those who were counted, %(number)s are left.") % {"number": self.left}


class Settled(NamedTuple):
    """A line of the store, and what becomes of it. `reason` of a loss; `to`: the place it goes to."""

    item: "Item"
    lot: "Lot | None"
    quantity: Decimal
    reason: str
    to: "Place | None"


@transaction.atomic
def start_evacuation(*, by: User, shelter: Shelter, today: date, key: UUID, reason: str = "") -> Evacuation:
    """The shelter is exposed from now on, and everybody concerned gets a mail that says only to log in.

    `reason`: may wait until it is finished. The same form again is the first one, also when it is over; else
    the one that runs, if one does. Raises PermissionDenied at another's shelter, ShelterIsClosed.
    """
    if not Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists() or not (
        by.may(Right.SHELTERS_TELL) or by.may(Right.SHELTERS_WRITE)
    ):
        raise PermissionDenied
    if first := selectors.begun_by(shelter, key):
        return first
    said = selectors.state_on(shelter, today)
    if said == ShelterState.CLOSED or Shelter.objects.filter(pk=shelter.pk, closed_on__lte=today).exists():
        raise ShelterIsClosed
    if said != (state := ShelterState.EXPOSED):
        say_state(by=by, shelter=shelter, state=state, reason=reason, today=today, key=key, calls=False)
    try:
        with transaction.atomic():
            started = Evacuation.objects.create(shelter=shelter, reason=reason, started_by=by, key=key)
    except IntegrityError as error:
        first = selectors.begun_by(shelter, key)  # a colleague was quicker
        if first is None:
            raise error
        return first
    audit.record(by=by, action="shelters.evacuation_started", subject=started, reason=reason)
    people = selectors.people_to_warn(shelter, but=by)
    EvacuationCall.objects.bulk_create(EvacuationCall(evacuation=started, person=one) for one in people)
    accounts.call_people(people=people, event=f"evacuation:{started.uuid}")
    return started


@transaction.atomic
def send_on(
    *, by: User, evacuation: Evacuation, stay: Stay, outcome: str, now: datetime, **departure: Any
) -> bool:
    """One of those who were there goes, or one who is expected is stopped. False: no shelter has the typed
    code.

    `departure`: as of `depart`, or for who is expected of `send_guest_on`. Twice the same person: the first
    answer. Raises PermissionDenied, EvacuationIsOver and what those two raise.
    """
    _refuse_foreign(by, evacuation)
    if stay.shelter_id != evacuation.shelter_id:
        raise PermissionDenied
    if isinstance(to := departure.get("to"), Shelter):
        hold_heads(to.pk)
    held = _held(evacuation)  # before the stay: so does who sends several
    said = EvacuationPerson.objects.filter(evacuation=evacuation, stay=stay)
    is_here = (
        Stay.objects.open().filter(pk=stay.pk).select_for_update().exists()
    )  # taken back, if it was said
    if not is_here and said.exists():
        return True
    if held.finished_at is not None:
        raise EvacuationIsOver
    if stay.is_planned:
        to_code = send_guest_on(by=by, stay=stay, now=now, **departure)
    else:
        to_code = depart(by=by, stay=stay, outcome=outcome, **departure)
    if to_code is None:
        return False
    EvacuationPerson.objects.create(evacuation=evacuation, stay=stay, outcome=outcome, to_code=to_code, by=by)
    return True


@transaction.atomic
def send_several_on(
    *, by: User, evacuation: Evacuation, stays: Iterable[Stay], outcome: str, key: UUID, **departure: Any
) -> bool:
    """Those who go the same way: all of them or nobody. As `send_on`, for each who is there."""
    for stay in stays:
        one = departure | {"key": uuid5(key, str(stay.uuid))}
        if not send_on(by=by, evacuation=evacuation, stay=stay, outcome=outcome, **one):
            transaction.set_rollback(True)
            return False
    return True


@transaction.atomic
def send_counted(
    *, by: User, evacuation: Evacuation, people: int, outcome: str, to_code: str, today: date, key: UUID
) -> EvacuationCounted:
    """So many of those who are not registered go. The same form again is the first one.

    Raises PermissionDenied, EvacuationIsOver, FewerAreLeft.
    """
    _refuse_foreign(by, evacuation)
    hold_heads(evacuation.shelter_id)
    held = _held(evacuation)
    if first := EvacuationCounted.objects.filter(evacuation=held, key=key).first():
        return first
    if held.finished_at is not None:
        raise EvacuationIsOver
    left = selectors.counted_left(held, today)
    if people > left:
        raise FewerAreLeft(left)
    gone = EvacuationCounted.objects.create(
        evacuation=held, people=people, outcome=outcome, to_code=to_code, by=by, key=key
    )
    audit.record(by=by, action="shelters.left", subject=gone, changes={"people": [None, people]})
    count_out(by=by, shelter=held.shelter, people=people, today=today)
    return gone


@transaction.atomic
def send_child(
    *, by: User, evacuation: Evacuation, child: UUID, outcome: str, to_code: str
) -> EvacuationChild:
    """Where a child of the programme goes who lives there. Twice the same child: the first answer.

    Raises PermissionDenied, EvacuationIsOver.
    """
    _refuse_foreign(by, evacuation)
    if first := evacuation.children.filter(subject=child).first():
        return first
    _refuse_over(evacuation)
    code = dict(selectors.children_left(by, evacuation)).get(child)
    if code is None:
        if first := evacuation.children.filter(subject=child).first():  # a colleague was quicker
            return first
        raise PermissionDenied
    gone = EvacuationChild.objects.create(
        evacuation=evacuation, subject=child, code=code, outcome=outcome, to_code=to_code, by=by
    )
    audit.record(by=by, action="shelters.left", subject=gone)
    return gone


@transaction.atomic
def settle_stock(*, by: User, evacuation: Evacuation, lines: list[Settled], today: date, key: UUID) -> int:
    """Write lines of the store off, or move them to another of our places; how many this form booked.

    The same form again books nothing and is the first answer, also once the evacuation is finished, on a
    later day, and where its lines are gone from the page or lie there anew. Raises PermissionDenied,
    EvacuationIsOver and the refusals of the ledger.
    """
    _refuse_foreign(by, evacuation)
    held = _held(evacuation)
    chosen = {_key_of_line(key, line.item, line.lot): line for line in lines}
    booked = {one.key: one for one in selectors.booked_out(held, chosen)}
    for known, first in booked.items():
        _refuse_other_content(first, chosen[known], by)
    left = selectors.taken_out(held).filter(by=by).select_related("item", "lot")
    gone = {one.key for one in left if one.key == _key_of_line(key, one.item, one.lot)}
    before = gone | booked.keys()
    if held.finished_at is not None and not (before and chosen.keys() <= before):
        raise EvacuationIsOver
    supply.hold_ledger()
    for known, line in chosen.items():
        if known not in before:
            _settle(line, by=by, store=evacuation.shelter.store, today=today, key=known)
    return len(chosen.keys() | before)


def _refuse_other_content(first: "Movement", line: Settled, by: User) -> None:
    """Day and amount are not the form's: a night may have passed, more have come. Raises KeyAlreadyUsed."""
    went_there = first.destination_id == line.to.pk if line.to else first.reason == line.reason
    if first.by_id != by.pk or not went_there:
        raise supply.KeyAlreadyUsed


def _settle(line: Settled, *, by: User, store: "Place", today: date, key: UUID) -> None:
    entry: supply.Entry = {
        "item": line.item,
        "lot": line.lot,
        "quantity": line.quantity,
        "occurred_on": today,
        "today": today,
        "key": key,
    }
    if line.to is not None:
        supply.transfer(by=by, source=store, destination=line.to, **entry)
    else:
        supply.log_loss(by=by, place=store, reason=line.reason, **entry)


def _key_of_line(form: UUID, item: "Item", lot: "Lot | None") -> UUID:
    """Under which a line of the form with this key is booked."""
    return uuid5(form, f"{item.uuid} {lot and lot.uuid}")


@transaction.atomic
def note_reached(*, by: User, call: EvacuationCall, now: datetime) -> EvacuationCall:
    """Somebody was reached by word of mouth. Twice: the first time."""
    _refuse_foreign(by, call.evacuation)
    if call.reached_at is None:
        call.reached_at = now
        call.save(update_fields=["reached_at"])
        audit.record(by=by, action="shelters.reached", subject=call.evacuation)
    return call


@transaction.atomic
def finish_evacuation(
    *, by: User, evacuation: Evacuation, today: date, now: datetime, reason: str = ""
) -> Evacuation:
    """Twice: the first time. `reason`: why it was begun, where that was not said then.

    Raises PermissionDenied, NotAllDone, WhyIsMissing.
    """
    _refuse_foreign(by, evacuation)
    found = _held(evacuation)
    if found.finished_at is not None:
        return found
    people = len(selectors.still_there(by, found, today)) + selectors.counted_left(found, today)
    guests, lines = len(selectors.still_expected(by, found)), selectors.lines_left(found.shelter)
    children = len(selectors.children_left(by, found))
    if people or guests or children or lines:
        raise NotAllDone(people, guests, children, lines)
    if not found.reason and not reason.strip():
        raise WhyIsMissing
    said_now = "" if found.reason else reason.strip()
    found.finished_at, found.finished_by, found.reason = now, by, found.reason or said_now
    found.save(update_fields=["finished_at", "finished_by", "reason"])
    audit.record(by=by, action="shelters.evacuation_finished", subject=found, reason=said_now)
    return found


def _held(evacuation: Evacuation) -> Evacuation:
    """As it is now; nobody finishes it or takes a step until this transaction ends."""
    return Evacuation.objects.select_for_update(of=("self",), no_key=True).get(pk=evacuation.pk)


def _refuse_over(evacuation: Evacuation) -> None:
    """Raises EvacuationIsOver."""
    if _held(evacuation).finished_at is not None:
        raise EvacuationIsOver


def _refuse_foreign(by: User, evacuation: Evacuation) -> None:
    if not by.may(Right.RESIDENTS_WRITE):
        raise PermissionDenied
    if not Evacuation.objects.visible_to(by).filter(pk=evacuation.pk).exists():
        raise PermissionDenied
