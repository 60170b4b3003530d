"""Mail out: a row first, one sender second.

Posting twice under one key posts once. The sender claims a row in its own transaction, asks once more whether
the mail is still wanted, and hands it to the mail server; a claim whose sender died is never sent again by
itself but shown as "in doubt" for a person (a reminder is at most once: docs/adr/0007).
"""

import smtplib
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from kombu.exceptions import OperationalError

from core.enums import MessageState
from core.models import OutboxMessage

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
# About openings of sealed values: to who watches over them, and to who may be the second person.
ALARM_MAIL, SECOND_PERSON_MAIL = "alarm", "second_person"
ADMINISTRATORS_MAIL = (ACCOUNT_MAIL, BACKUP_MAIL, ALARM_MAIL, SECOND_PERSON_MAIL)
# Nobody touches these again by themselves: a person sends them once more or lets them be.
NEED_A_PERSON = (MessageState.FAILED, MessageState.IN_DOUBT)

_still_wanted: dict[str, Callable[[OutboxMessage], bool]] = {}


def ask_before_sending(kind: str, still_wanted: Callable[[OutboxMessage], bool]) -> None:
    """An app registers, per kind of mail, the question asked at the moment of sending."""
    _still_wanted[kind] = still_wanted


def post(
    *,
    key: str,
    kind: str,
    to_address: str,
    language: str,
    subject: str,
    body: str,
    to_user_id: int | None = None,
) -> bool:
    """Put one mail in the outbox, once per key. Returns whether it is new."""
    _row, created = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "to_user_id": to_user_id,
            "to_address": to_address,
            "language": language,
            "subject": subject,
            "body": body,
        },
    )
    if created:
        transaction.on_commit(wake_sender)
    return created


def wake_sender() -> None:
    # By name: services stand below tasks and do not import them. Without a queue beat's turn serves.
    try:
        current_app.send_task("core.send_outbox", retry=False)
    except OperationalError:
        return


def claim(*, now: datetime) -> OutboxMessage | None:
    """Take the oldest waiting mail for this sender alone; commits before anything is sent."""
    with transaction.atomic():
        message = (
            OutboxMessage.objects.filter(state=MessageState.QUEUED)
            .select_for_update(skip_locked=True)
            .order_by("id")
            .first()
        )
        if message is not None:
            message.state, message.claimed_at = MessageState.CLAIMED, now
            message.save(update_fields=["state", "claimed_at"])
        return message


def deliver(message: OutboxMessage, *, now: datetime) -> str:
    """Send one claimed mail. Returns its new state: queued again when no server could be reached."""
    wanted = _still_wanted.get(message.kind)
    if wanted is not None and not wanted(message):
        return _settle(message, MessageState.WITHDRAWN)
    if not settings.EMAIL_URL:
        if not settings.SAMPLE:
            return _settle(message, MessageState.FAILED, trouble="EMAIL_URL is not set.")
        return _settle(message, MessageState.SENT, sent_at=now)  # the mailbox page shows it
    try:
        EmailMessage(message.subject, message.body, to=[message.to_address]).send()
    except NOTHING_WENT_OUT as error:
        trouble = type(error).__name__
        return _settle(message, MessageState.QUEUED, claimed_at=None, trouble=trouble)
    except OSError as error:  # smtplib's errors are OSErrors; the text may hold an address
        return _settle(message, MessageState.FAILED, trouble=type(error).__name__)
    # A link that sets a password stands in no backup once it has gone out.
    body = "" if message.kind == ACCOUNT_MAIL else message.body
    return _settle(message, MessageState.SENT, sent_at=now, trouble="", body=body)


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
    body = "" if message.kind == ACCOUNT_MAIL else message.body
    _settle(message, MessageState.WITHDRAWN, body=body)


def _settle(message: OutboxMessage, state: MessageState, **values: Any) -> str:
    for name, value in {"state": state, **values}.items():
        setattr(message, name, value)
    message.save(update_fields=["state", *values])
    return state
