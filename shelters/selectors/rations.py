"""What a person is given a day, over many days."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import DateField, QuerySet

from core.prepared import Asked, Prepared
from shelters.models import RationRule

if TYPE_CHECKING:
    from supply.models import Item


def rations_visible() -> QuerySet[RationRule]:
    """Every rule there ever was, those put right on their own day too; the row policies say to whom."""
    return RationRule.objects.select_related("item", "shelter").order_by("item__code", "-valid_from", "-id")


_RULES = Prepared(
    lambda: (
        RationRule.objects.filter(valid_from__lte=Asked("until", DateField()))
        .select_related("item")
        .order_by("item__code", "-valid_from", "-id")
    )
)


class Rations:
    """The rules up to a day, in one query; which one is in force on a day is asked without another."""

    def __init__(self, until: date) -> None:
        self.items: dict[int, Item] = {}
        self._rules: dict[tuple[int, int | None], list[tuple[date, Decimal]]] = {}
        for rule in _RULES.rows(until=until):
            self.items[rule.item_id] = rule.item
            self._rules.setdefault((rule.item_id, rule.shelter_id), []).append((rule.valid_from, rule.grams))

    def on(self, day: date) -> "dict[tuple[Item, int | None], Decimal]":
        """(item, shelter id or None for all) → grams in force on the day, the oldest rule first."""
        found = []
        for (item, shelter), rules in self._rules.items():
            rule = next((rule for rule in rules if rule[0] <= day), None)
            if rule is not None and rule[1]:
                found.append((rule[0], self.items[item], shelter, rule[1]))
        found.sort(key=lambda one: one[0])
        return {(item, shelter): grams for _since, item, shelter, grams in found}

    def grams(self, item: int, shelter: int, day: date) -> Decimal | None:
        """Grams a person and day; the shelter's own rule goes before the one for all."""
        own = self._in_force((item, shelter), day)
        return self._in_force((item, None), day) if own is None else own

    def _in_force(self, whose: tuple[int, int | None], day: date) -> Decimal | None:
        return next((grams for since, grams in self._rules.get(whose, []) if since <= day), None) or None
