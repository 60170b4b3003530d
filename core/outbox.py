"""Mail out: a row first, one sender second.

Posting twice under one key posts once. The sender claims a row in its own transaction, asks once more whether
the mail is still wanted, and hands it to the mail server; a claim whose sender died is never sent again by
itself but shown as "in doubt" for a person (a reminder is at most once: docs/adr/0007).

The leak guard looks through a mail when it is posted and again when it is sent; what it holds back waits as
"held back" until somebody has settled the finding.
"""

import re
import smtplib
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from core import leaks
from core.enums import Channel, FindingState, MessageState
from core.models import LeakFinding, OutboxMessage

# Longer than any mail server may take (EMAIL_TIMEOUT), or a slow sender would be overtaken.
DOUBTFUL_AFTER = timedelta(minutes=10)

# The server was not reached, or turned us away before any mail: to be tried again.
NOTHING_WENT_OUT = (
    ConnectionRefusedError,
    socket.gaierror,
    smtplib.SMTPConnectError,
    smtplib.SMTPAuthenticationError,
)
ACCOUNT_MAIL = "account"
BACKUP_MAIL = "backup"
DIGEST_MAIL = "digest"
# About openings of sealed values: to who watches over them, and to who may be the second person.
ALARM_MAIL, SECOND_PERSON_MAIL = "alarm", "second_person"
STOCK_MAIL, LEDGER_MAIL = "stock", "ledger"  # there is news in the stock; its ledger does not add up
ADMINISTRATORS_MAIL = (
    ACCOUNT_MAIL,
    BACKUP_MAIL,
    DIGEST_MAIL,
    ALARM_MAIL,
    SECOND_PERSON_MAIL,
    STOCK_MAIL,
    LEDGER_MAIL,
)
# Nobody touches these again by themselves: a person sends them once more or lets them be.
NEED_A_PERSON = (MessageState.FAILED, MessageState.IN_DOUBT)

_still_wanted: dict[str, Callable[[OutboxMessage], bool]] = {}


def ask_before_sending(kind: str, still_wanted: Callable[[OutboxMessage], bool]) -> None:
    """An app registers, per kind of mail, the question asked at the moment of sending."""
    _still_wanted[kind] = still_wanted


def rendered(prefix: str, words: dict[str, Any]) -> dict[str, str]:
    """Subject, body and fixed text of a mail, from its two templates, in the language now spoken."""
    blank = {name: " " if isinstance(value, str) else value for name, value in words.items()}
    subject, body, *fixed = (
        render_to_string(f"{prefix}_{part}.txt", filled)
        for filled in (words, blank)
        for part in ("subject", "message")
    )
    return {"subject": " ".join(subject.split()), "body": body, "fixed_text": "\n".join(fixed)}


def post_to(person: Any, *, key: str, kind: str, template: str, words: dict[str, Any]) -> bool:
    """One mail to somebody with a log-in, in their language, once per key. Returns whether it is new.

    `template`: the path of its two templates, as far as they share it.
    """
    with translation.override(person.language):
        text = rendered(template, words)
    return post(
        key=key,
        kind=kind,
        to_address=person.email,
        to_user_id=person.pk,
        language=person.language,
        **text,
    )


def post(
    *,
    key: str,
    kind: str,
    to_address: str,
    language: str,
    subject: str,
    body: str,
    to_user_id: int | None = None,
    fixed_text: str = "",
) -> bool:
    """Put one mail in the outbox, once per key. Returns whether it is new.

    `fixed_text`: what the mail says without what was filled in, so that no word of a template is taken for a
    name. Many mails of one piece of work are posted inside `leaks.guarding()`.
    """
    message, created = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "to_user_id": to_user_id,
            "to_address": to_address,
            "language": language,
            "subject": subject,
            "body": body,
            "fixed_text": fixed_text,
        },
    )
    if created and not _is_held_back(message):
        transaction.on_commit(wake_sender)
    return created


def _is_held_back(message: OutboxMessage) -> bool:
    """A first look, so that a person need not wait for the sender to learn of it; the second one decides."""
    # Whoever asks for a new password must not learn from the time it takes whether the address is known.
    if message.kind == ACCOUNT_MAIL:
        return False
    try:
        verdict = leaks.check(by=None, outgoing=outgoing(message))
    except leaks.CannotCheck:
        return False  # the sender finds it out again, and waits
    if not verdict.may_leave:
        _settle(message, MessageState.HELD)
    return not verdict.may_leave


def outgoing(message: OutboxMessage) -> leaks.Outgoing:
    pieces = (leaks.Piece(message.subject, _("subject")), leaks.Piece(message.body, _("text")))
    return leaks.Outgoing(
        channel=Channel.MAIL,
        pieces=pieces,
        text_type=message._meta.label_lower,
        text_uuid=message.uuid,
        fixed=message.fixed_text,
    )


