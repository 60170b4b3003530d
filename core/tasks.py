from pathlib import Path

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from core import outbox
from core.backup import alarm, folders
from core.backup.making import make_backup
from core.enums import MessageState


@shared_task(name="core.send_outbox")
def send_outbox() -> int:
    """The only sender of mail. Safe to run at once with itself: each mail is claimed by one."""
    outbox.put_aside_doubtful(now=timezone.now())
    sent = 0
    while message := outbox.claim(now=timezone.now()):
        if outbox.deliver(message, now=timezone.now()) == MessageState.QUEUED:
            break  # no server: beat comes again
        sent += 1
    return sent


@shared_task(name="core.back_up", soft_time_limit=2900, time_limit=3000)
def back_up() -> str:
    """The nightly backup, and the end of what was kept long enough. Run twice, it makes two."""
    if not settings.BACKUP_DIR:
        return ""
    folder, now = Path(settings.BACKUP_DIR), timezone.now()
    try:
        made = make_backup(folder, now=now)
    except Exception:
        alarm.backup_failed(now=now)
        raise  # the log says why; a mail must not
    folders.prune(folder, now=now, keys_days=settings.BACKUP_KEYS_DAYS, days=settings.BACKUP_DAYS)
    return made.path.name


@shared_task(name="core.check_backup")
def check_backup() -> bool:
    """Whether the newest backup is young enough; mails the administrators once a day while it is not."""
    if not settings.BACKUP_DIR:
        return True
    now = timezone.now()
    in_time = folders.is_in_time(Path(settings.BACKUP_DIR), now=now)
    if not in_time:
        alarm.backup_late(now=now)
    return in_time
