"""Prepared questions (`core.prepared`) through the doors that every list has: what a person may see."""

from collections.abc import Callable
from functools import cache
from typing import Any, Generic

from django.db.models import BigIntegerField, QuerySet

from accounts.enums import RoleName
from accounts.models import User
from accounts.permissions import Right
from accounts.roles import rights_of
from core.prepared import Asked, Prepared, Row


class AskedPerson(Asked):
    """Stands for whoever asks, of this role, at a `visible_to`."""

    def __init__(self, role: RoleName) -> None:
        super().__init__("person", BigIntegerField())
        self.role = role

    def may(self, right: Right) -> bool:
        return right in rights_of(self.role)


class PreparedFor(Generic[Row]):
    """As `Prepared`; a door decides by the role, so each role has its own statement."""

    def __init__(self, build: Callable[[Any], QuerySet[Any, Row]]) -> None:
        self._of = cache(lambda role: Prepared(lambda: build(AskedPerson(role))))

    def rows(self, person: User, **told: Any) -> list[Row]:
        return self._of(person.role).rows(person=person.pk, **told) if person.is_active else []

    def first(self, person: User, **told: Any) -> Row | None:
        return self._of(person.role).first(person=person.pk, **told) if person.is_active else None
