"""How many people were where: numbers by shelter code."""

from collections.abc import Mapping
from datetime import date

import django_filters
from django.db.models import QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from core.lists import Filters, NumberColumn, Table
from shelters.enums import ShelterKind
from shelters.models import Shelter

LONGEST = 366  # days that are added up at once


class SpanRefused(Exception):
    """The two days that were chosen span nothing, or too much to add up."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last

    def __str__(self) -> str:
        if self.last < self.first:
            return now("The last day lies before the first. Choose a later last day, or an earlier first.")
        return now("At most %(most)s days are added up at once. Choose days that lie closer together.") % {
            "most": LONGEST
        }


def period(asked: Mapping[str, str], today: date) -> tuple[date, date]:
    """First and last day of `first` and `last` in an address; what is missing: of the running month.

    Raises SpanRefused.
    """
    last = _day(asked.get("last")) or today
    first = _day(asked.get("first")) or last.replace(day=1)
    if not 0 <= (last - first).days < LONGEST:
        raise SpanRefused(first, last)
    return first, last


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text or "")
    except ValueError:
        return None


class PersonDaysTable(Table):
    heads = NumberColumn(verbose_name=_("Heads on the last day"))
    person_days = NumberColumn(verbose_name=_("Nights of a person"))

    class Meta(Table.Meta):
        model = Shelter
        fields = ("code", "kind", "region", "heads", "person_days")


class PersonDaysFilters(Filters):
    """The two days only say what is added up; no row falls out by them."""

    searched = ("code", "region")
    kind = django_filters.ChoiceFilter(choices=ShelterKind)
    first = django_filters.DateFilter(method="added_up", label=_("From"))
    last = django_filters.DateFilter(method="added_up", label=_("To"))

    class Meta:
        model = Shelter
        fields = ("q", "kind", "first", "last")

    def added_up(self, queryset: QuerySet[Shelter], name: str, value: date) -> QuerySet[Shelter]:
        return queryset
