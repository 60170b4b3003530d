"""The one door to sealed values."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import RevealEntry, User
from accounts.permissions import Right
from core.models import Record
from core.sealed import SealedField, open_value


class PurposeMissing(Exception):
    def __str__(self) -> str:
        return _("Say what you need this for; it is written down beside your name.")


@transaction.atomic
def reveal(*, by: User, subject: Record, field: str, purpose: str) -> str:
    """The one door to a sealed value: right, purpose, and a log row in the same transaction.

    `subject` must come out of its `visible_to(by)`; that is asked again here.
    Raises PermissionDenied, PurposeMissing, core.sealed.CannotOpen.
    """
    column = subject._meta.get_field(field)
    if not isinstance(column, SealedField) or not column.right or not by.may(Right(column.right)):
        raise PermissionDenied
    door = type(subject).objects.visible_to(by)  # type: ignore[attr-defined]
    if not door.filter(pk=subject.pk).exists():
        raise PermissionDenied
    if not purpose.strip():
        raise PurposeMissing
    RevealEntry.objects.create(
        by=by,
        subject_type=subject._meta.label_lower,
        subject_uuid=subject.uuid,
        subject_label=str(subject)[:200],
        field=field,
        purpose=purpose.strip()[:300],
    )
    opened = open_value(subject, field)
    return "" if opened is None else opened.decode()