def after_settling(*, by: Any, finding: LeakFinding) -> None:
    """A mail of which nothing is open any more goes its way; one with a leak in it never goes out."""
    message = OutboxMessage.objects.filter(uuid=finding.text_uuid, state=MessageState.HELD).first()
    if message is None:
        return
    if finding.state == FindingState.TAKE_OUT:
        set_aside(message)
    elif not leaks.standing(outgoing(message)).exists():
        send_again(message)


leaks.when_settled(Channel.MAIL, after_settling)


def wake_sender() -> None:
    # By name: services stand below tasks and do not import them. Without a queue beat's turn serves.
    try:
        current_app.send_task("core.send_outbox", retry=False)
    except OperationalError:
        return


LOCKED = "The sealed values are locked."
UNREADABLE = "Its text is not kept any more, or SECRET_KEY was changed: post it anew."


def claim(*, now: datetime, after: int = 0) -> OutboxMessage | None:
    """Take the oldest waiting mail with a key above `after` for this sender alone; commits before anything is
    sent.
    """
    with transaction.atomic():
        message = (
            OutboxMessage.objects.filter(state=MessageState.QUEUED, pk__gt=after)
            .select_for_update(skip_locked=True)
            .order_by("id")
            .first()
        )
        if message is not None:
            message.state, message.claimed_at = MessageState.CLAIMED, now
            message.save(update_fields=["state", "claimed_at"])
        return message


def deliver(message: OutboxMessage, *, now: datetime) -> str:
    """Send one claimed mail. Returns its new state: queued again when no server could be reached, or when
    the sealed values could not be opened to check it."""
    wanted = _still_wanted.get(message.kind)
    if wanted is not None and not wanted(message):
        return _settle(message, MessageState.WITHDRAWN)
    if not (message.can_be_read and message.body):
        return _settle(message, MessageState.FAILED, trouble=UNREADABLE)
    try:
        verdict = leaks.check(by=None, outgoing=outgoing(message))
        if not verdict.may_leave:
            return _settle(message, MessageState.HELD, claimed_at=None)
    except leaks.CannotCheck:
        if not _says_only_what_it_always_says(message):
            return _settle(message, MessageState.QUEUED, claimed_at=None, trouble=LOCKED)
    if not settings.EMAIL_URL:
        if not settings.SAMPLE:
            return _settle(message, MessageState.FAILED, trouble="EMAIL_URL is not set.")
        return _settle(message, MessageState.SENT, sent_at=now)  # the mailbox page shows it
    try:
        EmailMessage(message.subject, message.body, to=[message.to_address]).send()
    except NOTHING_WENT_OUT as error:
        trouble = type(error).__name__
        return _settle(message, MessageState.QUEUED, claimed_at=None, trouble=trouble)
    # smtplib's errors are OSErrors; a ValueError is an address or a subject that no mail can have. Their text
    # may hold an address.
    except (OSError, ValueError) as error:
        return _settle(message, MessageState.FAILED, trouble=type(error).__name__)
    _let_go_of_link(message)
    return _settle(message, MessageState.SENT, sent_at=now, trouble="")


def _says_only_what_it_always_says(message: OutboxMessage) -> bool:
    """Whether nothing but our own address and numbers was filled into its template: an alarm, a call.

    It must leave on the day when the keys are locked because somebody is at the door.
    """

    def bare(text: str) -> str:
        return re.sub(r"[\d\s]+", "", text.replace(settings.SITE_URL, ""))

    return bool(message.fixed_text) and bare(message.subject + message.body) == bare(message.fixed_text)


def put_aside_doubtful(*, now: datetime) -> int:
    """Claims whose sender died. Returns how many a person now has to settle."""
    return OutboxMessage.objects.filter(
        state=MessageState.CLAIMED, claimed_at__lt=now - DOUBTFUL_AFTER
    ).update(state=MessageState.IN_DOUBT)


def send_again(message: OutboxMessage) -> None:
    """A person decided it: it waits like a new one, and is asked for once more before it goes out."""
    _settle(message, MessageState.QUEUED, claimed_at=None, trouble="")
    transaction.on_commit(wake_sender)


def set_aside(message: OutboxMessage) -> None:
    """A person decided that it never goes out; a link that sets a password is not kept."""
    _let_go_of_link(message)
    _settle(message, MessageState.WITHDRAWN)


def _let_go_of_link(message: OutboxMessage) -> None:
    """One that sets a password stands in no backup once it has gone out, or never will."""
    if message.kind == ACCOUNT_MAIL:
        message.body = ""


def _settle(message: OutboxMessage, state: MessageState, **values: Any) -> str:
    for name, value in {"state": state, **values}.items():
        setattr(message, name, value)
    message.save(update_fields=["state", "sealed_body", *values])
    return state
