"""Tables and filters of this app's registers."""

from typing import Any
from uuid import UUID

import django_filters
import django_tables2 as columns
from django.apps import apps
from django.forms import DateInput, HiddenInput
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts import selectors, trail
from accounts.enums import LockReason, Outcome, RoleName
from accounts.models import LockDown, RevealEntry, User
from accounts.openings import people_who_open, sealed_columns
from accounts.permissions import Right
from core import grants, leaks, triggers
from core.enums import Channel, MessageState, Operation
from core.leaks import sight
from core.lists import LONG, UNBROKEN, Filters, Table
from core.models import AuditEntry, LeakFinding, OutboxMessage, TrailEntry
from core.outbox import ACCOUNT_MAIL, ALARM_MAIL, NEED_A_PERSON, SECOND_PERSON_MAIL

_DAY = DateInput(attrs={"type": "date"})
UNSENT = (*NEED_A_PERSON, MessageState.HELD)
# What a mail is about, in words; a kind that is not among them shows its code.
MAIL_KINDS = {
    ACCOUNT_MAIL: _("log-in"),
    ALARM_MAIL: _("alarm about openings"),
    SECOND_PERSON_MAIL: _("call for a second person"),
    "reminder": _("reminder"),
}


def kinds_that_open() -> list[tuple[str, str]]:
    models = [model for model in apps.get_models() if sealed_columns(model)]
    return [(model._meta.label_lower, str(model._meta.verbose_name)) for model in models]


def kinds_that_are_tracked() -> list[tuple[str, str]]:
    models = [model for model in apps.get_models() if grants.is_ours(model) and triggers.is_tracked(model)]
    named = [(model._meta.label_lower, str(model._meta.verbose_name)) for model in models]
    return sorted(named, key=lambda one: one[1])


def _history_of(label: str, record: UUID | None) -> str:
    """The label leads to all that was done to the record, in the same log."""
    return format_html('<a href="?record={}">{}</a>', record, label) if record else label


class PeopleTable(Table):
    name = columns.Column(linkify=("accounts:person", {"uuid": columns.A("uuid")}))
    email = columns.Column(attrs=LONG)

    class Meta(Table.Meta):
        model = User
        fields = ("name", "email", "role", "language", "is_active", "last_login")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        self.may_write = request.user.may(Right.ACCOUNTS_WRITE)
        if not self.may_write:
            self.columns["name"].link = None

    def render_email(self, value: str, record: User) -> str:
        """Where a sponsor can be reached is for who invites them, not for who only reads (matrix, D10)."""
        if self.may_write or record.role != RoleName.SPONSOR:
            return value
        return f"{value[0]}…@{value.rpartition('@')[2]}"


class PeopleFilters(Filters):
    searched = ("name", "email")
    role = django_filters.ChoiceFilter(choices=RoleName)

    class Meta:
        model = User
        fields = ("q", "role")


class LockDownTable(Table):
    began_at = columns.DateTimeColumn(attrs=UNBROKEN)
    said = columns.Column(_("what happened"), orderable=False, attrs=LONG)
    steps = columns.TemplateColumn(
        template_name="accounts/lock_down_steps.html",
        orderable=False,
        verbose_name=_("Steps"),
        exclude_from_export=True,
    )

    class Meta(Table.Meta):
        model = LockDown
        fields = ("person", "began_at", "said", "by", "lifted_at", "lifted_by", "lift_reason", "steps")
        empty_text = _("Nobody is or was locked down.")


class LockDownFilters(Filters):
    searched = ("person__name", "note")
    reason = django_filters.ChoiceFilter(choices=LockReason)
    in_force = django_filters.BooleanFilter(
        field_name="lifted_at", lookup_expr="isnull", label=_("still locked down")
    )

    class Meta:
        model = LockDown
        fields = ("q", "reason", "in_force")


class AuditTable(Table):
    at = columns.DateTimeColumn(attrs=UNBROKEN)
    changes = columns.Column(_("from → to"), orderable=False, attrs=LONG)
    reason = columns.Column(attrs=LONG)

    class Meta(Table.Meta):
        model = AuditEntry
        fields = ("at", "by_name", "action", "subject_type", "subject_label", "changes", "reason")

    def render_action(self, record: AuditEntry) -> str:
        return trail.verb_of(record)

    def render_subject_type(self, record: AuditEntry) -> str:
        return trail.kind_of(record)

    def render_subject_label(self, value: str, record: AuditEntry) -> str:
        return _history_of(value, record.subject_uuid)

    def value_subject_label(self, value: str) -> str:
        return value

    def render_changes(self, record: AuditEntry) -> str:
        return trail.changes_of(record, longest=trail.LONGEST)

    def value_changes(self, record: AuditEntry) -> str:
        return trail.changes_of(record)


