"""Mail that a person has to settle."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, outbox
from core.enums import MessageState
from core.models import OutboxMessage


class MailSettledAlready(Exception):
    def __str__(self) -> str:
        return _("Somebody has settled this mail already. There is nothing left to do for it.")


@transaction.atomic
def send_mail_again(*, by: User, message: OutboxMessage) -> None:
    """A mail that failed or is in doubt waits to be sent once more. Raises MailSettledAlready."""
    message = _lock_unsent(message)
    was = message.state
    outbox.send_again(message)
    _record_settled(by, "sent_again", message, was)


@transaction.atomic
def set_mail_aside(*, by: User, message: OutboxMessage) -> None:
    """A mail that failed, is in doubt or is held back never goes out any more. Raises MailSettledAlready."""
    message = _lock_unsent(message, MessageState.HELD)
    was = message.state
    outbox.set_aside(message)
    _record_settled(by, "set_aside", message, was)


def _lock_unsent(message: OutboxMessage, *also: MessageState) -> OutboxMessage:
    found = OutboxMessage.objects.select_for_update().get(pk=message.pk)
    if found.state not in (*outbox.NEED_A_PERSON, *also):
        raise MailSettledAlready
    return found


def _record_settled(by: User, verb: str, message: OutboxMessage, was: str) -> None:
    # The administrator reads what happens to accounts, not who is reminded (matrix, D15).
    room = "accounts" if message.kind == outbox.ACCOUNT_MAIL else "mail"
    changes = {"state": [was, message.state]}
    audit.record(by=by, action=f"{room}.{verb}", subject=message, changes=changes)
