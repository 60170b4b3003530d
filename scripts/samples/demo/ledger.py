"""Movements gathered in any order, written in the order of their days with numbers of their own."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from scripts.samples.book import Book
from scripts.samples.demo.people import address
from scripts.samples.shared import PACKS


@dataclass(frozen=True)
class Move:
    day: date
    item: str
    quantity: float
    source: str
    destination: str
    reason: str
    who: str
    lot: str | None = None
    route: str | None = None
    document: str = ""
    season: str | None = None  # clothing given at a shelter
    case: str | None = None  # handed out for a medical case


class Ledger:
    """`spare`: what a warehouse holds of an item beyond what it hands on, while purchases are planned."""

    def __init__(self) -> None:
        self.rows: list[Move] = []
        self.spare: dict[tuple[str, str], float] = defaultdict(float)

    def move(
        self,
        day: date,
        item: str,
        quantity: float,
        source: str,
        destination: str,
        reason: str,
        who: str,
        **more: str | None,
    ) -> None:
        quantity = round(quantity, 3)
        if quantity > 0:
            self.rows.append(Move(day, item, quantity, source, destination, reason, who, **more))

    def stock(self, place: str, item: str) -> float:
        """What lies there after all rows so far."""
        came = sum(row.quantity for row in self.rows if (row.destination, row.item) == (place, item))
        went = sum(row.quantity for row in self.rows if (row.source, row.item) == (place, item))
        return round(came - went, 3)

    def first_unlogged(self, place: str, item: str, otherwise: date) -> date:
        """The day after the last use that was logged."""
        used = [row.day for row in self.rows if (row.source, row.item) == (place, item)]
        return max(used) + timedelta(1) if used else otherwise

    def write(self, book: Book) -> None:
        for number, row in enumerate(sorted(self.rows, key=lambda row: row.day), 1):
            book.add(
                "Movements",
                key=f"D-{number:04}",
                occurred_on=row.day,
                item=row.item,
                lot=row.lot,
                quantity=row.quantity,
                source=row.source,
                destination=row.destination,
                reason=row.reason,
                route=row.route,
                by=address(row.who),
                typed=_typed(row),
                document=row.document,
            )
            if row.season:
                book.add(
                    "Clothing given",
                    movement=f"D-{number:04}",
                    shelter=row.source.removeprefix("ST-"),
                    season=row.season,
                    people=int(row.quantity),
                )
            if row.case:
                book.add("Supplies for cases", movement=f"D-{number:04}", case=row.case)


def _typed(row: Move) -> str:
    """ "4 × bag of 25 kg" where it was whole packs."""
    for pack, (_pack_ja, quantity) in PACKS.get(row.item, {}).items():
        if row.reason in ("bought", "delivered", "given") and row.quantity % quantity == 0:
            return f"{row.quantity / quantity:g} × {pack}"
    return f"{row.quantity:g}"
