"""Why the ledger refuses an entry: each a sentence that says what to do."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.texts import listed
from supply.enums import Reason, Unit
from supply.models import ConsignmentLine, CountLine, CountSheet, Item, Lot, Movement, Place


class Refusal(Exception):
    """The base of all refusals of the ledger: nothing was booked. `about`: the field of a form to change."""

    about = ""


class NotAnAmount(Refusal):
    about = "number"

    def __str__(self) -> str:
        return _("Give an amount above zero, with at most three digits after the point.")


class WholeUnitsOnly(Refusal):
    about = "number"

    def __init__(self, item: Item) -> None:
        self.item = item

    def __str__(self) -> str:
        return _("%(item)s is counted in whole units. Give a whole number.") % {"item": self.item}


class NotEnoughStock(Refusal):
    """`held`: what the place has of the item and lot, in the base unit."""

    about = "number"

    def __init__(self, place: Place, item: Item, lot: Lot | None, held: Decimal) -> None:
        self.place, self.item, self.lot, self.held = place, item, lot, held

    def __str__(self) -> str:
        return _(
            "There is only this much %(item)s at %(place)s: %(held)s. Book less, or log first what came in."
        ) % {
            "held": Unit(self.item.base_unit).amount(self.held),
            "item": f"{self.item} {self.lot}" if self.lot else self.item,
            "place": self.place.code,
        }


class NotCoveredOnDay(Refusal):
    about = "occurred_on"

    def __init__(self, place: Place, item: Item, day: date) -> None:
        self.place, self.item, self.day = place, item, day

    def __str__(self) -> str:
        return _(
            "With this entry, more %(item)s would have left %(place)s by %(day)s than had come in. "
            "Choose a later day, or log first what came in before."
        ) % {"item": self.item, "place": self.place.code, "day": date_format(self.day)}


class DayNotAllowed(Refusal):
    """`first`: the first day that may still be booked."""

    about = "occurred_on"

    def __init__(self, first: date, today: date) -> None:
        self.first, self.today = first, today

    def __str__(self) -> str:
        return _("Choose a day from %(first)s to %(today)s.") % {
            "first": date_format(self.first),
            "today": date_format(self.today),
        }


class MonthClosed(Refusal):
    """`month`: any day of it."""

    about = "occurred_on"

    def __init__(self, month: date) -> None:
        self.month = month

    def __str__(self) -> str:
        return _(
            "%(month)s is closed: nothing is booked there any more. Choose a later day, or ask the supply "
            "coordinator to open the month again."
        ) % {"month": _named(self.month)}


class MonthNotOver(Refusal):
    def __init__(self, month: date) -> None:
        self.month = month

    def __str__(self) -> str:
        return _("%(month)s is not over yet. Close it when its last day has passed.") % {
            "month": _named(self.month)
        }


class MonthClosedAlready(Refusal):
    def __init__(self, month: date) -> None:
        self.month = month

    def __str__(self) -> str:
        return _("%(month)s is closed already.") % {"month": _named(self.month)}


class MonthOpenAlready(Refusal):
    def __init__(self, month: date) -> None:
        self.month = month

    def __str__(self) -> str:
        return _("%(month)s is open. There is nothing to open again.") % {"month": _named(self.month)}


class ReopeningNeedsReason(Refusal):
    def __str__(self) -> str:
        return _("Say why the month is opened again.")


class WrongReason(Refusal):
    def __init__(self, allowed: Iterable[Reason]) -> None:
        self.allowed = tuple(allowed)

    def __str__(self) -> str:
        return _("Choose one of these reasons: %(reasons)s.") % {
            "reasons": listed(reason.label for reason in self.allowed)
        }


class WrongPlace(Refusal):
    about = "destination"

    def __init__(self, place: Place) -> None:
        self.place = place

    def __str__(self) -> str:
        return _("%(place)s (%(kind)s) cannot be used for this entry. Choose another place.") % {
            "place": self.place.code,
            "kind": self.place.get_kind_display(),
        }


class LotOfAnotherItem(Refusal):
    about = "line"

    def __str__(self) -> str:
        return _("This lot belongs to another item. Choose a lot of this item.")


class LotExpired(Refusal):
    """`day`: the last on which it may be used; `line`: of a consignment, if it was packed for one."""

    about = "line"

    def __init__(self, lot: Lot, day: date, line: ConsignmentLine | None = None) -> None:
        self.lot, self.day, self.line = lot, day, line

    def __str__(self) -> str:
        return _(
            "%(item)s %(lot)s was to be used by %(day)s: give it to nobody. Choose another lot, "
            "or log this one as spoiled."
        ) % {"item": self.lot.item, "lot": self.lot, "day": date_format(self.day)}


class ReceivedExpired(LotExpired):
    """It comes in with a last day that is over. `is_typed`: the form says the day, not the number alone."""

    def __init__(self, lot: Lot, day: date, *, is_typed: bool) -> None:
        super().__init__(lot, day)
        self.about = "expires_on" if is_typed else "lot_code"

    def __str__(self) -> str:
        return _(
            "%(item)s %(lot)s was to be used by %(day)s. What has expired is not received: put the day "
            "right, or leave it out of the store."
        ) % {"item": self.lot.item, "lot": self.lot, "day": date_format(self.day)}


class LotHasOtherExpiry(Refusal):
    about = "expires_on"

    def __init__(self, lot: Lot) -> None:
        self.lot = lot

    def __str__(self) -> str:
        return _(
            "Lot %(lot)s is known to expire on %(day)s. Write that day, or another lot. If the pack says "
            "another day, leave the day empty and tell the supply coordinator, who can change it."
        ) % {"lot": self.lot, "day": self.lot.expires_on and date_format(self.lot.expires_on)}


class LotReadsAsDay(Refusal):
    about = "lot_code"

    def __init__(self, lot: Lot, code: str) -> None:
        self.lot, self.code = lot, code

    def __str__(self) -> str:
        return _(
            "%(lot)s is a lot of this item already, reads almost as %(code)s and may be another pack. If it "
            "is the same, write the lot just as %(lot)s; if not, with a letter before it, such as L%(code)s."
        ) % {"lot": self.lot, "code": self.code}


class UnitIsKept(Refusal):
    def __str__(self) -> str:
        return _(
            "Amounts of this item are written in its base unit, of packs or plans for example: it stays. "
            "Add a new item for another unit."
        )


class CodeTaken(Refusal):
    def __str__(self) -> str:
        return _("This code or name is taken already. Choose another one.")


class CountGoingOn(Refusal):
    def __init__(self, sheet: CountSheet) -> None:
        self.sheet = sheet

    def __str__(self) -> str:
        return _("%(place)s is being counted already. Finish that count, or set it aside.") % {
            "place": self.sheet.place.code
        }


class CountIsOver(Refusal):
    def __str__(self) -> str:
        return _("This count is not open any more. Begin a new one.")


class CountTooOld(Refusal):
    def __init__(self, sheet: CountSheet, first: date) -> None:
        self.sheet, self.first = sheet, first

    def __str__(self) -> str:
        return _(
            "%(place)s was counted on %(day)s; nothing is booked before %(first)s any more. Set this count "
            "aside and count it again."
        ) % {
            "place": self.sheet.place.code,
            "day": date_format(self.sheet.counted_on),
            "first": date_format(self.first),
        }


class NotTheCounter(Refusal):
    def __str__(self) -> str:
        return _("Only who began this count writes down what was found.")


class LineNotCounted(Refusal):
    """`line`: the first that has no number yet."""

    def __init__(self, line: CountLine) -> None:
        self.line = line

    def __str__(self) -> str:
        return _("%(line)s is not counted yet. Write 0 when there is none.") % {"line": self.line}


class CountedByOneself(Refusal):
    def __str__(self) -> str:
        return _("You counted this yourself. Ask a colleague or the supply coordinator to finish it.")


class DifferenceNeedsReason(Refusal):
    def __init__(self, line: CountLine) -> None:
        self.line = line

    def __str__(self) -> str:
        return _("%(line)s differs from what was expected. Say why, as far as you know.") % {
            "line": self.line
        }


class LineMoved(Refusal):
    def __init__(self, line: CountLine) -> None:
        self.line = line

    def __str__(self) -> str:
        return _("%(line)s was booked since the count began. Have this line counted again.") % {
            "line": self.line
        }


class KeyAlreadyUsed(Refusal):
    about = "key"

    def __str__(self) -> str:
        return _(
            "This form was already booked with other content. Check the last entries before you book again."
        )


class AlreadyReversed(Refusal):
    def __str__(self) -> str:
        return _("This entry has already been taken back.")


class CostIsACorrection(Refusal):
    def __str__(self) -> str:
        return _("A correction cannot be taken back itself. Add the right cost as a new one.")


class CannotReverse(Refusal):
    def __init__(self, movement: Movement) -> None:
        self.movement = movement

    def __str__(self) -> str:
        return _("A correction cannot be taken back itself. Log the right amount as a new entry.")


class IsAStep(Refusal):
    """A movement of a consignment is not taken back by itself."""

    def __init__(self, movement: Movement) -> None:
        self.movement = movement

    def __str__(self) -> str:
        return _(
            "This was moved by a consignment. Ask the supply coordinator to take it back on the page of the "
            "consignment: %(code)s."
        ) % {"code": self.movement.document.split(" ")[0]}


class ReasonMissing(Refusal):
    def __str__(self) -> str:
        return _("Say why this entry is taken back.")


def _named(month: date) -> str:
    return date_format(month, "YEAR_MONTH_FORMAT")
