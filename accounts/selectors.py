from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from accounts.enums import RoleName
from accounts.models import Device, User
from accounts.permissions import Right
from core import outbox
from core.models import AuditEntry, OutboxMessage

SYSTEM_EMAIL = "system@lfnkr.invalid"
APP, PASSKEY, RECOVERY = (
    Authenticator.Type.TOTP,
    Authenticator.Type.WEBAUTHN,
    Authenticator.Type.RECOVERY_CODES,
)
CODES = {APP, RECOVERY}  # what is typed
RECOVERY_CODES = 10


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


def device_of(user: User, session_key: str) -> Device | None:
    """The log-in that this session belongs to, with `has_factor`: whether its person has set one up."""
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=(APP, PASSKEY))
    found = Device.objects.filter(user=user, session_key=session_key)
    device = found.annotate(has_factor=Exists(factors)).first()
    if device is not None:
        device.user = user
    return device


def devices_of(user: User, person: User, now: datetime) -> QuerySet[Device]:
    """The log-ins of a person that are alive, for who may see them."""
    return Device.objects.visible_to(user).filter(user=person).alive(now)


def factors_of(person: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=person).order_by("created_at")


def kinds_of_factors(person: User) -> set[str]:
    return set(factors_of(person).values_list("type", flat=True))


def recovery_codes_left(person: User) -> int:
    """How many are unused; which they are is not asked here."""
    found = factors_of(person).filter(type=RECOVERY).first()
    return 0 if found is None else RECOVERY_CODES - found.data["used_mask"].bit_count()


def mails_visible_to(user: User) -> QuerySet[OutboxMessage]:
    """The mailbox of the sample: what would have gone to people. Nothing in production, for nobody."""
    if settings.SAMPLE and user.may(Right.MAILBOX_READ):
        return OutboxMessage.objects.all()
    return OutboxMessage.objects.none()


def mail_in_the_care_of(user: User) -> QuerySet[OutboxMessage]:
    """Mail of log-ins is the administrator's care, every other the foster officer's. In whatever state."""
    if not user.may(Right.MAIL_SETTLE):
        return OutboxMessage.objects.none()
    if user.role == RoleName.ADMINISTRATOR:
        return OutboxMessage.objects.filter(kind=outbox.ACCOUNT_MAIL)
    return OutboxMessage.objects.exclude(kind=outbox.ACCOUNT_MAIL)


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
