from typing import Any

import django_filters
import django_tables2 as columns
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Right
from core.badges import badge
from core.lists import DayColumn, Filters, NumberColumn, Table
from supply.enums import Area, RecipientKind, Regularity, RouteKind, RouteState
from supply.models import Recipient, Route
from supply.tables.steps import StepsColumn


def opening_column(page: str) -> columns.Column:
    """The way to what is sealed of the record; no file has it."""
    return columns.Column(
        _("Sealed"), accessor="uuid", linkify=(page, {"uuid": columns.A("uuid")}), orderable=False,
        exclude_from_export=True,
    )  # fmt: skip


def unless_opens(request: HttpRequest) -> tuple[str, ...]:
    return () if request.user.may(Right.REVEAL_ROUTE) else ("opens",)


class RouteTable(Table):
    """Planned against actual; never a drop point."""

    code = columns.Column(linkify=("supply:route", {"uuid": columns.A("uuid")}))
    state = columns.Column(_("Now"))
    target = NumberColumn(verbose_name=_("Target, kg a month"))
    carried = NumberColumn(verbose_name=_("This month, kg"))
    carried_before = NumberColumn(verbose_name=_("Last month, kg"))
    opens = opening_column("supply:reveal_route")

    class Meta(Table.Meta):
        model = Route
        fields = (
            "code", "kind", "regularity", "region", "state", "target", "carried", "carried_before", "opens",
        )  # fmt: skip

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, exclude=unless_opens(request), **kwargs)

    def render_opens(self) -> str:
        return str(_("Open"))

    def render_state(self, value: str) -> str:
        return badge(value, RouteState(value).label)

    def value_state(self, value: str) -> str:
        return str(RouteState(value).label)


class RouteFilters(Filters):
    searched = ("code", "region")
    kind = django_filters.ChoiceFilter(choices=RouteKind)
    regularity = django_filters.ChoiceFilter(choices=Regularity)
    state = django_filters.ChoiceFilter(choices=RouteState, label=_("Now"))

    class Meta:
        model = Route
        fields = ("q", "kind", "regularity", "state")


class RecipientTable(Table):
    """The publishable place alone; name and address stay sealed."""

    people = NumberColumn()
    last_served_on = DayColumn(verbose_name=_("Last delivery"))
    opens = opening_column("supply:reveal_recipient")
    steps = StepsColumn("supply/recipient_steps.html")

    class Meta(Table.Meta):
        model = Recipient
        fields = ("code", "kind", "publishable_place", "area", "people", "last_served_on", "opens", "steps")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        steps = () if request.user.may(Right.ROUTES_WRITE) else ("steps",)
        super().__init__(*args, request=request, exclude=(*unless_opens(request), *steps), **kwargs)

    def render_opens(self) -> str:
        return str(_("Open"))


class RecipientFilters(Filters):
    searched = ("code", "publishable_place")
    kind = django_filters.ChoiceFilter(choices=RecipientKind)
    area = django_filters.ChoiceFilter(choices=Area)

    class Meta:
        model = Recipient
        fields = ("q", "kind", "area")