class LogFilters(Filters):
    """Of a log: by person, by days, and by one record, to whose history its label leads."""

    by = django_filters.ChoiceFilter(
        field_name="by_id", label=capfirst(_("by")), choices=selectors.who_writes
    )
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", label=_("From"), widget=_DAY)
    until = django_filters.DateFilter(field_name="at", lookup_expr="date__lte", label=_("To"), widget=_DAY)
    record = django_filters.UUIDFilter(label=_("Record"), widget=HiddenInput)


class AuditFilters(LogFilters):
    searched = ("by_name", "action", "subject_label", "reason")
    record = django_filters.UUIDFilter(field_name="subject_uuid", label=_("Record"), widget=HiddenInput)

    class Meta:
        model = AuditEntry
        fields = ("q", "by", "since", "until", "record")


class TrailTable(Table):
    """Each row that was written, by whatever way. No value about a person is in it."""

    at = columns.DateTimeColumn(attrs=UNBROKEN)
    by_name = columns.Column(_("by"), orderable=False, empty_values=())
    record_label = columns.Column(empty_values=())
    changes = columns.Column(_("from → to"), orderable=False, attrs=LONG)

    class Meta(Table.Meta):
        model = TrailEntry
        fields = ("at", "by_name", "role", "operation", "record_type", "record_label", "changes")
        order_by = "-at"

    def render_by_name(self, record: TrailEntry) -> str:
        return record.by_name or "—"  # type: ignore[attr-defined]  # annotated

    def render_role(self, value: str) -> str:
        return trail.role_name(value)

    def render_record_type(self, value: str) -> str:
        return trail.kind_name(value)

    def render_record_label(self, value: str, record: TrailEntry) -> str:
        return _history_of(value or str(record.record_uuid or "—")[:8], record.record_uuid)

    def value_record_label(self, value: str, record: TrailEntry) -> str:
        return value or str(record.record_uuid or "")

    def render_changes(self, record: TrailEntry) -> str:
        return trail.written(record, longest=trail.LONGEST)

    def value_changes(self, record: TrailEntry) -> str:
        return trail.written(record)


class TrailFilters(LogFilters):
    searched = ("record_label",)
    record_type = django_filters.ChoiceFilter(choices=kinds_that_are_tracked)
    operation = django_filters.ChoiceFilter(choices=Operation)
    record = django_filters.UUIDFilter(field_name="record_uuid", label=_("Record"), widget=HiddenInput)

    class Meta:
        model = TrailEntry
        fields = ("q", "by", "record_type", "operation", "since", "until", "record")


class OpeningsTable(Table):
    """Each attempt on a sealed value. The value is nowhere in it."""

    at = columns.DateTimeColumn(attrs=UNBROKEN)
    purpose = columns.Column(attrs=LONG)
    raised_alarm = columns.BooleanColumn(null=True, yesno=("✓", ""))

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
    since = django_filters.DateFilter(field_name="at", lookup_expr="date__gte", label=_("From"), widget=_DAY)
    until = django_filters.DateFilter(field_name="at", lookup_expr="date__lte", label=_("To"), widget=_DAY)
    raised_alarm = django_filters.BooleanFilter()

    class Meta:
        model = RevealEntry
        fields = ("q", "by", "subject_type", "outcome", "since", "until", "raised_alarm")


class UnsentTable(Table):
    posted_at = columns.DateTimeColumn(attrs=UNBROKEN)
    subject = columns.Column(attrs=LONG)
    trouble = columns.Column(attrs=LONG)
    steps = columns.TemplateColumn(
        template_name="accounts/settle.html",
        orderable=False,
        verbose_name=_("Steps"),
        exclude_from_export=True,
    )

    class Meta(Table.Meta):
        model = OutboxMessage
        fields = ("posted_at", "kind", "subject", "state", "trouble", "steps")
        empty_text = _("Nothing waits for you: every mail went its way.")

    def render_kind(self, value: str) -> str:
        return str(MAIL_KINDS.get(value, value))


class UnsentFilters(Filters):
    searched = ("subject", "trouble")
    state = django_filters.ChoiceFilter(choices=[(state.value, state.label) for state in UNSENT])

    class Meta:
        model = OutboxMessage
        fields = ("q", "state")


class LeaksTable(Table):
    what = columns.Column(
        _("What it gives away"),
        accessor="subject_type",
        linkify=("accounts:leak", {"uuid": columns.A("uuid")}),
        orderable=False,
    )
    where = columns.Column(_("Where it stands"), accessor="text_label", attrs=LONG, orderable=False)
    found_at = columns.DateTimeColumn(attrs=UNBROKEN, short=False)

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


class MailboxTable(Table):
    subject = columns.Column(linkify=("accounts:mail", {"uuid": columns.A("uuid")}), attrs=LONG)
    to_address = columns.Column(attrs=LONG)

    class Meta(Table.Meta):
        model = OutboxMessage
        fields = ("subject", "to_address", "posted_at", "language", "state")


class MailboxFilters(Filters):
    searched = ("subject", "to_address", "body")
    state = django_filters.ChoiceFilter(choices=MessageState)

    class Meta:
        model = OutboxMessage
        fields = ("q", "state")
