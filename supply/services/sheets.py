"""A whole place counted: taken down, counted blind, handed in, finished by somebody else.

What is taken down and what is booked stands still meanwhile: both hold the ledger for a moment.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core import audit
from supply import selectors
from supply.enums import OPEN_COUNTS, CountState, PlaceKind
from supply.models import CountLine, CountSheet, Item, Lot, Place, StockCount
from supply.services.entries import Entry, book_count
from supply.services.ledger import (
    first_open_day,
    hold_ledger,
    other_side,
    refuse_closed_month,
    refuse_lot,
    refuse_quantity,
)
from supply.services.refusals import (
    CountedByOneself,
    CountGoingOn,
    CountIsOver,
    CountTooOld,
    DifferenceNeedsReason,
    KeyAlreadyUsed,
    LineMoved,
    LineNotCounted,
    NotTheCounter,
    WrongPlace,
)


@transaction.atomic
def begin_count(*, by: User, place: Place, today: date, key: UUID) -> CountSheet:
    """Take down what the place holds. The same key again is the first sheet. Raises CountGoingOn."""
    if not place.is_real:
        raise WrongPlace(place)
    hold_ledger()
    first = CountSheet.objects.filter(key=key).first()
    if first is not None:
        if (first.place_id, first.counter_id) != (place.pk, by.pk):
            raise KeyAlreadyUsed
        return first
    going_on = selectors.open_sheet_of(place)
    if going_on is not None:
        raise CountGoingOn(going_on)
    sheet = CountSheet.objects.create(place=place, counted_on=today, counter=by, key=key)
    last = selectors.newest_of_lines(place)
    CountLine.objects.bulk_create(
        CountLine(
            sheet=sheet, item_id=line.item_id, lot_id=line.lot_id, expected=line.quantity,
            last_movement=last.get((line.item_id, line.lot_id), 0),
        )
        for line in selectors.lines_to_take_down(place)
    )  # fmt: skip
    audit.record(by=by, action="stock.count_begun", subject=sheet)
    return sheet


@transaction.atomic
def add_count_line(*, by: User, sheet: CountSheet, item: Item, lot: Lot | None = None) -> CountLine:
    """What the ledger does not expect there. Twice the same: one line."""
    hold_ledger()
    sheet = _held(sheet, CountState.COUNTING)
    _refuse_others(by, sheet)
    refuse_lot(item, lot)
    line = CountLine.objects.filter(sheet=sheet, item=item, lot=lot).first()
    if line is None:
        line = CountLine(sheet=sheet, item=item, lot=lot)
        _take_down(line)
    return line


@transaction.atomic
def write_counts(
    *, by: User, sheet: CountSheet, found: Mapping[int, tuple[Decimal, str]], is_done: bool = False
) -> CountSheet:
    """`found`: key of a line → quantity in the base unit, as typed. `is_done`: hand it in as well.

    Raises NotTheCounter, LineNotCounted.
    """
    sheet = _held(sheet, CountState.COUNTING)
    _refuse_others(by, sheet)
    for line in selectors.lines_of_sheet(sheet):
        if line.pk in found:
            line.counted, line.typed = found[line.pk]
            refuse_quantity(line.item, line.counted, zero=True)
            line.save(update_fields=["counted", "typed"])
        elif is_done and line.counted is None:
            raise LineNotCounted(line)
    if is_done:
        sheet.state = CountState.COUNTED
        sheet.save(update_fields=["state"])
        audit.record(by=by, action="stock.count_handed_in", subject=sheet)
    return sheet


@transaction.atomic
def recount(*, by: User, line: CountLine) -> CountLine:
    """Take the line down afresh; the sheet goes back to who counts."""
    hold_ledger()
    sheet = _held(line.sheet, *OPEN_COUNTS)
    line.counted, line.typed, line.reason = None, "", ""
    _take_down(line)
    sheet.state = CountState.COUNTING
    sheet.save(update_fields=["state"])
    audit.record(by=by, action="stock.count_again", subject=sheet, changes={"line": [None, str(line)]})
    return line


@transaction.atomic
def finish_count(*, by: User, sheet: CountSheet, reasons: Mapping[int, str], now: datetime) -> CountSheet:
    """Differences become movements, dated on the day of the count. `reasons`: key of a line → why.

    Pressed twice it is finished once. Raises CountedByOneself, CountTooOld, LineMoved,
    DifferenceNeedsReason, MonthClosed.
    """
    hold_ledger()
    sheet = _held(sheet, CountState.COUNTED, CountState.FINISHED)
    if sheet.state == CountState.FINISHED:
        if sheet.finisher_id != by.pk:
            raise CountIsOver
        return sheet
    if sheet.counter_id == by.pk:
        raise CountedByOneself
    if sheet.counted_on < (first := first_open_day(now.astimezone(timezone.get_current_timezone()).date())):
        raise CountTooOld(sheet, first)
    refuse_closed_month(sheet.counted_on)
    other = other_side(by=by, kind=PlaceKind.COUNTED)
    last = selectors.newest_of_lines(sheet.place)
    lines = list(selectors.lines_of_sheet(sheet))
    for line in lines:
        if last.get((line.item_id, line.lot_id), 0) != line.last_movement:
            raise LineMoved(line)
        line.reason = reasons.get(line.pk, "").strip()
        if line.is_different and not line.reason:
            raise DifferenceNeedsReason(line)
    for line in lines:
        line.result = _booked(by, sheet, line, other)
        line.save(update_fields=["reason", "result"])
    sheet.state, sheet.finisher, sheet.finished_at = CountState.FINISHED, by, now
    sheet.save(update_fields=["state", "finisher", "finished_at"])
    audit.record(by=by, action="stock.count_finished", subject=sheet)
    return sheet


@transaction.atomic
def set_count_aside(*, by: User, sheet: CountSheet) -> CountSheet:
    """Nothing is booked; the place can be counted anew. Twice the same: set aside once."""
    sheet = _held(sheet, *OPEN_COUNTS, CountState.SET_ASIDE)
    if sheet.state == CountState.SET_ASIDE:
        return sheet
    sheet.state = CountState.SET_ASIDE
    sheet.save(update_fields=["state"])
    audit.record(by=by, action="stock.count_set_aside", subject=sheet)
    return sheet


def _held(sheet: CountSheet, *states: CountState) -> CountSheet:
    held = CountSheet.objects.select_for_update(no_key=True, of=("self",)).select_related("place")
    found = held.get(pk=sheet.pk)
    if found.state not in states:
        raise CountIsOver
    return found


def _refuse_others(by: User, sheet: CountSheet) -> None:
    if sheet.counter_id != by.pk:
        raise NotTheCounter


def _take_down(line: CountLine) -> None:
    """The caller holds the ledger, always before the sheet."""
    place = line.sheet.place
    line.expected = selectors.held(place, line.item, line.lot)
    line.last_movement = selectors.newest_of_lines(place).get((line.item_id, line.lot_id), 0)
    line.save()


def _booked(by: User, sheet: CountSheet, line: CountLine, other: Place) -> StockCount:
    entry: Entry = {
        "item": line.item, "lot": line.lot, "quantity": line.counted or Decimal(0),
        "occurred_on": sheet.counted_on, "today": sheet.counted_on, "key": uuid5(sheet.key, str(line.uuid)),
        "typed": line.typed, "document": line.reason,
    }  # fmt: skip
    return book_count(by=by, place=sheet.place, other=other, expected=line.expected, entry=entry)
