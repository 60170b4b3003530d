"""The Celery app and the whole beat schedule: there is no other place for a periodic time."""

import os
import socket

from celery import Celery
from celery.schedules import crontab
from celery.signals import heartbeat_sent, setup_logging, worker_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lfnkr.settings")

app = Celery("lfnkr")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.beat_schedule = {
    # Mail waits at most this long; services also wake the sender when they post.
    "send-outbox": {"task": "core.send_outbox", "schedule": 15.0},
    # In the night, when nothing is being written: a digest waits for entries under way.
    "trail-digest": {"task": "accounts.send_trail_digest", "schedule": crontab(hour="3", minute="30")},
    # At night, and asked after every hour: nothing happens while BACKUP_DIR is not set.
    "nightly-backup": {"task": "core.back_up", "schedule": crontab(hour="3", minute="15")},
    "late-backup": {"task": "core.check_backup", "schedule": crontab(minute="45")},
    # Who asks for a link on the log-in page; the page also wakes it.
    "answer-mail-requests": {"task": "accounts.answer_mail_requests", "schedule": 15.0},
    "tidy-log-ins": {"task": "accounts.tidy_log_ins", "schedule": crontab(hour="4", minute="10")},
    # Some days ahead, so that the coordinator can still change them.
    "standing-plans": {
        "task": "supply.make_drafts",
        "schedule": crontab(day_of_month="20", hour="6", minute="0"),
    },
    # While nobody books: it reads the whole ledger.
    "ledger-check": {"task": "supply.check_ledger", "schedule": crontab(hour="2", minute="45")},
    # Two queries while nothing changes; who books need not wait for it.
    "stock-levels": {"task": "supply.watch_levels", "schedule": crontab(minute="*/5")},
    # Who was handed on and did not arrive may be in danger.
    "call-for-missing": {"task": "shelters.call_for_missing", "schedule": 60.0},
    # Days before the 10th are left for payments by standing order.
    "monthly-reminders": {
        "task": "foster.send_monthly_reminders",
        "schedule": crontab(day_of_month="10", hour="9", minute="0"),
    },
}


@setup_logging.connect
def _use_our_logging(**_kwargs: object) -> None:
    from logging.config import dictConfig

    from django.conf import settings

    dictConfig(settings.LOGGING)


@worker_init.connect
def _work_as_system(**_kwargs: object) -> None:
    from core.identity import run_as_system

    run_as_system()


@worker_ready.connect
@heartbeat_sent.connect
def _tell_worker_is_alive(**_kwargs: object) -> None:
    from core.health import heard_from

    heard_from("worker", socket.gethostname())
