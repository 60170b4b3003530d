from typing import Any

import django_filters
import django_tables2 as columns
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists import UNBROKEN, DayColumn, Filters, NumberColumn, Table
from supply import selectors
from supply.enums import CountState
from supply.models import CountSheet, Place
from supply.tables.choices import PlaceFilter


def _places(request: Any) -> QuerySet[Place]:
    return selectors.places_to_count(request.user)


class CountSheetTable(Table):
    counted_on = DayColumn(attrs=UNBROKEN, linkify=("supply:count", {"uuid": columns.A("uuid")}))
    all_lines = NumberColumn(verbose_name=_("Lines"))
    differing = NumberColumn(verbose_name=_("Differences"))

    class Meta(Table.Meta):
        model = CountSheet
        fields = (
            "counted_on", "place", "state", "counter", "finisher", "finished_at", "all_lines", "differing",
        )  # fmt: skip
        empty_text = _("Nothing was counted yet.")


class CountSheetFilters(Filters):
    searched = ("place__code", "counter__name", "finisher__name")
    place = PlaceFilter(queryset=_places)
    state = django_filters.ChoiceFilter(choices=CountState)

    class Meta:
        model = CountSheet
        fields = ("q", "place", "state")
