"""What stands on a store's shelves, in the order in which it should be taken."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from supply import selectors as supply
from supply.enums import Unit

if TYPE_CHECKING:
    from supply.models import Item, Lot, Place


@dataclass(frozen=True)
class Line:
    """An item and one of its lots, or what has no lot. `held`: in the base unit; `among_lots`: what has no
    lot, while some of it lies there in lots."""

    item: "Item"
    lot: "Lot | None"
    held: Decimal
    has_expired: bool = False
    among_lots: bool = False

    @property
    def value(self) -> str:
        """How a form names it."""
        return _value_of(self.item, self.lot)


def _value_of(item: "Item", lot: "Lot | None") -> str:
    return f"{item.uuid}.{lot.uuid}" if lot else str(item.uuid)


class Named(NamedTuple):
    """What a form named of a store: an item, and the lot if it named one."""

    item: "Item"
    lot: "Lot | None"


def line_named(place: "Place", value: str) -> Named | None:
    """The line that a form named by `Line.value`, if it is one of the store's, used up or not. One query."""
    try:
        item_uuid, *lot_uuids = [UUID(part) for part in value.split(".", 1)]
    except ValueError:
        return None
    if lot_uuids:
        lot = supply.lots_at(place).filter(uuid=lot_uuids[0]).select_related("item").first()
        item = lot and lot.item
    else:
        lot, item = None, supply.item_named(item_uuid)
    # A UUID can be written in several ways; the form has written it in one.
    return Named(item, lot) if item is not None and _value_of(item, lot) == value else None


class Shelves:
    """The lines of one store, the item that was moved last first. Four queries and one for the packs."""

    def __init__(self, place: "Place", day: date) -> None:
        self.day = day
        self.items = list(supply.items())
        self.lots = list(supply.lots_at(place))  # first to expire first
        held = supply.totals([place.pk], [item.pk for item in self.items])
        self.held = {item.pk: held.get((place.pk, item.pk), Decimal(0)) for item in self.items}
        ranks = supply.last_used(place)

        def rank(item: "Item") -> tuple[bool, int]:
            return (place.pk, item.pk) not in held, ranks.get(item.pk, len(ranks))

        self.items.sort(key=rank)
        self.newest_items = self.items[: len(held)]  # those that were ever there

    def lines_of(self, item: "Item", *, used_up: bool = False) -> list[Line]:
        """First to expire first, then what has no lot, at the end what has expired.

        `used_up`: also lots of which nothing is left.
        """
        all_lots = [self._line(lot, item) for lot in self.lots if lot.item_id == item.pk]
        lots = [line for line in all_lots if line.held or used_up]
        fresh = [line for line in lots if not line.has_expired]
        left = self.held[item.pk] - sum(line.held for line in all_lots)
        loose = Line(item, None, left, among_lots=any(line.held for line in all_lots))
        return [*fresh, loose, *(line for line in lots if line.has_expired)]

    def _line(self, lot: "Lot", item: "Item") -> Line:
        expired = lot.expires_on is not None and lot.expires_on < self.day
        return Line(item, lot, lot.held, expired)  # type: ignore[attr-defined]

    def first_out(self, item: "Item") -> Line | None:
        """The line to take from: the first to expire that holds something and has not expired."""
        return next((line for line in self._fresh(item) if line.held > 0), None)

    def parts_first_out(self, item: "Item", quantity: Decimal) -> list[tuple[Line, Decimal]]:
        """The lines to take this much from, first to expire first; none where there is less."""
        return supply.taken_from([(line, line.held) for line in self._fresh(item)], quantity)

    def _fresh(self, item: "Item") -> list[Line]:
        return [line for line in self.lines_of(item) if not line.has_expired]

    def choices(self, *, used_up: bool = False) -> list[tuple[str, str]]:
        """Each line with what it holds. A lot that was used up stays a valid answer when `used_up`:
        the same form may be sent a second time."""
        return [
            (line.value, _words(line, has_lots=len(lines) > 1))
            for item in self.items
            for lines in [self.lines_of(item, used_up=used_up)]
            for line in lines
        ]


def _words(line: Line, *, has_lots: bool) -> str:
    amount = Unit(line.item.base_unit).amount(line.held)
    if line.lot is None:
        name = _("%(item)s, no lot") % {"item": line.item} if has_lots else line.item
        return f"{name} · {amount}"
    text = f"{line.item} {line.lot} · {amount}"
    if line.lot.expires_on is None:
        return text
    words = {"line": text, "day": date_format(line.lot.expires_on, "SHORT_DATE_FORMAT")}
    if line.has_expired:
        return _("%(line)s · expired %(day)s") % words
    return _("%(line)s · use by %(day)s") % words
