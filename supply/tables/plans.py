from typing import Any

import django_filters
import django_tables2 as columns
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.fiscal import month_of
from core.lists import LONG, UNBROKEN, Filters, NumberColumn, Table
from supply import selectors
from supply.enums import RouteKind, Unit
from supply.models import Place, StandingPlan
from supply.tables.choices import PlaceFilter
from supply.tables.steps import StepsColumn, TableWithSteps


class MonthColumn(columns.Column):
    def render(self, value: Any) -> str:
        return date_format(value, "YEAR_MONTH_FORMAT")

    def value(self, value: Any) -> str:
        return f"{value:%Y-%m}" if value else ""


class StandingPlanTable(TableWithSteps):
    """Rows say `held_back`: why no draft is made now."""

    right = Right.ROUTES_WRITE

    route = columns.Column(
        linkify=("supply:route", {"uuid": columns.A("route__uuid")}), order_by=("route__code", "day")
    )
    day = NumberColumn()
    source = columns.Column(attrs=UNBROKEN, order_by="source__code")
    carried = columns.Column(_("What goes where"), accessor="pk", orderable=False, attrs=LONG)
    from_month = MonthColumn(attrs=UNBROKEN)
    until_month = MonthColumn(attrs=UNBROKEN, orderable=False)
    held_back = columns.Column(_("Warning"), orderable=False, attrs=LONG, default="")
    steps = StepsColumn("supply/plan_steps.html")

    class Meta(Table.Meta):
        model = StandingPlan
        fields = ("route", "day", "source", "carried", "from_month", "until_month", "held_back", "steps")

    def render_carried(self, record: StandingPlan) -> str:
        return "; ".join(
            f"{Unit(line.item.base_unit).amount(line.quantity)} {line.item} → {line.destination.named}"
            for line in record.lines.all()
        )

    def value_carried(self, record: StandingPlan) -> str:
        return self.render_carried(record)

    def render_held_back(self, value: Any) -> str:
        return _("No draft is made now. %(why)s") % {"why": value}

    def value_held_back(self, value: Any) -> str:
        return self.render_held_back(value) if value else ""


def _sources(request: HttpRequest) -> QuerySet[Place]:
    return selectors.sources(request.user)


def _ends(request: HttpRequest) -> QuerySet[Place]:
    return selectors.destinations(request.user)


class StandingPlanFilters(Filters):
    searched = (
        "route__code",
        "source__code",
        "lines__item__code",
        "lines__item__name",
        "lines__item__name_ja",
    )
    route_kind = django_filters.ChoiceFilter(
        field_name="route__kind", choices=RouteKind, label=_("Kind of route")
    )
    source = PlaceFilter(queryset=_sources, label=_("From"))
    goes_to = PlaceFilter(queryset=_ends, method="of_place", label=_("Goes to"))
    is_current = django_filters.BooleanFilter(method="of_today", label=_("In use"))

    class Meta:
        model = StandingPlan
        fields = ("q", "route_kind", "source", "goes_to", "is_current")

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Once a plan, however many of its lines are meant."""
        found = super().search(queryset.order_by(), name, value)
        return queryset.filter(pk__in=found.values("pk"))

    def of_place(self, queryset: QuerySet[StandingPlan], name: str, value: Place) -> QuerySet[StandingPlan]:
        return queryset.filter(pk__in=selectors.plans_to(value).values("pk"))

    def of_today(self, queryset: QuerySet[StandingPlan], name: str, value: bool) -> QuerySet[StandingPlan]:
        """Not over yet: one that begins later is in use as well."""
        ended = queryset.filter(until_month__lt=month_of(timezone.localdate()))
        return queryset.exclude(pk__in=ended.values("pk")) if value else ended
