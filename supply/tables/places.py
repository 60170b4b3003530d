import django_filters
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.lists import Filters, NumberColumn, Table
from supply.enums import PlaceKind
from supply.models import Place
from supply.tables.steps import StepsColumn, TableWithSteps

KINDS = (PlaceKind.STORE, PlaceKind.WAREHOUSE, PlaceKind.SUPPLIER)


def stock_of(record: Place) -> str:
    """Address of the list of what lies there."""
    return f"{reverse('supply:start')}?place={record.pk}"


class PlaceTable(TableWithSteps):
    right = Right.STOCK_WRITE

    lines = NumberColumn(verbose_name=_("Lines in stock"), linkify=stock_of)
    steps = StepsColumn("supply/place_steps.html")

    class Meta(Table.Meta):
        model = Place
        fields = ("code", "name", "kind", "lines", "steps")


class PlaceFilters(Filters):
    searched = ("code", "name")
    kind = django_filters.ChoiceFilter(choices=[(kind.value, kind.label) for kind in KINDS])

    class Meta:
        model = Place
        fields = ("q", "kind")
