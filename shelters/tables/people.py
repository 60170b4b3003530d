"""How many people were where: numbers by shelter code."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from core.lists import Filters, NumberColumn, Table, day_in
from shelters.enums import ShelterKind
from shelters.models import Shelter

LONGEST = 366  # days that are added up at once


class SpanRefused(Exception):
    """The two days that were chosen span nothing, too much to add up, or nights that nobody knows yet."""

    def __init__(self, first: date, last: date, today: date) -> None:
        self.first, self.last, self.today = first, last, today

    def __str__(self) -> str:
        if self.last > self.today:
            return now("Nobody knows yet who is there on days to come. Choose a last day until today.")
        if self.last < self.first:
            return now("The last day lies before the first. Choose a later last day, or an earlier first.")
        return now("At most %(most)s days are added up at once. Choose days that lie closer together.") % {
            "most": LONGEST
        }


def period(asked: Mapping[str, str], today: date) -> tuple[date, date]:
    """First and last day of `first` and `last` in an address; what is missing: of the running month.

    Raises SpanRefused.
    """
    last = day_in(asked, "last") or today
    first = day_in(asked, "first") or last.replace(day=1)
    if last > today or not 0 <= (last - first).days < LONGEST:
        raise SpanRefused(first, last, today)
    return first, last


def _with_first(asked: QueryDict) -> QueryDict:
    """Of a last day alone it is the month of that day, as in `period`."""
    last = day_in(asked, "last")
    if last is None or asked.get("first"):
        return asked
    whole = asked.copy()
    whole["first"] = str(last.replace(day=1))
    return whole


class PersonDaysTable(Table):
    heads = NumberColumn(verbose_name=_("Heads on the last day"))
    person_days = NumberColumn(verbose_name=_("Nights of a person"))

    class Meta(Table.Meta):
        model = Shelter
        fields = ("code", "kind", "region", "heads", "person_days")


class PersonDaysFilters(Filters):
    """The two days say what is added up: of the running month, while nobody chose others."""

    usual = {"first": lambda: f"{timezone.localdate():%Y-%m-01}", "last": lambda: str(timezone.localdate())}
    searched = ("code", "region")
    kind = django_filters.ChoiceFilter(choices=ShelterKind)
    closed = django_filters.ChoiceFilter(
        method="added_up", label=_("Closed shelters"), empty_label=_("where somebody was"),
        choices=[("too", _("all of them"))],
    )  # fmt: skip
    first = django_filters.DateFilter(method="added_up", label=_("From"))
    last = django_filters.DateFilter(method="added_up", label=_("To"))

    class Meta:
        model = Shelter
        fields = ("q", "kind", "closed", "first", "last")

    def __init__(self, data: QueryDict | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data and _with_first(data), *args, **kwargs)

    def filter_queryset(self, queryset: QuerySet[Shelter]) -> QuerySet[Shelter]:
        """Annotated `person_days`. One that was closed or not opened yet on all of these days has none."""
        found, chosen = super().filter_queryset(queryset), self.form.cleaned_data
        first, last = chosen.get("first"), chosen.get("last")
        if chosen.get("closed") or not (first and last):
            return found
        is_open = Q(closed_on__isnull=True) | Q(closed_on__gt=first)
        return found.filter(Q(is_open, opened_on__lte=last) | Q(person_days__gt=0))

    def added_up(self, queryset: QuerySet[Shelter], name: str, value: date) -> QuerySet[Shelter]:
        return queryset
