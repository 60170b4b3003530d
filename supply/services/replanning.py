"""Other lines for a consignment that is planned and not packed."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.meanwhile import mark_of
from core.texts import listed
from supply import selectors
from supply.enums import ConsignmentState
from supply.models import Consignment, ConsignmentLine
from supply.services.consignments import SEPARATOR, Wanted, lines_told, refuse_plan
from supply.services.refusals import Refusal
from supply.services.shut import refuse_shut
from supply.services.steps import hold_consignment


class LinesArePacked(Refusal):
    def __init__(self, consignment: Consignment) -> None:
        self.consignment = consignment

    def __str__(self) -> str:
        return _(
            "%(code)s is %(state)s already: its lines stay as they are. While it has not left, pack it "
            "again with other amounts, or cancel it and plan another."
        ) % {
            "code": self.consignment.code,
            "state": ConsignmentState(self.consignment.state).label,
        }


class LinesChangedMeanwhile(Refusal):
    def __init__(self, consignment: Consignment, lines: list[str]) -> None:
        self.consignment, self.lines = consignment, lines

    def __str__(self) -> str:
        return _(
            "The lines of %(code)s were changed meanwhile by a colleague. What you typed is still here; it "
            "says now: %(lines)s. Add to yours what should stay, then save again."
        ) % {"code": self.consignment.code, "lines": listed(self.lines) or "–"}


def lines_mark(consignment: Consignment) -> str:
    """Of its lines as they are now: a page carries it, and `change_lines` compares."""
    return _mark(_planned(selectors.lines_of(consignment)))


def _mark(lines: list[str]) -> str:
    return mark_of("lines", SEPARATOR.join(lines))


@transaction.atomic
def change_lines(
    *, by: User, consignment: Consignment, lines: Iterable[Wanted], shown: str = ""
) -> Consignment:
    """These lines instead of those it has. Sent twice, the second time nothing changes.

    `shown`: `lines_mark` of those that the page showed. A line that is left out stays as a row that plans
    nothing. Raises LinesArePacked, LinesChangedMeanwhile, NothingPlanned, WrongPlace, PlaceIsShut,
    NotAnAmount, WholeUnitsOnly.
    """
    hold_consignment(consignment)
    if consignment.state != ConsignmentState.PLANNED:
        raise LinesArePacked(consignment)
    wanted = list(lines)
    refuse_plan(consignment.source, wanted)
    refuse_shut(one.destination for one in wanted)
    left = list(selectors.lines_of(consignment))
    before = _planned(left)
    after = lines_told((one.item.code, one.quantity, one.destination.code) for one in wanted)
    if shown and before != after and shown != _mark(before):
        raise LinesChangedMeanwhile(consignment, before)
    for one in wanted:
        same = (one.item.pk, one.destination.pk)
        line = next((line for line in left if (line.item_id, line.destination_id) == same), None)
        if line is None:
            line = ConsignmentLine(consignment=consignment, item=one.item, destination=one.destination)
        else:
            left.remove(line)
        line.planned, line.typed = one.quantity, one.typed[:60]
        line.save()
    for line in left:
        line.planned, line.typed = 0, ""
        line.save(update_fields=["planned", "typed"])
    if before != after:
        changes = {"lines": [SEPARATOR.join(before), SEPARATOR.join(after)]}
        audit.record(by=by, action="consignment.changed", subject=consignment, changes=changes)
    return consignment


def _planned(lines: Iterable[ConsignmentLine]) -> list[str]:
    return lines_told((line.item.code, line.planned, line.destination.code) for line in lines)
