from typing import Any

import django_filters
import django_tables2 as columns
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.lists import UNBROKEN, DayColumn, Filters, Table
from supply.enums import RouteKind, SiteKind
from supply.models import RouteSite
from supply.tables.routes import unless_opens


def _opening(record: RouteSite) -> str | None:
    """A place of ours has nothing sealed of its own here."""
    return reverse("supply:reveal_site", args=[record.uuid]) if record.whereabouts else None


class RouteSiteTable(Table):
    """By codes and publishable places; where a site really is stays sealed."""

    route = columns.Column(linkify=("supply:route", {"uuid": columns.A("route__uuid")}))
    site = columns.Column(_("Site"), accessor="pk", order_by=("place__code", "name"))
    since = DayColumn(attrs=UNBROKEN)
    until = DayColumn(verbose_name=_("Last day"), attrs=UNBROKEN)
    opens = columns.Column(
        _("Sealed"), accessor="uuid", linkify=_opening, orderable=False, exclude_from_export=True
    )

    class Meta(Table.Meta):
        model = RouteSite
        fields = ("route", "position", "kind", "site", "since", "until", "opens")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, exclude=unless_opens(request), **kwargs)

    def render_site(self, record: RouteSite) -> str:
        return record.named

    def render_opens(self, record: RouteSite) -> str:
        return str(_("Open")) if record.whereabouts else "—"


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
