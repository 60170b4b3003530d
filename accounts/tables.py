"""Tables and filters of this app's registers."""

import django_filters
import django_tables2 as columns
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.models import User
from core.lists import Filters, Table
from core.models import AuditEntry


class PeopleTable(Table):
    class Meta(Table.Meta):
        model = User
        fields = ("name", "email", "role", "language", "is_active", "last_login")


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
