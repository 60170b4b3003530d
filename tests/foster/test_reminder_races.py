"""Two runs of one month at once, on real connections."""

import threading
import time

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from accounts.models import User
from core.models import OutboxMessage
from core.tasks import send_outbox
from foster import services
from foster.models import Allocation, Due, Reminder, ReminderOutcome, Sponsor
from tests import factories as make

SPONSORS = 12


def at_once(count, work):
    together, trouble = threading.Barrier(count), []

    def one():
        together.wait()
        try:
            work()
        except Exception as error:
            trouble.append(error)
        connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_are_one_mail_a_sponsor(miki, today):
    for _ in range(SPONSORS):
        make.SponsorshipFactory()
    payer = make.SponsorshipFactory().sponsor
    make.DonationFactory(donor=payer.donor)
    month = today.replace(day=1)

    def run():
        begun = services.begin_run(by=User.objects.get(pk=miki.pk), month=month, today=today)
        services.carry_out_run(run=begun, today=today)

    at_once(2, run)
    assert Due.objects.count() == SPONSORS + 1
    assert Allocation.objects.count() == 1
    assert Reminder.objects.count() == SPONSORS
    assert OutboxMessage.objects.count() == SPONSORS
    results = list(ReminderOutcome.objects.values_list("result", flat=True))
    assert sorted(results) == ["already"] * SPONSORS + ["paid"] * 2 + ["posted"] * SPONSORS
    at_once(2, send_outbox)
    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"sent"}
    assert OutboxMessage.objects.filter(sent_at__lte=timezone.now()).count() == SPONSORS


@pytest.mark.django_db(transaction=True)
def test_opting_out_during_a_run_is_heard_or_the_mail_is_withdrawn(miki, today):
    sponsor = make.SponsorshipFactory().sponsor
    month = today.replace(day=1)
    run = services.begin_run(by=miki, month=month, today=today)
    works = [
        lambda: services.carry_out_run(run=run, today=today),
        lambda: services.choose_reminders(by=miki, sponsor=sponsor, wanted=False, today=today),
    ]
    at_once(2, lambda: works.pop()())
    send_outbox()
    assert not OutboxMessage.objects.filter(state="sent").exists()


def _end_whoever_waits_for_a_lock() -> None:
    """As a crashed server would: the connection is gone in the middle of its transaction."""
    ended = []
    while not ended:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            ended = cursor.fetchall()
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_run_that_loses_its_connection_goes_on_and_the_next_one_does_the_rest(miki, today):
    sponsors = [make.SponsorshipFactory().sponsor for _ in range(SPONSORS)]
    month = today.replace(day=1)
    run = services.begin_run(by=miki, month=month, today=today)

    def carry_out():
        services.carry_out_run(run=run, today=today)
        connections.close_all()

    thread = threading.Thread(target=carry_out)
    with transaction.atomic():
        Sponsor.objects.select_for_update().get(pk=sponsors[5].pk)
        thread.start()
        _end_whoever_waits_for_a_lock()
    thread.join()
    assert OutboxMessage.objects.count() == SPONSORS - 1
    failed = ReminderOutcome.objects.get(result="failed")
    assert (failed.sponsor, failed.trouble) == (sponsors[5], "OperationalError")

    services.carry_out_run(run=services.begin_run(by=miki, month=month, today=today), today=today)
    assert OutboxMessage.objects.count() == Reminder.objects.count() == SPONSORS
