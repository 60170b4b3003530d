"""Who may log in: invited, changed, closed; and what a person decides about their own log-in."""

from datetime import datetime
from secrets import token_hex

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import make_naive
from django.utils.translation import gettext as _

from accounts.enums import RoleName
from accounts.models import User
from accounts.services.alarm import tell_readers_of_the_trail
from accounts.services.devices import end_quietly
from accounts.services.ending import end_log_ins
from accounts.services.links import invitation, post_mail
from core import audit
from core.models import OutboxMessage
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
    """Without a password the person sets one by "forgotten password"; a sponsor never has one."""
    user = User.objects.create_user(email, password, name=name, role=role, language=language)
    changes = {"role": [None, role], "language": [None, language]}
    audit.record(by=by, action="accounts.invited", subject=user, changes=changes)
    return user


@transaction.atomic
def invite_by_mail(*, by: User, email: str, name: str, role: str, language: str, now: datetime) -> User:
    """A new log-in and the mail with the link that lets them in. Raises ValidationError."""
    user = invite_user(by=by, email=email, name=name, role=role, language=language)
    send_invitation(by=by, person=user, now=now)
    if user.is_staff_member:  # a helper's log-in opens what its maker may not
        tell_readers_of_the_trail(by=by, about=user, event=f"log-in:{user.uuid}")
    return user


@transaction.atomic
def send_invitation(*, by: User, person: User, now: datetime) -> bool:
    """The link that lets a person in for the first time, at most one mail a person and day in Tokyo.

    A sponsor's logs in and works for seven days; staff set a password by theirs. Returns whether it is new.
    """
    key = f"invitation:{person.uuid}:{make_naive(now).date()}"
    if OutboxMessage.objects.filter(key=key).exists():
        return False
    template, words = invitation(person, by, now)
    is_new = post_mail(person=person, key=key, template=template, words=words)
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
    is_another_role = role != person.role
    if is_active and person.lock_downs.filter(lifted_at=None).exists():
        raise StillLockedDown
    if role == RoleName.SPONSOR:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    save_record(
        by=by, record=person, action="accounts.changed", reason=reason, role=role, is_active=is_active
    )
    end_log_ins(person)
    if is_another_role and person.is_staff_member:
        tell_readers_of_the_trail(by=by, about=person, event=f"role:{token_hex(8)}")
    return person


@transaction.atomic
def start_over(*, by: User, person: User, reason: str, now: datetime) -> None:
    """For who lost phone and recovery codes: password and factors are void, and a link for new ones goes out.

    While the log-in is closed no link goes out: what let somebody in is void before it is opened again.
    Raises NotOneself.
    """
    if person.pk == by.pk:
        raise NotOneself
    person.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))
    Authenticator.objects.filter(user=person).delete()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    end_log_ins(person)
    if person.is_active:
        template, words = invitation(person, by, now)
        key = f"start-over:{person.uuid}:{token_hex(8)}"
        post_mail(person=person, key=key, template=template, words=words)
    audit.record(by=by, action="accounts.started_over", subject=person, reason=reason)


@transaction.atomic
def set_password(*, by: User, password: str, here: str = "") -> None:
    """One's own, by the page for it or the link of a mail; every device but session `here` is logged out.

    Raises PermissionDenied while the log-in is closed: who holds the mailbox now gets no way in for later.
    """
    by.refresh_from_db(fields=["is_active"])
    if not by.is_active:
        raise PermissionDenied
    by.set_password(password)
    by.save(update_fields=["password"])
    end_quietly(person=by, but=here)
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
