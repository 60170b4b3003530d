from django.conf import settings
from django.db.models import QuerySet

from accounts.enums import ALARM_MAIL, SECOND_PERSON_MAIL, RoleName
from accounts.models import User
from accounts.permissions import Right
from core import outbox
from core.models import AuditEntry, OutboxMessage

SYSTEM_EMAIL = "system@lfnkr.invalid"
_MAIL_OF_THE_HOUSE = (outbox.ACCOUNT_MAIL, ALARM_MAIL, SECOND_PERSON_MAIL)


def system_user() -> User:
    """The actor of scheduled work and commands; made at first need."""
    user, _created = User.objects.get_or_create(
        role=RoleName.SYSTEM,
        defaults={"email": SYSTEM_EMAIL, "name": "System", "is_active": False, "password": "!"},
    )
    return user


def people() -> QuerySet[User]:
    """Everybody who may log in or once could, without the system's own account."""
    return User.objects.exclude(role=RoleName.SYSTEM)


def people_visible_to(user: User) -> QuerySet[User]:
    return people() if user.may(Right.ACCOUNTS_READ) else User.objects.none()


def mails_visible_to(user: User) -> QuerySet[OutboxMessage]:
    """The mailbox of the sample: what would have gone to people. Nothing in production, for nobody."""
    if settings.SAMPLE and user.may(Right.MAILBOX_READ):
        return OutboxMessage.objects.all()
    return OutboxMessage.objects.none()


def mail_in_the_care_of(user: User) -> QuerySet[OutboxMessage]:
    """Mail of log-ins and about openings is the administrator's care, every other the foster officer's.

    In whatever state.
    """
    if not user.may(Right.MAIL_SETTLE):
        return OutboxMessage.objects.none()
    if user.role == RoleName.ADMINISTRATOR:
        return OutboxMessage.objects.filter(kind__in=_MAIL_OF_THE_HOUSE)
    return OutboxMessage.objects.exclude(kind__in=_MAIL_OF_THE_HOUSE)


def unsent_mail(user: User) -> QuerySet[OutboxMessage]:
    """What the sender does not touch again by itself: failed, or in doubt."""
    return mail_in_the_care_of(user).filter(state__in=outbox.NEED_A_PERSON)


def count_unsent_mail(user: User) -> int:
    return unsent_mail(user).count()


def audit_visible_to(user: User) -> QuerySet[AuditEntry]:
    """The auditor reads every change; the administrator those of accounts alone (matrix, D15)."""
    if not user.may(Right.AUDIT_READ):
        return AuditEntry.objects.none()
    if user.role == RoleName.AUDITOR:
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(action__startswith="accounts.")
