"""Tables and filters of this app's registers."""

from typing import Any

import django_filters
import django_tables2 as columns
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.lists import (
    LONG,
    NUMBER,
    ON_WIDE,
    UNBROKEN,
    DayColumn,
    Filters,
    MarkColumn,
    MomentColumn,
    NumberColumn,
    Table,
)
from core.texts import listed
from supply.enums import ItemKind, Reason, RecipientKind, Unit
from supply.models import Balance, Item, Movement, Place
from supply.tables.choices import ItemFilter, PlaceFilter
from supply.tables.steps import StepsColumn, TableWithSteps


class PlaceColumn(columns.Column):
    """A place by its code; where goods end, what became of them."""

    def render(self, value: Place) -> str:
        return value.shown


class UnitColumn(columns.Column):
    def __init__(self, accessor: str, **kwargs: Any) -> None:
        super().__init__(_("Unit"), accessor=f"{accessor}__base_unit", orderable=False, **kwargs)


def _page_of_lot(record: Any, table: Table) -> str | None:
    """For who may put it right."""
    if record.lot is None or not table.request.user.may(Right.STOCK_REVERSE):
        return None
    return reverse("supply:change_lot", args=[record.lot.uuid])


class StockTable(Table):
    place__name = columns.Column(attrs=ON_WIDE)
    item, lot = columns.Column(attrs=LONG), columns.Column(attrs=UNBROKEN, linkify=_page_of_lot)
    quantity = NumberColumn()
    unit = UnitColumn("item")
    use_by = DayColumn(verbose_name=_("Use by"), accessor="lot__expires_on", attrs=UNBROKEN)

    class Meta(Table.Meta):
        model = Balance
        fields = ("place", "place__name", "item", "lot", "use_by", "quantity", "unit")

    def order_use_by(
        self, queryset: QuerySet[Balance], is_descending: bool
    ) -> tuple[QuerySet[Balance], bool]:
        """What has no such day at the end, either way."""
        day = F("lot__expires_on")
        first = day.desc(nulls_last=True) if is_descending else day.asc(nulls_last=True)
        return queryset.order_by(first, "place__code", "item__code"), True


class ReservedStockTable(StockTable):
    """For who reads consignments: what is reserved of the item there, over all its lots."""

    reserved = NumberColumn(verbose_name=_("Reserved, all lots"))
    free = NumberColumn(verbose_name=_("Free, all lots"))

    class Meta(StockTable.Meta):
        fields = (*StockTable.Meta.fields[:-1], "reserved", "free", "unit")


class StockFilters(Filters):
    searched = ("place__code", "place__name", "item__code", "item__name", "item__name_ja", "lot__code")
    place = PlaceFilter()
    item = ItemFilter()
    kind = django_filters.ChoiceFilter(field_name="item__kind", choices=ItemKind, label=_("Kind"))

    class Meta:
        model = Balance
        fields = ("q", "place", "item", "kind")


class StockOnDayFilters(StockFilters):
    """The day chooses the rows before the rest filters them (views.stock)."""

    day = django_filters.DateFilter(label=_("End of the day"), method="as_chosen")

    class Meta(StockFilters.Meta):
        fields = ("q", "day", "place", "item", "kind")

    def as_chosen(self, queryset: QuerySet[Balance], name: str, value: Any) -> QuerySet[Balance]:
        return queryset


IN_FILE = {"visible": False}  # a column that every file has, and no page


