"""The mail to the administrators when a backup failed or is late: once a day each, and it tells no reason.

A reason may hold names of hosts and tables; it stands in the log.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from core import outbox

FAILED = (
    _("The backup failed"),
    _(
        "The backup of last night could not be made. The reason is in the log of the worker. Please see to "
        "it today: until then, what was written since the last backup exists only once.\n\n"
        "To try again: manage.py backup. To see how old the last one is: manage.py check_backup."
    ),
)
LATE = (
    _("There is no backup of last night"),
    _(
        "The newest backup is older than 26 hours, or there is none. Please look whether beat and worker "
        "run, and whether the folder of the backups can be written.\n\n"
        "To make one now: manage.py backup. To see how old the last one is: manage.py check_backup."
    ),
)


def backup_failed(*, now: datetime) -> None:
    _tell("failed", FAILED, now)


def backup_late(*, now: datetime) -> None:
    _tell("late", LATE, now)


def _tell(event: str, words: tuple[str | Promise, str | Promise], now: datetime) -> None:
    day = timezone.localdate(now)
    watchers: Iterable[Any] = import_string(settings.BACKUP_WATCHERS)()
    for person in watchers:
        with translation.override(person.language):
            subject, body = map(str, words)
        outbox.post(
            key=f"backup-{event}:{day}:{person.pk}",
            kind=outbox.BACKUP_MAIL,
            to_address=person.email,
            to_user_id=person.pk,
            language=person.language,
            subject=subject,
            body=body,
            fixed_text=f"{subject}\n{body}",
        )
