from typing import Any

import django_filters
import django_tables2 as columns
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.lists import LONG, Filters, MarkColumn, MomentColumn, NumberColumn, Table
from supply import selectors
from supply.models import Place, StockAlert, StockLevel
from supply.tables.choices import ItemFilter, PlaceFilter
from supply.tables.places import stock_of
from supply.tables.steps import StepsColumn, TableWithSteps
from supply.tables.stock import UnitColumn


def _places(request: Any) -> QuerySet[Place]:
    return selectors.own_places(request.user)


class LevelTable(TableWithSteps):
    right = Right.STOCK_WRITE
    place = columns.Column(linkify=lambda record: stock_of(record.place))
    item = columns.Column(attrs=LONG)
    minimum, held = NumberColumn(), NumberColumn(verbose_name=_("In stock, not expired"))
    unit = UnitColumn("item")
    is_low = MarkColumn(verbose_name=_("Too little"))
    steps = StepsColumn("supply/level_steps.html")

    class Meta(Table.Meta):
        model = StockLevel
        fields = ("place", "item", "minimum", "held", "unit", "is_low", "steps")
        empty_text = _("No place has a minimum yet.")


class LevelFilters(Filters):
    searched = ("place__code", "item__code", "item__name", "item__name_ja")
    place = PlaceFilter(queryset=_places)
    item = ItemFilter()
    is_low = django_filters.BooleanFilter(label=_("Too little"))

    class Meta:
        model = StockLevel
        fields = ("q", "place", "item", "is_low")


class AlertTable(Table):
    place = columns.Column(linkify=lambda record: stock_of(record.place))
    item = columns.Column(attrs=LONG)
    minimum, held = NumberColumn(), NumberColumn()
    unit = UnitColumn("item")
    opened_at, cleared_at = MomentColumn(), MomentColumn()

    class Meta(Table.Meta):
        model = StockAlert
        fields = ("place", "item", "held", "minimum", "unit", "opened_at", "cleared_at")


class AlertFilters(Filters):
    searched = ("place__code", "item__code", "item__name", "item__name_ja")
    place = PlaceFilter(queryset=_places)
    item = ItemFilter()
    is_open = django_filters.BooleanFilter(label=_("Still too little"))

    class Meta:
        model = StockAlert
        fields = ("q", "place", "item", "is_open")
