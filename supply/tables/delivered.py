"""What was handed over to recipients, added up: an item and a kind of recipients a row."""

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
import django_tables2 as columns
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from core.fiscal import FiscalYear, fiscal_year_of
from core.lists import Filters, NumberColumn, Table, bare
from supply.enums import RecipientKind, Unit
from supply.models import Movement
from supply.selectors import Delivered
from supply.tables.choices import ItemFilter

YEARS_BACK = 15


def _this_year() -> FiscalYear:
    return fiscal_year_of(timezone.localdate())


def _years() -> list[tuple[str, int]]:
    this = _this_year().number
    return [(str(number), number) for number in range(this, this - YEARS_BACK, -1)]


def _leads_to(record: Delivered) -> str:
    days = {"since": record.first, "until": record.last}
    return (
        f"{reverse('supply:movements')}?{urlencode({'item': record.item.pk, 'given_to': record.kind} | days)}"
    )


class DeliveredTable(Table):
    """Each sum leads to the movements that it was added up from."""

    item = columns.Column(_("Item"))
    kind = columns.Column(_("Kind of recipient"))
    quantity = NumberColumn(verbose_name=_("Handed over"), linkify=lambda record: _leads_to(record))
    unit = columns.Column(_("Unit"), accessor="item__get_base_unit_display", visible=False)
    rice = NumberColumn(verbose_name=_("In kg of rice"))

    class Meta(Table.Meta):
        """As every register: a card a row on a phone."""

    def render_quantity(self, value: Decimal, record: Delivered) -> str:
        return Unit(record.item.base_unit).amount(value)

    def value_quantity(self, value: Decimal) -> Decimal:
        return bare(value)

    def render_kind(self, value: RecipientKind) -> str:
        return str(value.label)

    value_kind = render_kind


class DeliveredFilters(Filters):
    """A fiscal year, or the days from – to, which go before it."""

    usual = {"year": lambda: str(_this_year().number)}
    year = django_filters.ChoiceFilter(
        choices=_years, method="added_up", label=_("Fiscal year"), empty_label=None
    )
    since = django_filters.DateFilter(method="added_up", label=_("From"))
    until = django_filters.DateFilter(method="added_up", label=_("To"))
    item = ItemFilter(method="added_up")
    kind = django_filters.ChoiceFilter(choices=RecipientKind, method="added_up", label=_("Kind of recipient"))

    class Meta:
        model = Movement
        fields = ("year", "since", "until", "item", "kind")

    def added_up(self, queryset: QuerySet[Movement], name: str, value: Any) -> QuerySet[Movement]:
        """They say what is added up; no row is looked at one by one."""
        return queryset

    @property
    def chosen(self) -> dict[str, Any]:
        self.form.is_valid()  # what cannot be read is left out, and told at its field
        return self.form.cleaned_data

    @property
    def days(self) -> tuple[date, date]:
        """First and last, both inside."""
        year = FiscalYear(int(self.chosen.get("year") or _this_year().number))
        return self.chosen.get("since") or year.first_day, self.chosen.get("until") or year.last_day

    def keeps(self, line: Delivered) -> bool:
        item, kind = self.chosen.get("item"), self.chosen.get("kind")
        return item in (None, line.item) and kind in (None, "", line.kind)
