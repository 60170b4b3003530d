"""What planned and packed consignments will take out of a place, beside what lies there.

A planned line has no lot yet, so what is reserved is told of an item over all its lots.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.asking import PreparedFor
from accounts.models import User
from core.prepared import among_keys
from supply.models import Balance, Consignment, ConsignmentLine, Item, Place
from supply.selectors.stock import ZERO, balances

TAKES = Sum(Coalesce("packed", "planned"))


def leaving(place: Place | OuterRef, *, without: Consignment | None = None) -> QuerySet[ConsignmentLine]:
    """The lines of the consignments that have not left this place."""
    waiting = Consignment.objects.before_sending().filter(source=place)
    if without is not None:
        waiting = waiting.exclude(pk=without.pk)
    return ConsignmentLine.objects.filter(consignment__in=waiting).order_by()


def with_reserved(lines: QuerySet[Balance]) -> QuerySet[Balance]:
    """Annotated over all lots of the item at the place: `reserved`, `free` (below zero: too much planned).

    For who reads consignments: from others the database hides them, and nothing would seem reserved.
    """
    leaves = leaving(OuterRef(OuterRef("place"))).filter(item=OuterRef("item")).values("item")
    there = Balance.objects.filter(place=OuterRef("place"), item=OuterRef("item")).order_by().values("item")
    held = Coalesce(Subquery(there.annotate(sum=Sum("quantity")).values("sum")), ZERO)
    reserved = Coalesce(Subquery(leaves.annotate(sum=TAKES).values("sum")), ZERO)
    return lines.annotate(reserved=reserved).annotate(free=held - F("reserved"))


def _among(person: Any) -> QuerySet[Balance]:
    return balances(person).filter(among_keys()).order_by()


_AMONG, _AMONG_WITH_RESERVED = PreparedFor(_among), PreparedFor(lambda person: with_reserved(_among(person)))


def balances_among(user: User, keys: list[int], *, reserved: bool) -> list[Balance]:
    """Those of `balances` that have these keys, in no order; `reserved`: as `with_reserved`."""
    return (_AMONG_WITH_RESERVED if reserved else _AMONG).rows(user, keys=keys)


@dataclass
class FreeItem:
    """An item at a place, in its base unit. `lines`: its lots there, first to expire first."""

    item: Item
    reserved: Decimal
    lines: list[Balance] = field(default_factory=list)

    @property
    def held(self) -> Decimal:
        return sum((line.quantity for line in self.lines), Decimal(0))

    @property
    def free(self) -> Decimal:
        """Below zero where more is planned than lies there."""
        return self.held - self.reserved


def free_items(place: Place, items: Iterable[Item], *, without: Consignment | None = None) -> list[FreeItem]:
    """Of these items those that lie at the place or are to leave it; two queries."""
    taken: dict[int, Decimal] = dict(leaving(place, without=without).values_list("item").annotate(sum=TAKES))
    found = {item.pk: FreeItem(item, taken.get(item.pk, Decimal(0))) for item in items}
    lines = Balance.objects.filter(place=place, quantity__gt=0, item__in=found).select_related("lot")
    for line in lines.order_by(F("lot__expires_on").asc(nulls_last=True), "lot__code"):
        found[line.item_id].lines.append(line)
    return [one for one in found.values() if one.lines or one.reserved]
