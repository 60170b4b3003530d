"""Evacuations by the code of the shelter: when, not who or why."""

from datetime import datetime

import django_filters
import django_tables2 as columns
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from core.lists import Filters, MomentColumn, Table
from shelters.models import Evacuation


class MomentThereColumn(MomentColumn):
    """As the page of the evacuation says it: in the time zone of the shelter, whoever reads."""

    def render(self, value: datetime, record: Evacuation) -> str:
        with timezone.override(record.shelter.time_zone):
            return super().render(value)

    def value(self, value: datetime | None, record: Evacuation) -> str | None:
        with timezone.override(record.shelter.time_zone):
            return super().value(value)


class EvacuationTable(Table):
    shelter = columns.Column(_("Shelter"), linkify=("shelters:evacuation", {"uuid": A("uuid")}))
    started_at = MomentThereColumn()
    finished_at = MomentThereColumn(default=_("still going on"))

    class Meta(Table.Meta):
        model = Evacuation
        fields = ("shelter", "started_at", "finished_at")
        order_by = "-started_at"
        empty_text = _("There was no evacuation.")


class EvacuationFilters(Filters):
    searched = ("shelter__code",)
    is_over = django_filters.BooleanFilter(method="of_end", label=_("Finished"))

    class Meta:
        model = Evacuation
        fields = ("q", "is_over")

    def of_end(self, queryset: QuerySet[Evacuation], name: str, value: bool) -> QuerySet[Evacuation]:
        return queryset.filter(finished_at__isnull=not value)
