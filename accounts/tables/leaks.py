"""Table and filters of what the leak guard found."""

import django_filters
import django_tables2 as columns
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core import leaks
from core.enums import Channel
from core.leaks import sight
from core.lists import LONG, UNBROKEN, Filters, MomentColumn, Table
from core.models import LeakFinding


class LeaksTable(Table):
    what = columns.Column(
        _("What it gives away"),
        accessor="subject_type",
        linkify=("accounts:leak", {"uuid": columns.A("uuid")}),
        orderable=False,
    )
    where = columns.Column(_("Where it stands"), accessor="text_label", attrs=LONG, orderable=False)
    found_at = MomentColumn(attrs=UNBROKEN, short=False)

    class Meta(Table.Meta):
        model = LeakFinding
        fields = ("what", "where", "channel", "level", "found_at")
        empty_text = _("Nothing waits for you: no text is held back for something that you may see.")

    def render_what(self, record: LeakFinding) -> str:
        return capfirst(sight.what(record))

    def render_where(self, record: LeakFinding) -> str:
        return capfirst(leaks.where(record))


class LeaksFilters(Filters):
    searched = ("text_label",)
    channel = django_filters.ChoiceFilter(choices=Channel)

    class Meta:
        model = LeakFinding
        fields = ("q", "channel")
