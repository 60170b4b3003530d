"""Lists of what a shelter has, needs and used, a row for each shelter and item; each is computed."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as columns
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tables2.utils import A

from core.lists import LONG, NUMBER, ON_WIDE, UNBROKEN, DayColumn, Filters, NumberColumn, Table
from shelters.enums import ShelterKind
from shelters.models import RationRule, Shelter
from shelters.selectors import FORECAST_DAYS, Cover, Forecast, Usage
from supply.enums import Unit
from supply.tables.choices import ItemFilter

USUAL_DAYS = 14
_NUMBER_ON_WIDE = {key: {"class": f"{NUMBER[key]['class']} {ON_WIDE[key]['class']}"} for key in ("td", "th")}

_LOW = {"td": {"class": "number text-low"}, "th": {"class": "number"}}


class AmountColumn(NumberColumn):
    """On a page with the unit of the item; in a file the bare number, the unit stands in its own column."""

    def render(self, value: Decimal, record: Any) -> str:
        return Unit(record.item.base_unit).amount(value) if record.item else "—"


class PartColumn(AmountColumn):
    """What is there seldom: nothing is said of 0."""

    def render(self, value: Decimal, record: Any) -> str:
        return super().render(value, record) if value else "—"


class DifferenceColumn(AmountColumn):
    def render(self, value: Decimal, record: Any) -> str:
        sign = "+" if value > 0 else "−" if value < 0 else ""
        return f"{sign}{super().render(abs(value), record)}"


class LineTable(Table):
    shelter = columns.Column(
        _("Shelter"), order_by="shelter__code", linkify=("shelters:stock", {"uuid": A("shelter__uuid")})
    )
    item = columns.Column(_("Item"), order_by="item__code")
    unit = columns.Column(_("Unit"), accessor="item__get_base_unit_display", visible=False)

    class Meta(Table.Meta):
        model = RationRule  # whose codes stand in it
        fields = ("shelter", "item", "unit")


class WarningColumn(columns.Column):
    """Why nothing goes to the shelter of the line (selectors.mark_shut)."""

    def __init__(self) -> None:
        super().__init__(_("Warning"), accessor="shelter__shut", default="", orderable=False, attrs=LONG)

    def render(self, value: Any) -> str:
        return str(value)

    def value(self, value: Any) -> str:
        return str(value)


class LineFilters(Filters):
    """Shelters are filtered where they lie, lines where they are computed."""

    searched = ("code", "region")
    item = ItemFilter(method="of_lines", label=_("Item"))
    kind = django_filters.ChoiceFilter(choices=ShelterKind)

    class Meta:
        model = Shelter
        fields = ("q", "kind", "item")

    def of_lines(self, queryset: QuerySet[Shelter], name: str, value: Any) -> QuerySet[Shelter]:
        return queryset

    def lines(self, found: list[Any]) -> list[Any]:
        """Of these lines those that are asked for; one query."""
        shelters = set(self.qs.order_by().values_list("pk", flat=True))
        return [line for line in found if line.shelter.pk in shelters and self.keeps(line)]

    def keeps(self, line: Any) -> bool:
        item = self.form.cleaned_data.get("item")
        return item is None or line.item == item


def chosen_of(found: list[Any]) -> Callable[[Any], list[Any]]:
    """For `list_page`: of these lines those that its filters ask for."""
    return lambda filters: filters.lines(found)


class CoverTable(LineTable):
    item = columns.Column(_("Item"), order_by="item__code", default=_("no ration in force"))
    days = columns.TemplateColumn(
        template_name="shelters/days_of_line.html", verbose_name=_("Days left"), attrs=NUMBER
    )
    bar = columns.TemplateColumn(
        template_name="shelters/cover_bar.html", verbose_name=_("of 60 days"), accessor="days",
        orderable=False, attrs=ON_WIDE, exclude_from_export=True,
    )  # fmt: skip
    runs_out_on = DayColumn(verbose_name=_("Runs out on"), attrs=UNBROKEN)
    held = AmountColumn(verbose_name=_("In stock"), attrs=_NUMBER_ON_WIDE)
    spoiled = PartColumn(verbose_name=_("Of it not eaten in time"))
    daily_need = AmountColumn(verbose_name=_("Needed per day"), attrs=_NUMBER_ON_WIDE)
    heads = NumberColumn(verbose_name=pgettext_lazy("in a shelter", "People"))
    warning = WarningColumn()

    class Meta(LineTable.Meta):
        fields = (
            "shelter", "item", "days", "bar", "runs_out_on", "held", "spoiled", "daily_need", "heads",
            "warning", "unit",
        )  # fmt: skip
        sequence = fields
        empty_text = _("No shelter is open.")

    def value_days(self, value: Decimal | None) -> Decimal | None:
        return None if value is None else NumberColumn().value(value)


class CoverFilters(LineFilters):
    low = django_filters.BooleanFilter(method="of_lines", label=_("Less than a week left"))

    class Meta(LineFilters.Meta):
        fields = ("q", "kind", "item", "low")

    def keeps(self, line: Cover) -> bool:
        low = self.form.cleaned_data.get("low")
        return super().keeps(line) and (low is None or line.is_low == low)


class ForecastTable(LineTable):
    tonight = NumberColumn(
        accessor="nights__0__heads", verbose_name=_("Heads tonight"), attrs=_NUMBER_ON_WIDE
    )
    most_heads = NumberColumn(verbose_name=_("Most heads"), attrs=_NUMBER_ON_WIDE)
    need = AmountColumn(verbose_name=_("Needed"))
    held = AmountColumn(verbose_name=_("In stock"), attrs=_NUMBER_ON_WIDE)
    spoiled = PartColumn(verbose_name=_("Of it not eaten in time"))
    runs_out_on = DayColumn(verbose_name=_("Runs out on"), attrs=UNBROKEN)
    missing = AmountColumn(verbose_name=pgettext_lazy("amount", "Missing"), attrs=_LOW)
    by_day = columns.TemplateColumn(
        template_name="shelters/stock_by_day.html", verbose_name=_("Stock by day"), accessor="nights",
        orderable=False, attrs=ON_WIDE, exclude_from_export=True,
    )  # fmt: skip
    warning = WarningColumn()

    class Meta(LineTable.Meta):
        fields = (
            "shelter", "item", "tonight", "most_heads", "need", "held", "spoiled", "runs_out_on", "missing",
            "by_day", "warning", "unit",
        )  # fmt: skip
        sequence = fields
        empty_text = _("No ration of a weighed item is in force at an open shelter.")


class ForecastFilters(LineFilters):
    usual = {"days": lambda: str(USUAL_DAYS)}
    days = django_filters.ChoiceFilter(
        choices=[(days, days) for days in FORECAST_DAYS], method="of_lines", label=_("How many days"),
        empty_label=None,
    )  # fmt: skip
    short = django_filters.BooleanFilter(method="of_lines", label=_("Runs out in these days"))

    class Meta(LineFilters.Meta):
        fields = ("q", "days", "kind", "item", "short")

    def keeps(self, line: Forecast) -> bool:
        short = self.form.cleaned_data.get("short")
        return super().keeps(line) and (short is None or (line.runs_out_on is not None) == short)


class UsageTable(LineTable):
    person_days = NumberColumn(verbose_name=_("Person-days"), attrs=_NUMBER_ON_WIDE)
    by_ration = AmountColumn(verbose_name=_("By the ration"))
    used = AmountColumn(verbose_name=_("Really used"))
    difference = DifferenceColumn(verbose_name=_("Difference"))
    percent = NumberColumn(verbose_name=_("Used, in percent"), attrs=_NUMBER_ON_WIDE)

    class Meta(LineTable.Meta):
        fields = ("shelter", "item", "person_days", "by_ration", "used", "difference", "percent", "unit")
        sequence = fields
        empty_text = _("No ration of a weighed item was in force in this month.")


def _this_month() -> str:
    return f"{timezone.localdate():%Y-%m}"


class UsageFilters(LineFilters):
    usual = {"month": _this_month}
    month = django_filters.DateFilter(
        method="of_lines",
        label=_("Month"),
        input_formats=["%Y-%m"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    above = django_filters.BooleanFilter(method="of_lines", label=_("More used than the ration"))

    class Meta(LineFilters.Meta):
        fields = ("q", "month", "kind", "item", "above")

    def keeps(self, line: Usage) -> bool:
        above = self.form.cleaned_data.get("above")
        return super().keeps(line) and (above is None or (line.difference > 0) == above)
