"""Lots of an item: made at first need, and put right where a number or a last day was mistyped."""

import re
import unicodedata
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.services import save_record
from supply import selectors
from supply.models import Item, Lot
from supply.services.ledger import broken_rule
from supply.services.refusals import LotHasOtherExpiry, LotReadsAsDay, ReceivedExpired, Refusal

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class LotNumberTaken(Refusal):
    about = "code"

    def __str__(self) -> str:
        return _(
            "This item has a lot of this number already. If both are the same goods, take back what was "
            "booked under the wrong number and book it under the right one."
        )


class ChangeNeedsReason(Refusal):
    about = "reason"

    def __str__(self) -> str:
        return _("Say why the lot is changed.")


@transaction.atomic
def lot_received(*, by: User, item: Item, code: str, expires_on: date | None, on: date) -> Lot:
    """`lot_of` what came in on a day. Raises LotReadsAsDay, LotHasOtherExpiry, ReceivedExpired."""
    lot = lot_of(by=by, item=item, code=code, expires_on=expires_on)
    if lot.expires_on and lot.expires_on < on:
        raise ReceivedExpired(lot, lot.expires_on, is_typed=expires_on is not None)
    return lot


@transaction.atomic
def lot_of(*, by: User, item: Item, code: str = "", expires_on: date | None = None) -> Lot:
    """The item's lot of this number, made at first need; without a last day it takes the first that is told.

    A day mistyped the first time is put right by who books anew once nothing else leans on it: what was
    booked was taken back. Raises LotReadsAsDay, LotHasOtherExpiry.
    """
    code = code.strip() or (expires_on.isoformat() if expires_on else "")
    lot = selectors.lot_numbered(item, code) or _added(by, item, code, expires_on)
    lot = lot or selectors.lot_numbered(item, code)  # somebody else was quicker
    if lot is None:
        raise Lot.DoesNotExist
    _refuse_day_for_number(lot, code, expires_on)
    return lot if expires_on is None or lot.expires_on == expires_on else _dated(by, lot, expires_on)


def _refuse_day_for_number(lot: Lot, code: str, expires_on: date | None) -> None:
    """20261130 printed on a pack is not the day by which a lot without a number is named, nor the other way
    round, unless both last as long. Raises LotReadsAsDay."""
    written = unicodedata.normalize("NFKC", code)
    is_a_day = _DAY.fullmatch(written) or _DAY.fullmatch(lot.code)
    if is_a_day and written != lot.code and expires_on != lot.expires_on:
        raise LotReadsAsDay(lot, code)


def _added(by: User, item: Item, code: str, expires_on: date | None) -> Lot | None:
    values: dict[str, Any] = {"item": item, "code": code, "expires_on": expires_on}
    try:
        with transaction.atomic():
            return save_record(by=by, record=Lot(), action="supply.lot_added", **values)
    except (ValidationError, IntegrityError):
        return None


def _dated(by: User, lot: Lot, expires_on: date) -> Lot:
    """By the database, which alone knows whether a place that the person does not see leans on the lot."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT supply_date_lot(%s, %s)", [lot.pk, expires_on])
        if not cursor.fetchone()[0]:
            raise LotHasOtherExpiry(lot)
    before, lot.expires_on = lot.expires_on, expires_on
    days = [before and before.isoformat(), expires_on.isoformat()]
    audit.record(by=by, action="supply.lot_changed", subject=lot, changes={"expires_on": days})
    return lot


@transaction.atomic
def change_lot(*, by: User, lot: Lot, code: str, expires_on: date | None, reason: str) -> Lot:
    """What is printed on the pack after all. Raises ChangeNeedsReason, LotNumberTaken."""
    if not reason.strip():
        raise ChangeNeedsReason
    lot = Lot.objects.select_for_update(of=("self",)).get(pk=lot.pk)
    if expires_on and lot.expires_on and code.strip() == lot.code == lot.expires_on.isoformat():
        code = expires_on.isoformat()  # without a printed number it is named by its day
    values: dict[str, Any] = {"code": code.strip(), "expires_on": expires_on} | (
        {"apart": 0} if code != lot.code else {}
    )
    try:
        with transaction.atomic():
            return save_record(
                by=by, record=lot, action="supply.lot_changed", reason=reason.strip()[:200], **values
            )
    except ValidationError as error:
        raise LotNumberTaken from error
    except IntegrityError as error:
        if "lot_one" in broken_rule(error)[0]:
            raise LotNumberTaken from error
        raise
