"""What field staff log at their shelters. The ledger itself is kept by `supply.services`."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Unpack

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.transactions import joined_atomic
from shelters.enums import Entry
from shelters.models import Shelter
from shelters.selectors import Own
from supply import selectors
from supply import services as supply
from supply.enums import Reason
from supply.services import Refusal

if TYPE_CHECKING:
    from supply.models import Movement, Place, StockCount


UNDO_MINUTES = 10


class TooLateToUndo(Refusal):
    def __str__(self) -> str:
        return _(
            "Only your own entry of the last %(minutes)s minutes can be taken back here. "
            "Count the item instead: the difference is booked."
        ) % {"minutes": UNDO_MINUTES}


class NowhereToMove(Refusal):
    def __str__(self) -> str:
        return _("Choose the shelter to which it was moved.")


@joined_atomic()
def log_supplies(
    *,
    by: User,
    shelter: Shelter,
    kind: Entry,
    reason: str = "",
    destination: Shelter | None = None,
    own: Own | None = None,
    lot_code: str = "",
    expires_on: date | None = None,
    first_out: bool = False,
    **entry: Unpack[supply.Entry],
) -> "Movement | StockCount":
    """Book one line at the shelter's store; the same key again is the first booking.

    `reason`: of what came or was lost; `destination`: another shelter of the person, for what was moved;
    `own`: their shelters, if they were looked up in this transaction; `lot_code`, `expires_on`: as printed on
    what was received; `first_out`: used of the lots that expire first, as many as it takes, whatever the lot.
    Raises PermissionDenied at another's shelter, and the refusals of the ledger.
    """
    _refuse_foreign(by, shelter, own)
    place = shelter.store
    match kind:
        case Entry.RECEIVED:
            return _receive(by=by, place=place, reason=reason, code=lot_code, expires_on=expires_on, **entry)
        case Entry.USED if first_out:
            return supply.use_first_out(by=by, place=place, **entry)
        case Entry.USED:
            return supply.log_use(by=by, place=place, **entry)
        case Entry.HANDED_OUT:
            return supply.log_use(by=by, place=place, reason=Reason.HANDED_OUT, **entry)
        case Entry.MOVED:
            if destination is None:
                raise NowhereToMove
            _refuse_foreign(by, destination, own)
            return supply.transfer(by=by, source=place, destination=destination.store, **entry)
        case Entry.LOST:
            return supply.log_loss(by=by, place=place, reason=reason, **entry)
        case Entry.COUNTED:
            return supply.log_count(by=by, place=place, **entry)


def _receive(
    *,
    by: User,
    place: "Place",
    reason: str,
    code: str,
    expires_on: date | None,
    **entry: Unpack[supply.Entry],
) -> "Movement":
    """The lot of what is printed on the pack is made at first need.

    A day alone: the chosen lot where it has this day or none, else the lot of the day.
    """
    if not code and expires_on is None:
        return supply.log_receipt(by=by, place=place, reason=reason, **entry)
    chosen = entry.get("lot")
    if not code and chosen and chosen.expires_on in (None, expires_on):
        code = chosen.code
    item, on = entry["item"], entry["occurred_on"]
    with transaction.atomic():  # a lot that was made for what is then refused is not kept
        entry["lot"] = supply.lot_received(by=by, item=item, code=code, expires_on=expires_on, on=on)
        return supply.log_receipt(by=by, place=place, reason=reason, **entry)


@transaction.atomic
def take_back(
    *, by: User, shelter: Shelter, movement: "Movement", now: datetime, today: date
) -> "list[Movement]":
    """Reverse one's own fresh entry with all of what it was booked with: the whole, or nothing.

    The reversals; twice the same: the first ones. Raises PermissionDenied, TooLateToUndo, refusals of the
    ledger.
    """
    _refuse_foreign(by, shelter)
    if movement.reverses_id is not None or not _is_own_and_fresh(movement, by=by, now=now):
        raise TooLateToUndo
    whole = selectors.booking_of(movement)
    if len(whole) > 1:
        supply.hold_ledger()
    left = [one for one in whole if not _is_taken_back_by_another(one, by)]
    return [
        supply.reverse_movement(by=by, movement=one, today=today, reason=_("mistyped, taken back"))
        for one in left or whole
    ]


def may_take_back(movements: "Iterable[Any]", *, by: User, now: datetime) -> set[int]:
    """Ids of those that `take_back` would take: one's own fresh entries, no mistake, no step of a journey.

    Of a booking out of several lots the last alone: it is taken back as one.
    `movements`: annotated `is_mistake`. One query, none where nothing is fresh.
    """
    fresh = [one for one in movements if not one.is_mistake and _is_own_and_fresh(one, by=by, now=now)]
    used = [one for one in fresh if one.reason == Reason.USED]
    times = Counter(one.item_id for one in used)
    parts = {part for one in used if times[one.item_id] > 1 for part in selectors.keys_of_parts(one.key)}
    return {one.pk for one in fresh if one.key not in parts} - selectors.steps_among(fresh)


def _is_taken_back_by_another(movement: "Movement", by: User) -> bool:
    reversal = getattr(movement, "reversed_by", None)
    return reversal is not None and reversal.by_id != by.pk


def _is_own_and_fresh(movement: "Movement", *, by: User, now: datetime) -> bool:
    return movement.by_id == by.pk and now - movement.recorded_at <= timedelta(minutes=UNDO_MINUTES)


def _refuse_foreign(by: User, shelter: Shelter, own: Own | None = None) -> None:
    """The view's door has asked already; a caller without one must not get past."""
    if own is not None and own.by == by:
        is_own = shelter in own.shelters
    else:
        is_own = Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists()
    if not is_own:
        raise PermissionDenied
