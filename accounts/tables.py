"""Tables and filters of this app's registers."""

from typing import Any

import django_filters
import django_tables2 as columns
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.models import User
from accounts.permissions import Right
from core.enums import MessageState
from core.lists import Filters, Table
from core.models import AuditEntry, OutboxMessage


class PeopleTable(Table):
    name = columns.Column(linkify=("accounts:person", {"uuid": columns.A("uuid")}))

    class Meta(Table.Meta):
        model = User
        fields = ("name", "email", "role", "language", "is_active", "last_login")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, request=request, **kwargs)
        if not request.user.may(Right.ACCOUNTS_WRITE):
            self.columns["name"].link = None


class PeopleFilters(Filters):
    searched = ("name", "email")
    role = django_filters.ChoiceFilter(choices=RoleName)

    class Meta:
        model = User
        fields = ("q", "role")


class AuditTable(Table):
    changes = columns.Column(_("from → to"), orderable=False)

    class Meta(Table.Meta):
        model = AuditEntry
        fields = ("at", "by_name", "action", "subject_type", "subject_label", "changes", "reason")

    def render_changes(self, value: dict) -> str:
        return "; ".join(f"{field}: {old} → {new}" for field, (old, new) in value.items())


class AuditFilters(Filters):
    searched = ("by_name", "action", "subject_label", "reason")

    class Meta:
        model = AuditEntry
        fields = ("q",)


class MailboxTable(Table):
    subject = columns.Column(linkify=("accounts:mail", {"uuid": columns.A("uuid")}))

    class Meta(Table.Meta):
        model = OutboxMessage
        fields = ("posted_at", "subject", "to_address", "language", "kind", "state")


class MailboxFilters(Filters):
    searched = ("subject", "to_address", "body")
    state = django_filters.ChoiceFilter(choices=MessageState)

    class Meta:
        model = OutboxMessage
        fields = ("q", "state")
