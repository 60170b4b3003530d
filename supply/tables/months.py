import django_filters
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.lists import ON_WIDE, UNBROKEN, DayColumn, Filters, MarkColumn, MomentColumn, Table
from supply.enums import MonthState
from supply.models import MonthClosing
from supply.tables.steps import StepsColumn, TableWithSteps


class MonthColumn(DayColumn):
    def __init__(self) -> None:
        super().__init__(form="YEAR_MONTH_FORMAT", attrs=UNBROKEN)


class MonthClosingTable(TableWithSteps):
    right = Right.STOCK_CLOSE

    month = MonthColumn()
    at = MomentColumn(attrs=ON_WIDE)
    is_closed = MarkColumn(verbose_name=_("Closed now"))
    steps = StepsColumn("supply/month_steps.html")

    class Meta(Table.Meta):
        model = MonthClosing
        fields = ("month", "state", "reason", "by", "at", "is_closed", "steps")
        empty_text = _("No month was closed yet.")


class MonthClosingFilters(Filters):
    searched = ("reason", "by__name")
    state = django_filters.ChoiceFilter(choices=MonthState)
    is_closed = django_filters.BooleanFilter(label=_("Closed now"))

    class Meta:
        model = MonthClosing
        fields = ("q", "state", "is_closed")
