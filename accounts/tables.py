"""Tables and filters of this app's registers."""

from typing import Any

import django_filters
import django_tables2 as columns
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import trail
from accounts.enums import LockReason, RoleName
from accounts.models import LockDown, User
from accounts.permissions import Right
from core.enums import MessageState
from core.lists import LONG, UNBROKEN, Filters, Table
from core.models import AuditEntry, OutboxMessage
from core.outbox import ACCOUNT_MAIL, NEED_A_PERSON

# What a mail is about, in words; a kind that is not among them shows its code.
MAIL_KINDS = {ACCOUNT_MAIL: _("log-in"), "reminder": _("reminder")}


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

    def render_changes(self, record: AuditEntry) -> str:
        return trail.changes_of(record, longest=trail.LONGEST)

    def value_changes(self, record: AuditEntry) -> str:
        return trail.changes_of(record)


class AuditFilters(Filters):
    searched = ("by_name", "action", "subject_label", "reason")

    class Meta:
        model = AuditEntry
        fields = ("q",)


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
    state = django_filters.ChoiceFilter(choices=[(state.value, state.label) for state in NEED_A_PERSON])

    class Meta:
        model = OutboxMessage
        fields = ("q", "state")


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
