"""Table and filters of the register of people."""

from typing import Any

import django_filters
import django_tables2 as columns
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.enums import RoleName
from accounts.models import User
from accounts.permissions import Right
from core.lists import LONG, Filters, MomentColumn, Table


class PeopleTable(Table):
    name = columns.Column(linkify=("accounts:person", {"uuid": columns.A("uuid")}))
    email = columns.Column(attrs=LONG)
    last_login = MomentColumn(verbose_name=_("last log-in"))

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
