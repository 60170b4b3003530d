from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet

from accounts.enums import RoleName
from accounts.models import User
from accounts.permissions import Right
from core import outbox
from core.enums import Channel, FindingState, MessageState
from core.leaks import sight
from core.models import AuditEntry, LeakFinding, OutboxMessage

SYSTEM_EMAIL = "system@lfnkr.invalid"


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
    """Mail of log-ins is the administrator's care, every other the foster officer's. In whatever state."""
    if not user.may(Right.MAIL_SETTLE):
        return OutboxMessage.objects.none()
    if user.role == RoleName.ADMINISTRATOR:
        return OutboxMessage.objects.filter(kind=outbox.ACCOUNT_MAIL)
    return OutboxMessage.objects.exclude(kind=outbox.ACCOUNT_MAIL)


def unsent_mail(user: User) -> QuerySet[OutboxMessage]:
    """What the sender does not touch again by itself: failed, in doubt, or held back by the leak guard."""
    return mail_in_the_care_of(user).filter(state__in=(*outbox.NEED_A_PERSON, MessageState.HELD))


def leak_findings(user: User) -> QuerySet[LeakFinding]:
    """What waits to be settled and gives away what the person may see; oldest first."""
    if not user.may(Right.LEAKS_SETTLE):
        return LeakFinding.objects.none()
    waiting = LeakFinding.objects.filter(state=FindingState.OPEN).order_by("found_at", "pk")
    return sight.shown_to(user, waiting)


def leak_counts(since: datetime) -> list[dict[str, Any]]:
    """A row a channel: how many wait, since when the oldest, and what came of those settled since then."""
    settled = Q(settled_at__gte=since)
    rows = {
        row["channel"]: row
        for row in LeakFinding.objects.order_by()
        .values("channel")
        .annotate(
            waiting=Count("pk", filter=Q(state=FindingState.OPEN)),
            oldest=Min("found_at", filter=Q(state=FindingState.OPEN)),
            taken_out=Count("pk", filter=settled & Q(state=FindingState.TAKE_OUT)),
            no_leak=Count("pk", filter=settled & Q(state=FindingState.NO_LEAK)),
        )
    }
    none = {"waiting": 0, "oldest": None, "taken_out": 0, "no_leak": 0}
    return [none | rows.get(channel, {}) | {"label": channel.label} for channel in Channel]


def count_unsent_mail(user: User) -> int:
    return unsent_mail(user).count()


def audit_visible_to(user: User) -> QuerySet[AuditEntry]:
    """The auditor reads every change; the administrator those of accounts alone (matrix, D15)."""
    if not user.may(Right.AUDIT_READ):
        return AuditEntry.objects.none()
    if user.role == RoleName.AUDITOR:
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(action__startswith="accounts.")
