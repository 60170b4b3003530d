"""Tables and filters of the logs: what was changed, which rows were written."""

from uuid import UUID

import django_filters
import django_tables2 as columns
from django.apps import apps
from django.forms import HiddenInput
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts import selectors, trail
from accounts.enums import called
from core import grants, triggers
from core.enums import Operation
from core.lists import LONG, UNBROKEN, Filters, MomentColumn, Table
from core.models import AuditEntry, TrailEntry


def kinds_that_are_tracked() -> list[tuple[str, str]]:
    models = [model for model in apps.get_models() if grants.is_ours(model) and triggers.is_tracked(model)]
    named = [(label, trail.kind_name(label)) for label in (model._meta.label_lower for model in models)]
    return sorted(named, key=lambda one: one[1])


def who_writes() -> list[tuple[int, str]]:
    return [(key, called(name)) for key, name in selectors.who_writes()]


def _history_of(label: str, record: UUID | None) -> str:
    """The label leads to all that was done to the record, in the same log."""
    return format_html('<a href="?record={}">{}</a>', record, label) if record else label


class AuditTable(Table):
    at = MomentColumn(attrs=UNBROKEN)
    changes = columns.Column(_("from → to"), orderable=False, attrs=LONG)
    reason = columns.Column(attrs=LONG)

    class Meta(Table.Meta):
        model = AuditEntry
        fields = ("at", "by_name", "action", "subject_type", "subject_label", "changes", "reason")

    def render_by_name(self, value: str) -> str:
        return called(value)

    def render_action(self, record: AuditEntry) -> str:
        return trail.verb_of(record)

    def render_subject_type(self, record: AuditEntry) -> str:
        return trail.kind_of(record)

    def render_subject_label(self, value: str, record: AuditEntry) -> str:
        return _history_of(called(value), record.subject_uuid)

    def value_subject_label(self, value: str) -> str:
        return called(value)

    def render_changes(self, record: AuditEntry) -> str:
        return trail.changes_of(record, longest=trail.LONGEST)

    def value_changes(self, record: AuditEntry) -> str:
        return trail.changes_of(record)


class LogFilters(Filters):
    """Of a log: by person, by days, and by one record, to whose history its label leads."""

    by = django_filters.ChoiceFilter(field_name="by_id", label=capfirst(_("by")), choices=who_writes)
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", label=_("From"))
    until = django_filters.DateFilter(field_name="at", lookup_expr="date__lte", label=_("To"))
    record = django_filters.UUIDFilter(label=_("Record"), widget=HiddenInput)


class AuditFilters(LogFilters):
    searched = ("by_name", "action", "subject_label", "reason")
    record = django_filters.UUIDFilter(field_name="subject_uuid", label=_("Record"), widget=HiddenInput)

    class Meta:
        model = AuditEntry
        fields = ("q", "by", "since", "until", "record")


class TrailTable(Table):
    """Each row that was written, by whatever way. No value about a person is in it."""

    at = MomentColumn(attrs=UNBROKEN)
    by_name = columns.Column(_("by"), orderable=False, empty_values=())
    record_label = columns.Column(_("record"), accessor="label", empty_values=())
    changes = columns.Column(_("from → to"), orderable=False, attrs=LONG)

    class Meta(Table.Meta):
        model = TrailEntry
        fields = ("at", "by_name", "role", "operation", "record_type", "record_label", "changes")
        order_by = "-at"

    def render_by_name(self, record: TrailEntry) -> str:
        return called(record.by_name or "—")  # type: ignore[attr-defined]  # annotated

    def render_role(self, value: str) -> str:
        return trail.role_name(value)

    def render_record_type(self, value: str) -> str:
        return trail.kind_name(value)

    def render_record_label(self, record: TrailEntry) -> str:
        return _history_of(trail.record_name(record, self.names), record.record_uuid)

    def value_record_label(self, record: TrailEntry) -> str:
        return trail.record_name(record, self.names)

    @cached_property
    def names(self) -> trail.Names:
        """Of the rows of this page, or of the file."""
        return trail.names_of(row.record for row in self.paginated_rows)

    def render_changes(self, record: TrailEntry) -> str:
        return trail.written(record, longest=trail.LONGEST, names=self.names)

    def value_changes(self, record: TrailEntry) -> str:
        return trail.written(record, names=self.names)


class TrailFilters(LogFilters):
    searched = ("label",)
    record_type = django_filters.ChoiceFilter(choices=kinds_that_are_tracked)
    operation = django_filters.ChoiceFilter(choices=Operation)
    record = django_filters.UUIDFilter(field_name="record_uuid", label=_("Record"), widget=HiddenInput)

    class Meta:
        model = TrailEntry
        fields = ("q", "by", "record_type", "operation", "since", "until", "record")
