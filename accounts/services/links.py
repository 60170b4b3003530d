"""Mail that lets somebody in: a link that logs a sponsor in once, a link by which staff set a password.

Who types an address into the log-in page leaves a row, known or not; a task answers the rows. So the page
takes the same time for every address, and no queue or log ever holds one (docs/adr/0012).
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from allauth.account import app_settings as allauth
from allauth.account.utils import user_pk_to_url_str
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.enums import RoleName
from accounts.models import LogInLink, MailRequest, User
from core import audit, outbox
from core.identity import acting_as

LINK_LIVES = timedelta(minutes=15)
INVITATION_LIVES = timedelta(days=7)


class LinkIsVoid(Exception):
    def __str__(self) -> str:
        return _("A link works once and for a short time. Ask for a new one.")


@transaction.atomic
def ask_for_mail(*, by: User | None, address: str) -> None:
    """Somebody not logged in wants the mail that lets them in. `by`: nobody, so far."""
    MailRequest.objects.bulk_create([MailRequest(address=_address_digest(address))], ignore_conflicts=True)
    transaction.on_commit(_wake_answerer)


@transaction.atomic
def answer_requests(*, by: User, now: datetime) -> int:
    """Post the mail to each known address that asked; forget the others. Returns how many were posted."""
    asked = MailRequest.objects.select_for_update(skip_locked=True)
    wanted = {row.address: row.pk for row in asked}
    people = User.objects.filter(is_active=True).exclude(role=RoleName.SYSTEM) if wanted else ()
    found = [person for person in people if _address_digest(person.email) in wanted]
    for person in found:
        _post_what_lets_in(by, person, now)
    MailRequest.objects.filter(pk__in=wanted.values()).delete()
    return len(found)


@transaction.atomic
def make_link(*, by: User, person: User, now: datetime, lives: timedelta = LINK_LIVES) -> str:
    """The path of a new link that logs this sponsor in once. It is in no table: only its digest is."""
    token = secrets.token_urlsafe(32)
    LogInLink.objects.create(user=person, digest=_token_digest(token), made_at=now, expires_at=now + lives)
    audit.record(by=by, action="accounts.link_made", subject=person)
    return reverse("account_link", args=[token])


@transaction.atomic
def use_link(*, by: User | None, token: str, now: datetime) -> User:
    """Whom the link lets in: once, settled by the database. `by`: nobody, so far. Raises LinkIsVoid."""
    open_links = LogInLink.objects.filter(
        digest=_token_digest(token), used_at__isnull=True, expires_at__gt=now
    )
    if not open_links.update(used_at=now):
        raise LinkIsVoid
    person = LogInLink.objects.select_related("user").get(digest=_token_digest(token)).user
    if person.is_staff_member or not person.is_active:
        raise LinkIsVoid
    void_links(person=person)
    with acting_as(person):  # the link has proven who it is
        audit.record(by=person, action="accounts.link_used", subject=person)
    return person


def void_links(*, person: User) -> None:
    """The links that still lie in the person's mailbox."""
    LogInLink.objects.filter(user=person, used_at__isnull=True).delete()


@transaction.atomic
def forget_links(*, by: User, now: datetime) -> int:
    """Links that let nobody in any more. Returns how many."""
    return LogInLink.objects.filter(expires_at__lt=now).delete()[0]


def invitation(person: User, by: User, now: datetime) -> tuple[str, dict[str, Any]]:
    """Template and words of the mail that invites: staff set a password by its link, a sponsor logs in."""
    if not person.is_staff_member:
        path = make_link(by=by, person=person, now=now, lives=INVITATION_LIVES)
        return "sponsor_invitation", _words(path)
    return "invitation", _words(password_path(person))


def password_path(person: User) -> str:
    key = f"{user_pk_to_url_str(person)}-{allauth.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)}"
    return reverse("account_reset_password_from_key", args=key.split("-", 1))


def post_mail(*, person: User, key: str, template: str, words: dict[str, Any]) -> bool:
    """One mail about the log-in, in the person's language, once per key. Returns whether it is new."""
    path = f"account/email/{template}"
    return outbox.post_to(person, key=key, kind=outbox.ACCOUNT_MAIL, template=path, words=words)


def _post_what_lets_in(by: User, person: User, now: datetime) -> None:
    if person.is_staff_member:
        template, path = "password_reset_key", password_path(person)
        audit.record(by=by, action="accounts.password_link_sent", subject=person)
    else:
        template, path = "link", make_link(by=by, person=person, now=now)
    key = f"{template}:{person.uuid}:{secrets.token_hex(8)}"  # each request is its own event
    post_mail(person=person, key=key, template=template, words=_words(path))


def _words(path: str) -> dict[str, Any]:
    return {"address": f"{settings.SITE_URL}{path}", "site": settings.SITE_URL}


def _wake_answerer() -> None:
    # By name: services stand below tasks and do not import them. Without a queue beat's turn serves.
    try:
        current_app.send_task("accounts.answer_mail_requests", retry=False)
    except OperationalError:
        return


def _token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _address_digest(address: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), address.strip().lower().encode(), "sha256").hexdigest()
