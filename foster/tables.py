"""Tables and filters of this app's registers."""

import django_filters
import django_tables2 as columns
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import A

from core.enums import Language, MessageState
from core.lists import LONG, DayColumn, Filters, Table
from foster.enums import ChildState, ReminderResult, UpdateState
from foster.models import Child, ChildUpdate, ReminderOutcome, Sponsor

_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


class ChildrenTable(Table):
    code = columns.Column(linkify=("foster:child", {"uuid": A("uuid")}))
    state = columns.Column(_("State"), empty_values=())
    sponsors = columns.Column(_("Sponsors"), attrs=_NUMBER)
    last_news = DayColumn(verbose_name=_("Last news"), short=False)

    class Meta(Table.Meta):
        model = Child
        fields = ("code", "called", "state", "birth_year", "shelter", "sponsors", "last_news")

    def render_state(self, value: str | None) -> str:
        return str(ChildState(value).label) if value else "—"


class ChildrenFilters(Filters):
    searched = ("code", "called")
    state = django_filters.ChoiceFilter(choices=ChildState, label=_("State"))

    class Meta:
        model = Child
        fields = ("q", "state")


class NearTable(Table):
    """For field staff: who is at their shelters, and the way to the real name."""

    opens = columns.Column(
        _("Sealed"), accessor="uuid", linkify=("foster:reveal_child", {"uuid": A("uuid")}), orderable=False,
        exclude_from_export=True,
    )  # fmt: skip

    class Meta(Table.Meta):
        model = Child
        fields = ("code", "called", "shelter", "birth_year", "opens")

    def render_opens(self) -> str:
        return str(_("Real name"))


class NearFilters(Filters):
    searched = ("code", "called")

    class Meta:
        model = Child
        fields = ("q",)


class SponsorsTable(Table):
    code = columns.Column(linkify=("foster:sponsor", {"uuid": A("uuid")}))
    running = columns.Column(_("Sponsorships running"), attrs=_NUMBER)
    no_reminders_since = DayColumn(short=False)

    class Meta(Table.Meta):
        model = Sponsor
        fields = ("code", "name", "language", "running", "no_reminders_since")


class SponsorsFilters(Filters):
    searched = ("code", "name")
    language = django_filters.ChoiceFilter(choices=Language, label=_("Language"))

    class Meta:
        model = Sponsor
        fields = ("q", "language")


class UpdatesTable(Table):
    # Words that nobody has cleared yet stay out of files.
    title = columns.Column(
        linkify=("foster:edit_update", {"uuid": A("uuid")}), exclude_from_export=True, attrs=LONG
    )
    child = columns.Column(_("Child"), accessor="child__code")
    called = columns.Column(_("Name for sponsors"), accessor="child__called")
    author = columns.Column(_("Written by"), accessor="author__name")
    cleared_by = columns.Column(_("Cleared by"), accessor="cleared_by__name")
    written_on = DayColumn(short=False)

    class Meta(Table.Meta):
        model = ChildUpdate
        fields = ("written_on", "child", "called", "title", "state", "author", "cleared_by")
        order_by = "-written_on"


class UpdatesFilters(Filters):
    searched = ("child__code", "child__called", "title")
    state = django_filters.ChoiceFilter(choices=UpdateState, label=_("State"))

    class Meta:
        model = ChildUpdate
        fields = ("q", "state")


class OutcomesTable(Table):
    sponsor = columns.Column(
        _("Payment number"),
        accessor="sponsor__code",
        linkify=("foster:sponsor", {"uuid": A("sponsor__uuid")}),
    )
    mail = columns.Column(_("Mail"))

    class Meta(Table.Meta):
        model = ReminderOutcome
        fields = ("sponsor", "result", "mail", "trouble")
        empty_text = _("No sponsor has been looked at yet.")

    def render_mail(self, value: str) -> str:
        return str(MessageState(value).label)


class OutcomesFilters(Filters):
    searched = ("sponsor__code",)
    result = django_filters.ChoiceFilter(choices=ReminderResult, label=_("Result"))

    class Meta:
        model = ReminderOutcome
        fields = ("q", "result")
