"""A paper sheet of a day, typed in afterwards: all of it or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.db import transaction

from accounts.models import User
from shelters.enums import Entry
from shelters.models import Shelter
from shelters.services.supplies import log_supplies
from supply import services as supply
from supply.enums import Reason
from supply.services import Refusal

if TYPE_CHECKING:
    from supply.models import Item, Lot, Movement, StockCount

# In which order a day is booked: what came in may be used, and the count is what is there in the evening.
IN_ORDER = (Entry.RECEIVED, Entry.USED, Entry.LOST, Entry.COUNTED)
REASONS = {Entry.RECEIVED: Reason.DELIVERED, Entry.LOST: Reason.LOST}


@dataclass(frozen=True)
class Cell:
    """One written cell. `name`: of its field, one a sheet; `quantity`: in the item's base unit.

    `lot_code`, `expires_on`: as printed on the pack, where the lot is none that was chosen.
    """

    name: str
    kind: Entry
    item: "Item"
    lot: "Lot | None"
    quantity: Decimal
    typed: str
    lot_code: str = ""
    expires_on: date | None = None


def key_of_cell(sheet: UUID, name: str) -> UUID:
    """The key under which a cell of the sheet with this key is booked."""
    return uuid5(sheet, name)


class SheetRefused(Exception):
    """Nothing was booked. `refusals`: name of a cell → why."""

    def __init__(self, refusals: dict[str, Refusal]) -> None:
        super().__init__()
        self.refusals = refusals


@transaction.atomic
def log_day_sheet(
    *, by: User, shelter: Shelter, cells: Sequence[Cell], occurred_on: date, today: date, key: UUID
) -> "list[Movement | StockCount]":
    """Book every cell on the day, each under a key of its own that follows from the sheet's.

    The same sheet again is the first booking; cells added to it since are booked, changed ones refused.
    Raises SheetRefused with every cell that the ledger refuses, PermissionDenied at another's shelter.
    """
    supply.hold_ledger()
    booked: list[Movement | StockCount] = []
    refusals: dict[str, Refusal] = {}
    for cell in sorted(cells, key=lambda cell: IN_ORDER.index(cell.kind)):
        try:
            booked.append(
                log_supplies(
                    by=by,
                    shelter=shelter,
                    kind=cell.kind,
                    reason=REASONS.get(cell.kind, ""),
                    item=cell.item,
                    quantity=cell.quantity,
                    typed=cell.typed,
                    occurred_on=occurred_on,
                    today=today,
                    key=key_of_cell(key, cell.name),
                    **_lot_of(by, cell),
                )
            )
        except Refusal as refusal:
            refusals[cell.name] = refusal
    if refusals:
        raise SheetRefused(refusals)
    return booked


def _lot_of(by: User, cell: Cell) -> dict[str, Any]:
    """What was received makes its lot; what then happened to it is booked on the same. Raises
    LotReadsAsDay, LotHasOtherExpiry."""
    printed = {"lot_code": cell.lot_code, "expires_on": cell.expires_on}
    if cell.kind == Entry.RECEIVED:
        return {"lot": cell.lot} | printed
    if not any(printed.values()):
        return {"lot": cell.lot}
    return {"lot": supply.lot_of(by=by, item=cell.item, code=cell.lot_code, expires_on=cell.expires_on)}
