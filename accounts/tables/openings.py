"""Table and filters of the log of openings."""

import django_filters
import django_tables2 as columns
from django.utils.translation import gettext_lazy as _

from accounts import trail
from accounts.enums import Outcome
from accounts.models import RevealEntry
from accounts.openings import models_that_open, people_who_open
from core.lists import LONG, UNBROKEN, Filters, MarkColumn, MomentColumn, Table


def kinds_that_open() -> list[tuple[str, str]]:
    return [(model._meta.label_lower, str(model._meta.verbose_name)) for model in models_that_open()]


class OpeningsTable(Table):
    """Each attempt on a sealed value. The value is nowhere in it."""

    at = MomentColumn(attrs=UNBROKEN)
    purpose = columns.Column(attrs=LONG)
    raised_alarm = MarkColumn(null=True)

    class Meta(Table.Meta):
        model = RevealEntry
        fields = (
            "at", "by", "kind", "subject_type", "subject_label", "field", "purpose", "outcome", "second",
            "raised_alarm",
        )  # fmt: skip
        empty_text = _("Nothing has been opened yet.")

    def render_subject_type(self, value: str) -> str:
        return trail.kind_name(value)

    def render_field(self, value: str, record: RevealEntry) -> str:
        return trail.field_name(record.subject_type, value)


class OpeningsFilters(Filters):
    searched = ("subject_label", "purpose", "by__name")
    by = django_filters.ModelChoiceFilter(queryset=lambda request: people_who_open())
    subject_type = django_filters.ChoiceFilter(choices=kinds_that_open)
    outcome = django_filters.ChoiceFilter(choices=Outcome)
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", label=_("From"))
    until = django_filters.DateFilter(field_name="at", lookup_expr="date__lte", label=_("To"))
    raised_alarm = django_filters.BooleanFilter()

    class Meta:
        model = RevealEntry
        fields = ("q", "by", "subject_type", "outcome", "since", "until", "raised_alarm")
