"""The figures of the annual report: each is a set of records and a way to add them up.

A new figure is one more entry in `reports.registry`; the number, its qualifier, the year before, its parts
and the page of its records follow from the definition.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Min, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.text import format_lazy, slugify

from core.enums import Qualifier
from core.fiscal import FiscalYear
from core.quantities import Quantity, total
from reports.enums import FigureKind

Text = str | Promise
Rounding = Callable[[Quantity], Quantity]
NOT_SAID = "not-said"


@dataclass(frozen=True)
class Split:
    """Parts of a figure by the column `part`. `label(part, year)` names one, `phrase` says it in prose."""

    label: Callable[[str, FiscalYear], Text]
    phrase: Text
    in_time: bool = False  # parts in the order in which they happened, not of their names


@dataclass(frozen=True)
class Total:
    """What records come to: `quantity`, how many they are, and whether one of them is itself derived."""

    quantity: Quantity
    count: int
    derived: bool = False


@dataclass(frozen=True)
class Figure:
    """`records(year)`: in the shape of `reports.projections`. `per_unit`: rows' units in one of the figure's.

    `distinct`: the column whose different values are counted instead of a sum. `names`: the column whose
    values a sentence may list. `optional`: shown only where there are records. `only_parts`: the parts are
    figures, their sum is none (money of several currencies). `rounding`: from the exact to the printed one.
    """

    key: str
    label: Text
    unit: str
    records: Callable[[FiscalYear], QuerySet]
    kind: FigureKind = FigureKind.EVENT
    per_unit: int = 1
    distinct: str = ""
    names: str = ""
    name_label: Callable[[str], Text] = str
    names_with_place: bool = False
    split: Split | None = None
    optional: bool = False
    only_parts: bool = False
    direction_only: bool = False
    rounding: Rounding | None = None

    def total(self, records: QuerySet) -> Total:
        found = _different(records, self.distinct) if self.distinct else _summed(records, self.per_unit)
        if not found.count and self.kind in (FigureKind.LATEST, FigureKind.LARGEST):
            return Total(Quantity(None, Qualifier.NOT_COUNTED), 0)  # there is no number, not even zero
        return found

    def value(self, records: QuerySet) -> Quantity:
        """The exact number; a sum is as exact as its weakest record."""
        return self.total(records).quantity

    def printed(self, exact: Quantity) -> Quantity:
        return self.rounding(exact) if self.rounding else exact

    def parts(self, year: FiscalYear) -> list["Figure"]:
        """A figure per group of this year's records; together they are all its records, each once."""
        if self.split is None:
            return []
        groups = self.records(year).order_by().values("part").annotate(began=Min("shown_on"))
        ordered = groups.order_by(*(["began"] if self.split.in_time else []), "part")
        return [self.part(group["part"], year) for group in ordered]

    def part(self, group: str, year: FiscalYear) -> "Figure":
        label = cast(Split, self.split).label(group, year)
        return replace(
            self,
            key=f"{self.key}.{slugify(group, allow_unicode=True) or NOT_SAID}",
            label=format_lazy("{whole}: {part}", whole=self.label, part=label) if self.only_parts else label,
            unit=group.upper() if self.only_parts else self.unit,
            records=lambda any_year: self.records(any_year).filter(part=group),
            split=None,
            only_parts=False,
        )


def _summed(records: QuerySet, per_unit: int) -> Total:
    found = (
        records.order_by()
        .values("exactness")
        .annotate(
            rows=Count("pk"),
            low=Sum("counted"),
            high=Sum("counted_upper"),
            any_derived=BoolOr("derived"),
        )
    )
    groups = [group for group in found if group["rows"]]
    return Total(
        quantity=_together([_scaled(group, per_unit) for group in groups]),
        count=sum(group["rows"] for group in groups),
        derived=any(group["any_derived"] for group in groups),
    )


def _together(groups: list[Quantity]) -> Quantity:
    """Nothing but ranges stays a range, nothing but uncounted rows "several" and not "at least 0"."""
    if len(groups) == 1:
        return groups[0]
    if groups and all(group.value is None for group in groups):
        return Quantity(None, Qualifier.NOT_COUNTED)
    return total(groups)


def _scaled(group: dict, per_unit: int) -> Quantity:
    qualifier = Qualifier(group["exactness"])
    if qualifier in (Qualifier.NOT_COUNTED, Qualifier.WITHHELD):
        return Quantity(None, qualifier)
    upper = None if group["high"] is None else group["high"] / per_unit
    return Quantity(group["low"] / per_unit, qualifier, upper)


def _different(records: QuerySet, column: str) -> Total:
    """Different values of a column; records that do not say theirs make it "at least"."""
    said = ~Q(**{column: ""})
    found = records.order_by().aggregate(
        different=Count(column, distinct=True, filter=said), said=Count("pk", filter=said), rows=Count("pk")
    )
    silent = found["rows"] > found["said"]
    qualifier = Qualifier.AT_LEAST if silent else Qualifier.EXACT
    return Total(Quantity(Decimal(found["different"]), qualifier), found["rows"])


def down_to_ten(exact: Quantity) -> Quantity:
    """23 is "more than 20"; ten and below, and whole tens, stay as they are."""
    return _down(exact, Decimal(10))


def down_to_first_digit(exact: Quantity) -> Quantity:
    """From a hundred on, a difference is told by its first digit: 103 is "more than 100"."""
    if exact.value is None or exact.value < 100:
        return exact
    return _down(exact, Decimal(1).scaleb(exact.value.adjusted()))


def _down(exact: Quantity, step: Decimal) -> Quantity:
    if exact.value is None or exact.qualifier not in (Qualifier.EXACT, Qualifier.OVER, Qualifier.AT_LEAST):
        return exact
    floor = exact.value // step * step
    return exact if floor in (0, exact.value) else Quantity(floor, Qualifier.OVER)
