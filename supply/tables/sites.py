from typing import Any

import django_filters
import django_tables2 as columns
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.lists import DayColumn, Filters, Table
from supply.enums import RouteKind, SiteKind
from supply.models import RouteSite
from supply.tables.routes import opening_column, unless_opens


class RouteSiteTable(Table):
    """By codes and publishable places; where a site really is stays sealed."""

    route = columns.Column(linkify=("supply:route", {"uuid": columns.A("route__uuid")}))
    site = columns.Column(_("Site"), accessor="pk", order_by=("place__code", "name"))
    since, until = DayColumn(), DayColumn()
    opens = opening_column("supply:reveal_site")

    class Meta(Table.Meta):
        model = RouteSite
        fields = ("route", "position", "kind", "site", "since", "until", "opens")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, exclude=unless_opens(request), **kwargs)

    def render_site(self, record: RouteSite) -> str:
        return record.named

    def render_opens(self) -> str:
        return str(_("Open"))


class RouteSiteFilters(Filters):
    searched = ("route__code", "name", "place__code", "place__recipient__publishable_place")
    route_kind = django_filters.ChoiceFilter(
        field_name="route__kind", choices=RouteKind, label=_("Kind of route")
    )
    kind = django_filters.ChoiceFilter(choices=SiteKind)
    is_current = django_filters.BooleanFilter(label=_("In use"))

    class Meta:
        model = RouteSite
        fields = ("q", "route_kind", "kind", "is_current")