class MovementTable(Table):
    """A page tells of each movement in seven columns; a file has every column of its own."""

    occurred_on = DayColumn(attrs=UNBROKEN, linkify=("supply:movement", {"uuid": columns.A("uuid")}))
    goods = columns.Column(
        _("Item"), accessor="item", order_by=("item", "lot"), attrs=LONG, exclude_from_export=True
    )
    amount = columns.Column(
        _("Quantity"), accessor="quantity", order_by="quantity", attrs=NUMBER, exclude_from_export=True
    )
    way = columns.Column(
        _("From → to"), accessor="source", order_by=("source", "destination"), exclude_from_export=True
    )
    item, lot = columns.Column(**IN_FILE), columns.Column(**IN_FILE)
    quantity = NumberColumn(**IN_FILE)
    unit = UnitColumn("item", **IN_FILE)
    source, destination = PlaceColumn(**IN_FILE), PlaceColumn(**IN_FILE)
    typed, recorded_at = columns.Column(**IN_FILE), MomentColumn(**IN_FILE)
    is_mistake = MarkColumn(verbose_name=_("Corrected"), null=True, **IN_FILE)

    class Meta(Table.Meta):
        model = Movement
        fields = (
            "occurred_on", "goods", "amount", "way", "item", "lot", "quantity", "unit", "source",
            "destination", "reason", "typed", "by", "document", "recorded_at", "is_mistake",
        )  # fmt: skip

    def render_goods(self, record: Movement) -> str:
        return f"{record.item} {record.lot}" if record.lot else str(record.item)

    def render_amount(self, record: Movement) -> str:
        return Unit(record.item.base_unit).amount(record.quantity)

    def render_way(self, record: Movement) -> str:
        return f"{record.source.shown} → {record.destination.shown}"

    def render_reason(self, record: Movement) -> str:
        reason = Reason(record.reason).label
        return gettext("%(reason)s ✓ corrected") % {"reason": reason} if record.is_mistake else str(reason)

    def value_reason(self, record: Movement) -> str:
        return str(Reason(record.reason).label)


class RoutedMovementTable(MovementTable):
    """For who may read routes."""

    route = columns.Column(**IN_FILE)

    def render_way(self, record: Movement) -> str:
        way = super().render_way(record)
        return f"{way} · {record.route}" if record.route else way

    class Meta(MovementTable.Meta):
        fields = (*MovementTable.Meta.fields, "route")


class MovementFilters(Filters):
    searched = ("item__code", "item__name", "item__name_ja", "source__code", "destination__code", "document")
    place = PlaceFilter(method="of_place", label=_("Place"))
    item = ItemFilter()
    reason = django_filters.ChoiceFilter(choices=Reason)
    since = django_filters.DateFilter(field_name="occurred_on", lookup_expr="gte", label=_("From"))
    until = django_filters.DateFilter(field_name="occurred_on", lookup_expr="lte", label=_("To"))
    given_to = django_filters.ChoiceFilter(
        choices=RecipientKind, method="of_deliveries", label=_("Handed over to")
    )

    class Meta:
        model = Movement
        fields = ("q", "place", "item", "reason", "since", "until", "given_to")

    def of_deliveries(self, queryset: QuerySet[Movement], name: str, value: str) -> QuerySet[Movement]:
        """Without what was taken back."""
        return queryset.filter(
            reverses__isnull=True, reversed_by__isnull=True, destination__recipient__kind=value
        )

    def of_place(self, queryset: QuerySet[Movement], name: str, value: Place) -> QuerySet[Movement]:
        return queryset.filter(Q(source=value) | Q(destination=value))

    @property
    def parts(self) -> list[QuerySet[Movement]]:  # type: ignore[override]
        """Of a place: what left and what came."""
        place = self.is_bound and self.form.cleaned_data.get("place")
        if not place:
            return []
        sides = (self.queryset.filter(source=place), self.queryset.filter(destination=place))
        return [self.kept_without("place", side) for side in sides]


class ItemTable(TableWithSteps):
    right = Right.STOCK_WRITE

    base_unit = columns.Column(_("Base unit"))
    packs = columns.Column(_("Packs"), accessor="packs__all", orderable=False)
    rice_kilograms = NumberColumn(verbose_name=_("In kg of rice"))
    held = NumberColumn(verbose_name=_("In stock"))
    steps = StepsColumn("supply/item_steps.html")

    class Meta(Table.Meta):
        model = Item
        fields = ("code", "name", "name_ja", "kind", "base_unit", "packs", "rice_kilograms", "held", "steps")

    def render_packs(self, value: Any) -> str:
        return listed(value)


class ItemFilters(Filters):
    searched = ("code", "name", "name_ja")
    kind = django_filters.ChoiceFilter(choices=ItemKind)

    class Meta:
        model = Item
        fields = ("q", "kind")
