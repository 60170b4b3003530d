from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core import leaks, outbox
from core.backup import alarm, folders
from core.backup.making import make_backup
from core.enums import MessageState


@shared_task(name="core.send_outbox")
def send_outbox() -> int:
    """The only sender of mail. Safe to run at once with itself: each mail is claimed by one."""
    outbox.put_aside_doubtful(now=timezone.now())
    sent = passed = 0
    with leaks.guarding():
        while message := outbox.claim(now=timezone.now(), after=passed):
            if outbox.deliver(message, now=timezone.now()) != MessageState.QUEUED:
                sent += 1
            elif message.trouble == outbox.LOCKED:
                passed = message.pk  # it waits; an alarm behind it does not
            else:
                break  # no server: beat comes again
    return sent


@shared_task(name="core.back_up", soft_time_limit=2900, time_limit=3000)
def back_up() -> None:
    """The nightly backup, and the end of what was kept long enough. Run twice, it makes two."""
    if not settings.BACKUP_DIR:
        return
    folder, now = Path(settings.BACKUP_DIR), timezone.now()
    try:
        make_backup(folder, now=now)
    except Exception:
        alarm.backup_failed(now=now)
        raise  # the log says why; a mail must not
    folders.prune(folder, now=now, keys_days=settings.BACKUP_KEYS_DAYS, days=settings.BACKUP_DAYS)


@shared_task(name="core.check_backup")
def check_backup() -> None:
    """Mails the administrators once a day while the newest backup is too old."""
    if not settings.BACKUP_DIR:
        return
    now = timezone.now()
    if not folders.is_in_time(Path(settings.BACKUP_DIR), now=now):
        alarm.backup_late(now=now)
