from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as columns
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists import (
    LONG,
    ON_WIDE,
    UNBROKEN,
    DayColumn,
    Filters,
    MarkColumn,
    MomentColumn,
    NumberColumn,
    Table,
)
from supply.enums import Reason, Unit
from supply.models import Movement
from supply.tables.choices import ItemFilter


class ChangeColumn(NumberColumn):
    """+ came, − left; in a file the bare number."""

    def render(self, value: Decimal, record: Any) -> str:
        amount = Unit(record.item.base_unit).amount(abs(value))
        return f"{'+' if value > 0 else '−'}{amount}"


class EntryTable(Table):
    """As the shelter sees it: + came, − left. Not whence or where to, which field staff do not know."""

    occurred_on = DayColumn(attrs=UNBROKEN)
    item = columns.Column(order_by="item__code", attrs=LONG)
    lot = columns.Column(order_by="lot__code", attrs=ON_WIDE)
    change = ChangeColumn(verbose_name=_("Quantity"))
    unit = columns.Column(_("Unit"), accessor="item__base_unit", visible=False)
    typed = columns.Column(attrs=ON_WIDE)
    by = columns.Column(order_by="by__name")
    recorded_at = MomentColumn(attrs=ON_WIDE)
    is_mistake = MarkColumn(verbose_name=_("Corrected"), null=True, visible=False)

    class Meta(Table.Meta):
        model = Movement
        fields = (
            "occurred_on", "item", "lot", "change", "unit", "reason", "typed", "by", "document",
            "recorded_at", "is_mistake",
        )  # fmt: skip
        sequence = fields
        empty_text = _("Nothing was logged yet.")

    def render_typed(self, record: Movement) -> str:
        return record.said

    def render_reason(self, record: Movement) -> str:
        reason = Reason(record.reason).label
        is_mistake = record.is_mistake  # type: ignore[attr-defined]
        return _("%(reason)s ✓ corrected") % {"reason": reason} if is_mistake else str(reason)

    def value_reason(self, record: Movement) -> str:
        return str(Reason(record.reason).label)


class EntryFilters(Filters):
    searched = ("item__code", "item__name", "item__name_ja", "lot__code", "document", "by__name")
    item = ItemFilter()
    reason = django_filters.ChoiceFilter(choices=Reason)
    mine = django_filters.BooleanFilter(method="of_mine", label=_("Logged by me"))
    since = django_filters.DateFilter(field_name="occurred_on", lookup_expr="gte", label=_("From day"))
    until = django_filters.DateFilter(field_name="occurred_on", lookup_expr="lte", label=_("To day"))

    class Meta:
        model = Movement
        fields = ("q", "item", "reason", "mine", "since", "until")

    def of_mine(self, queryset: QuerySet[Movement], name: str, value: bool) -> QuerySet[Movement]:
        mine = {"by": self.request.user}
        return queryset.filter(**mine) if value else queryset.exclude(**mine)
