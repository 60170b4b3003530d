from typing import Any

import django_filters
import django_tables2 as columns
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.badges import badge
from core.lists import ON_WIDE, UNBROKEN, DayColumn, Filters, NumberColumn, Table
from supply import selectors
from supply.enums import ConsignmentState, Danger
from supply.models import Consignment, Place
from supply.tables.choices import PlaceFilter


def _ends(request: Any) -> QuerySet[Place]:
    return selectors.destinations(request.user)


class ConsignmentTable(Table):
    """Never a courier."""

    code = columns.Column(linkify=("supply:consignment", {"uuid": columns.A("uuid")}))
    planned_on = DayColumn(attrs=UNBROKEN)
    source = columns.Column(attrs=UNBROKEN)
    lines_count = NumberColumn(verbose_name=_("Lines"))
    to = NumberColumn(verbose_name=_("Places"))
    danger = columns.Column(verbose_name=_("Warning"), attrs=UNBROKEN, default="")
    note = columns.Column(attrs=ON_WIDE)

    class Meta(Table.Meta):
        model = Consignment
        fields = ("code", "state", "planned_on", "danger", "route", "source", "to", "lines_count", "note")

    def render_danger(self, value: str) -> str:
        return badge("exposed", Danger(value).label)

    def value_danger(self, value: str) -> str:
        return str(Danger(value).label) if value else ""


class ConsignmentFilters(Filters):
    searched = ("code", "route__code", "source__code", "note")
    state = django_filters.ChoiceFilter(choices=ConsignmentState)
    goes_to = PlaceFilter(queryset=_ends, method="of_place", label=_("Goes to"))
    since = django_filters.DateFilter(field_name="planned_on", lookup_expr="gte", label=_("From"))
    until = django_filters.DateFilter(field_name="planned_on", lookup_expr="lte", label=_("To"))

    class Meta:
        model = Consignment
        fields = ("q", "state", "goes_to", "since", "until")

    def of_place(self, queryset: QuerySet[Consignment], name: str, value: Place) -> QuerySet[Consignment]:
        return queryset.filter(pk__in=selectors.consignments_to(value))
