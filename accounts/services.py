from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from accounts.models import RevealEntry, User
from accounts.permissions import Right
from core import audit
from core.sealed import SealedField, open_value


class PurposeMissing(Exception):
    def __str__(self) -> str:
        return _("Say what you need this for; it is written down beside your name.")


@transaction.atomic
def invite_user(
    *, by: User, email: str, name: str, role: str, language: str, password: str | None = None
) -> User:
    """Without a password the person sets one by "forgotten password"."""
    user = User.objects.create_user(email, password, name=name, role=role, language=language)
    changes = {"role": [None, role], "language": [None, language]}
    audit.record(by=by, action="accounts.invited", subject=user, changes=changes)
    return user


@transaction.atomic
def choose_language(*, by: User, language: str) -> None:
    before = by.language
    if before == language:
        return
    by.language = language
    by.full_clean(validate_unique=False, validate_constraints=False, exclude=["email", "password"])
    by.save(update_fields=["language"])
    audit.record(by=by, action="accounts.language", subject=by, changes={"language": [before, language]})


@transaction.atomic
def reveal(*, by: User, subject: Model, field: str, purpose: str) -> str:
    """The one door to a sealed value: right, purpose, and a log row in the same transaction.

    `subject` must come out of its `visible_to(by)`; that is asked again here.
    Raises PermissionDenied, PurposeMissing, core.sealed.CannotOpen.
    """
    column = subject._meta.get_field(field)
    if not isinstance(column, SealedField) or not column.right or not by.may(Right(column.right)):
        raise PermissionDenied
    if not type(subject).objects.visible_to(by).filter(pk=subject.pk).exists():
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


@transaction.atomic
def give_sample_password(*, by: User, password: str) -> list[User]:
    """Everybody of the sample gets this password. Raises PermissionDenied outside the sample set-up."""
    if not settings.SAMPLE:
        raise PermissionDenied
    active = User.objects.filter(is_active=True).exclude(role=RoleName.SYSTEM)
    active.update(password=make_password(password))  # one hash for all: hashing is slow on purpose
    audit.record(by=by, action="accounts.sample_password", subject=by)
    return list(active.order_by("pk"))
