from datetime import date

from allauth.account import app_settings as allauth
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import RoleName
from accounts.models import RevealEntry, User
from accounts.permissions import Right
from core import audit, outbox
from core.models import OutboxMessage, Record
from core.sealed import SealedField, open_value
from core.services import save_record


class NotOneself(Exception):
    def __str__(self) -> str:
        return _("Nobody changes their own log-in: ask another administrator.")


class PurposeMissing(Exception):
    def __str__(self) -> str:
        return _("Say what you need this for; it is written down beside your name.")


class MailSettledAlready(Exception):
    def __str__(self) -> str:
        return _("Somebody has settled this mail already. There is nothing left to do for it.")


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
def invite_by_mail(*, by: User, email: str, name: str, role: str, language: str, today: date) -> User:
    """A new log-in and the mail with the link to set its password. Raises ValidationError."""
    user = invite_user(by=by, email=email, name=name, role=role, language=language)
    send_invitation(by=by, person=user, today=today)
    return user


@transaction.atomic
def send_invitation(*, by: User, person: User, today: date) -> bool:
    """The link to set a password, at most one mail a person and day. Returns whether it is new."""
    key = f"{user_pk_to_url_str(person)}-{allauth.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)}"
    path = reverse("account_reset_password_from_key", args=key.split("-", 1))
    words = {"address": f"{settings.SITE_URL}{path}", "site": settings.SITE_URL}
    with translation.override(person.language):
        subject = render_to_string("account/email/invitation_subject.txt").strip()
        body = render_to_string("account/email/invitation_message.txt", words)
    is_new = outbox.post(
        key=f"invitation:{person.uuid}:{today}",
        kind="account",
        to_address=person.email,
        to_user_id=person.pk,
        language=person.language,
        subject=subject,
        body=body,
    )
    if is_new:
        audit.record(by=by, action="accounts.invitation_sent", subject=person)
    return is_new


@transaction.atomic
def change_log_in(*, by: User, person: User, role: str, is_active: bool, reason: str) -> User:
    """Another role, or the log-in closed or opened again; every device of the person is logged out.

    Raises NotOneself.
    """
    if person.pk == by.pk:
        raise NotOneself
    save_record(
        by=by, record=person, action="accounts.changed", reason=reason, role=role, is_active=is_active
    )
    _delete_sessions(person)
    return person


@transaction.atomic
def log_out_everywhere(*, by: User, person: User) -> int:
    """For a lost phone: the next request of every device meets the log-in. Returns how many there were."""
    ended = _delete_sessions(person)
    audit.record(by=by, action="accounts.logged_out", subject=person, changes={"devices": [ended, 0]})
    return ended


def _delete_sessions(person: User) -> int:
    # A session names its person only inside its signed text; there are some dozens of rows.
    own = [row.pk for row in Session.objects.all() if row.get_decoded().get(SESSION_KEY) == str(person.pk)]
    return Session.objects.filter(pk__in=own).delete()[0]


@transaction.atomic
def set_password(*, by: User, password: str) -> None:
    """One's own, from the page for it or by the link of a mail; every other device is logged out by it."""
    by.set_password(password)
    by.save(update_fields=["password"])
    audit.record(by=by, action="accounts.password", subject=by)


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


@transaction.atomic
def send_mail_again(*, by: User, message: OutboxMessage) -> None:
    """A mail that failed or is in doubt waits to be sent once more. Raises MailSettledAlready."""
    message = _lock_unsent(message)
    was = message.state
    outbox.send_again(message)
    _record_settled(by, "sent_again", message, was)


@transaction.atomic
def set_mail_aside(*, by: User, message: OutboxMessage) -> None:
    """A mail that failed or is in doubt never goes out any more. Raises MailSettledAlready."""
    message = _lock_unsent(message)
    was = message.state
    outbox.set_aside(message)
    _record_settled(by, "set_aside", message, was)


def _lock_unsent(message: OutboxMessage) -> OutboxMessage:
    found = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if found.state not in outbox.NEED_A_PERSON:
        raise MailSettledAlready
    return found


def _record_settled(by: User, verb: str, message: OutboxMessage, was: str) -> None:
    # The administrator reads what happens to accounts, not who is reminded (matrix, D15).
    room = "accounts" if message.kind == outbox.ACCOUNT_MAIL else "mail"
    changes = {"state": [was, message.state]}
    audit.record(by=by, action=f"{room}.{verb}", subject=message, changes=changes)


@transaction.atomic
def give_sample_password(*, by: User, password: str) -> list[User]:
    """Everybody of the sample gets this password. Raises PermissionDenied outside the sample set-up."""
    if not settings.SAMPLE:
        raise PermissionDenied
    active = User.objects.filter(is_active=True).exclude(role=RoleName.SYSTEM)
    active.update(password=make_password(password))  # one hash for all: hashing is slow on purpose
    audit.record(by=by, action="accounts.sample_password", subject=by)
    return list(active.order_by("pk"))
