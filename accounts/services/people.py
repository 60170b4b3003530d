"""Who may log in: invited, changed, logged out; and what a person decides about their own log-in."""

from datetime import date

from allauth.account import app_settings as allauth
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.ending import end_log_ins
from core import audit, outbox
from core.services import save_record


class NotOneself(Exception):
    def __str__(self) -> str:
        return _("Nobody changes their own log-in: ask another administrator.")


class StillLockedDown(Exception):
    def __str__(self) -> str:
        return _("This person is locked down. Lift the lock-down first, then open the log-in.")


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
        text = outbox.rendered("account/email/invitation", words)
    is_new = outbox.post(
        key=f"invitation:{person.uuid}:{today}",
        kind="account",
        to_address=person.email,
        to_user_id=person.pk,
        language=person.language,
        **text,
    )
    if is_new:
        audit.record(by=by, action="accounts.invitation_sent", subject=person)
    return is_new


@transaction.atomic
def change_log_in(*, by: User, person: User, role: str, is_active: bool, reason: str) -> User:
    """Another role, or the log-in closed or opened again; every device of the person is logged out.

    Raises NotOneself, StillLockedDown.
    """
    if person.pk == by.pk:
        raise NotOneself
    # Fresh and locked: a colleague may lock the person down at this very moment.
    person.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))
    if is_active and person.lock_downs.filter(lifted_at=None).exists():
        raise StillLockedDown
    save_record(
        by=by, record=person, action="accounts.changed", reason=reason, role=role, is_active=is_active
    )
    end_log_ins(person)
    return person


@transaction.atomic
def log_out_everywhere(*, by: User, person: User) -> int:
    """For a lost phone: the next request of every device meets the log-in. Returns how many there were."""
    ended = end_log_ins(person)
    audit.record(by=by, action="accounts.logged_out", subject=person, changes={"devices": [ended, 0]})
    return ended


@transaction.atomic
def set_password(*, by: User, password: str) -> None:
    """One's own, from the page for it or by the link of a mail; every other device is logged out by it.

    Raises PermissionDenied while the log-in is closed: who holds the mailbox now gets no way in for later.
    """
    by.refresh_from_db(fields=["is_active"])
    if not by.is_active:
        raise PermissionDenied
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
