from datetime import date, timedelta
from typing import Any

import django_filters
import django_tables2 as columns
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from accounts.permissions import Right
from core.lists import UNBROKEN, Filters, Table
from core.models import TokyoToday
from shelters.models import Posting


class PostingTable(Table):
    user = columns.Column(_("Person"), accessor="user__name", order_by="user__name")
    shelter = columns.Column(accessor="shelter__code", order_by="shelter__code", verbose_name=_("Shelter"))
    first = columns.Column(_("First day"), accessor="days__lower", order_by="days", attrs=UNBROKEN)
    last = columns.Column(_("Last day"), accessor="days__upper", orderable=False, attrs=UNBROKEN, default="—")
    end = columns.LinkColumn(
        "shelters:end_posting", args=[A("uuid")], text=_("Last day …"), verbose_name=_("Change"),
        orderable=False, exclude_from_export=True,
    )  # fmt: skip

    class Meta(Table.Meta):
        model = Posting
        fields = ("user", "shelter", "first", "last", "end")
        empty_text = _("Nobody is posted anywhere.")

    def before_render(self, request: Any) -> None:
        if not request.user.may(Right.ACCOUNTS_WRITE):
            self.columns.hide("end")

    def render_first(self, value: date) -> str:
        return date_format(value, "SHORT_DATE_FORMAT")

    def render_last(self, value: date) -> str:
        """The day before the range ends."""
        return date_format(value - timedelta(days=1), "SHORT_DATE_FORMAT")


class PostingFilters(Filters):
    searched = ("user__name", "shelter__code")
    today = django_filters.BooleanFilter(method="on_today", label=_("Today"))

    class Meta:
        model = Posting
        fields = ("q", "today")

    def on_today(self, queryset: QuerySet[Posting], name: str, value: bool) -> QuerySet[Posting]:
        here = {"days__contains": TokyoToday()}
        return queryset.filter(**here) if value else queryset.exclude(**here)
