from celery import shared_task
from django.utils import timezone

from core import leaks, outbox
from core.enums import MessageState


@shared_task(name="core.send_outbox")
def send_outbox() -> int:
    """The only sender of mail. Safe to run at once with itself: each mail is claimed by one."""
    outbox.put_aside_doubtful(now=timezone.now())
    sent = 0
    with leaks.guarding():
        while message := outbox.claim(now=timezone.now()):
            if outbox.deliver(message, now=timezone.now()) == MessageState.QUEUED:
                break  # no server, or no key to check it with: beat comes again
            sent += 1
    return sent
