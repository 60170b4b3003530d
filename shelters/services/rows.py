"""What the services of this app share: a form sent twice books once, and who works where."""

from collections.abc import Iterable
from typing import TypeVar

from django.core.exceptions import PermissionDenied

from accounts.models import User
from core import audit, services
from core.models import Record
from shelters.models import Shelter
from supply.services import KeyAlreadyUsed

Kept = TypeVar("Kept", bound=Record)


def once(row: Kept, content: Iterable[str]) -> Kept:
    """As `core.services.once`. Raises KeyAlreadyUsed."""
    return services.once(row, content, KeyAlreadyUsed)


def write_down(by: User, action: str, row: Record) -> None:
    """The audit row of a new record."""
    audit.record(by=by, action=action, subject=row, changes=audit.difference({}, audit.snapshot(row)))


def refuse_foreign_shelter(by: User, shelter: Shelter) -> None:
    """The view's door has asked already; a caller without one must not get past."""
    if not Shelter.objects.visible_to(by).filter(pk=shelter.pk).exists():
        raise PermissionDenied
