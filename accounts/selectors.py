import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.module_loading import import_string

from accounts.enums import SYSTEM_NAME, RoleName
from accounts.models import Device, LockDown, User
from accounts.permissions import Right
from accounts.roles import OF_LOG_INS
from core import outbox, triggers
from core.enums import Channel, FindingState, MessageState
from core.leaks import sight
from core.models import AuditEntry, LeakFinding, OutboxMessage, TrailEntry
from core.prepared import Asked, Prepared

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
        defaults={"email": SYSTEM_EMAIL, "name": SYSTEM_NAME, "is_active": False, "password": "!"},
    )
    return user


def administrators() -> QuerySet[User]:
    """Who is told when the installation itself is in trouble."""
    return people().filter(role=RoleName.ADMINISTRATOR, is_active=True)


def people() -> QuerySet[User]:
    """Everybody who may log in or once could, without the system's own account."""
    return User.objects.exclude(role=RoleName.SYSTEM)


def people_visible_to(user: User) -> QuerySet[User]:
    return people() if user.may(Right.ACCOUNTS_READ) else User.objects.none()


def staff() -> QuerySet[User]:
    return people().exclude(role=RoleName.SPONSOR)


def staff_named(typed: str) -> list[User]:
    """Those of the staff whom somebody means who types this: the whole name or the e-mail address."""
    wanted = _plain(typed)
    return [one for one in staff() if wanted and wanted in (_plain(one.name), _plain(one.email))]


def _plain(text: str) -> str:
    """Without width, case and spaces: "Ｊｉｎ  Park" is "jinpark"."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def colleagues_of(user: User) -> list[User]:
    """Whom the user may pick from a list: all of the staff, or only those they work with.

    A list of names is the first thing that a taken phone gives away.
    """
    if user.may(Right.ACCOUNTS_READ):
        return list(staff().filter(is_active=True).exclude(pk=user.pk))
    return list(import_string(settings.COLLEAGUES)(user))


def wrong_guesses(user: User, since: datetime) -> int:
    """How often they typed a name or code that nobody has."""
    return AuditEntry.objects.filter(by_id=user.pk, action="accounts.guessed", at__gte=since).count()


def lock_downs_visible_to(user: User) -> QuerySet[LockDown]:
    """Annotated `is_out`: whether the person is locked down now, by this one or a later one."""
    if not user.may(Right.ACCOUNTS_READ):
        return LockDown.objects.none()
    in_force = LockDown.objects.in_force().filter(person=OuterRef("person"))
    found = LockDown.objects.select_related("person", "by", "lifted_by")
    return found.annotate(is_out=Exists(in_force))


def lock_down_of(person: User) -> LockDown | None:
    """The one in force."""
    return LockDown.objects.in_force().filter(person=person).select_related("person", "by").first()


def device_of(user: User, session_key: str) -> Device | None:
    """The log-in that this session belongs to, with `has_factor`: whether its person has set one up."""
    device = _DEVICES.first(user=user.pk, session_key=session_key)
    if device is not None:
        device.user = user
    return device


def _devices() -> QuerySet[Device]:
    factors = Authenticator.objects.filter(user=OuterRef("user"), type__in=(APP, PASSKEY))
    asked = {"user": Asked("user", BigIntegerField()), "session_key": Asked("session_key", CharField())}
    return Device.objects.filter(**asked).annotate(has_factor=Exists(factors))[:1]


_DEVICES = Prepared(_devices)


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
    """Mail of log-ins, openings and backups is the administrator's care, every other the foster officer's.

    In whatever state.
    """
    if not user.may(Right.MAIL_SETTLE):
        return OutboxMessage.objects.none()
    if user.role == RoleName.ADMINISTRATOR:
        return OutboxMessage.objects.filter(kind__in=outbox.ADMINISTRATORS_MAIL)
    return OutboxMessage.objects.exclude(kind__in=outbox.ADMINISTRATORS_MAIL)


def unsent_mail(user: User) -> QuerySet[OutboxMessage]:
    """What the sender does not touch again by itself: failed, in doubt, or held back by the leak guard."""
    return mail_in_the_care_of(user).filter(state__in=(*outbox.NEED_A_PERSON, MessageState.HELD))


def open_findings() -> QuerySet[LeakFinding]:
    """What waits to be settled, oldest first, whoever may see it."""
    return LeakFinding.objects.filter(state=FindingState.OPEN).order_by("found_at", "pk")


def leak_findings(user: User, kinds: Iterable[tuple[str, str]] | None = None) -> QuerySet[LeakFinding]:
    """Of `open_findings` what gives away something that the person may see.

    `kinds`: those that there are, (kind of record, its field), from who has just read them.
    """
    if not user.may(Right.LEAKS_SETTLE):
        return LeakFinding.objects.none()
    return sight.shown_to(user, open_findings(), kinds)


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


def who_writes() -> list[tuple[int, str]]:
    """Keys and names for a log's filter: everybody who has or had a log-in, and the system itself."""
    return list(User.objects.order_by("name").values_list("pk", "name"))


def trail_visible_to(user: User) -> QuerySet[TrailEntry]:
    """The auditor reads every written row; the administrator those of log-ins and postings (matrix, D15).

    Annotated `by_name`, `label`: what the database kept as the record's, but not of those that hide it now.
    """
    if not user.may(Right.AUDIT_READ):
        return TrailEntry.objects.none()
    name = User.objects.filter(pk=OuterRef("by_id")).values("name")
    hidden = [model._meta.label_lower for model in apps.get_models() if triggers.hides_its_code(model)]
    label = Case(When(record_type__in=hidden, then=Value("")), default=F("record_label"))
    rows = TrailEntry.objects.annotate(by_name=Subquery(name), label=label)
    return rows if user.role == RoleName.AUDITOR else rows.filter(record_type__in=OF_LOG_INS)


def audit_visible_to(user: User) -> QuerySet[AuditEntry]:
    """The auditor reads every change; the administrator those of accounts alone (matrix, D15)."""
    if not user.may(Right.AUDIT_READ):
        return AuditEntry.objects.none()
    if user.role == RoleName.AUDITOR:
        return AuditEntry.objects.all()
    return AuditEntry.objects.filter(action__startswith="accounts.")
