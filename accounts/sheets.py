"""The people who log in, in the workbook. Passwords never stand in one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy

from accounts import selectors, services
from accounts.enums import RoleName
from accounts.models import User
from core.services import save_record
from core.workbook.columns import Choice, Values
from core.workbook.problems import NobodyThere
from core.workbook.rows import Row
from core.workbook.sheets import Sheet


def actor(email: str | None) -> User:
    """Who imports or exports: the person of this address, or the system itself. Raises NobodyThere."""
    system = selectors.system_user()
    if email is None:
        return system
    person = selectors.people().filter(email__iexact=email.strip(), is_active=True).first()
    if person is None:
        raise NobodyThere(email)
    return person


class People(Sheet):
    title = gettext_lazy("People")
    about = gettext_lazy(
        "Who logs in, one role each. Nobody gets a password by workbook: a new person sets one by “forgotten "
        "password”."
    )
    model = User
    key = ("email",)
    refusals = (ValidationError, services.NotOneself, services.StillLockedDown)
    columns = ("email", "name", Choice("role", without=(RoleName.SYSTEM,)), "language", "is_active")

    def records(self) -> QuerySet:
        return super().records().exclude(role=RoleName.SYSTEM)

    @transaction.atomic
    def save(self, *, by: Any, record: Model, values: Values, reason: str, row: Row) -> Model:
        if not record._state.adding:
            return self._change(by=by, record=record, values=values, reason=reason, row=row)
        invited = {name: values[name] for name in ("email", "name", "role")}
        language = values.get("language", User._meta.get_field("language").default)
        person = services.invite_user(by=by, language=language, **invited)
        if not values.get("is_active", True):
            save_record(by=by, record=person, action="accounts.changed", reason=reason, is_active=False)
        return person

    def _change(self, *, by: Any, record: Any, values: Values, reason: str, row: Row) -> Model:
        """Another role, or a log-in closed, also logs the person out everywhere."""
        role, is_active = values.pop("role", record.role), values.pop("is_active", record.is_active)
        if (role, is_active) != (record.role, record.is_active):
            services.change_log_in(by=by, person=record, role=role, is_active=is_active, reason=reason)
        return super().save(by=by, record=record, values=values, reason=reason, row=row)
