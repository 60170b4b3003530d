"""Miki at her desk: looks at the month, starts it, watches the worker carry it out."""

import uuid
from collections.abc import Iterator
from decimal import Decimal

import pytest
from celery import signals
from celery.contrib.testing.worker import start_worker
from playwright.sync_api import expect

from core.models import OutboxMessage
from lfnkr.celery import app
from tests import factories as make
from tests.browser.coming_in import come_in


@pytest.fixture
def worker(transactional_db) -> Iterator[None]:
    """A real worker on the real broker, with a queue of its own."""
    usual = app.conf.task_default_queue
    # A worker closes the process's connections around each task, and goes on doing so when it has stopped.
    kept = {signal: list(signal.receivers) for signal in (signals.task_prerun, signals.task_postrun)}
    _use_queue(f"test-{uuid.uuid4().hex}")
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
        yield
    _use_queue(usual)
    for signal, receivers in kept.items():
        signal.receivers = receivers


def _use_queue(name: str) -> None:
    app.conf.task_default_queue = name
    app.__dict__.pop("amqp", None)  # it remembers the queue it began with


def test_officer_starts_the_month_and_watches_it(
    desktop, assert_accessible, worker, miki, momos_sponsor, taros_sponsor
):
    make.SponsorshipFactory(sponsor__code="S-03", sponsor__email="")
    make.DonationFactory(donor=taros_sponsor.donor, gross=Decimal(15000))

    come_in(desktop, miki)
    expect(desktop.get_by_role("heading", name="Today")).to_be_visible()
    assert_accessible(desktop)
    desktop.get_by_role("link", name="Open the month").click()
    expect(desktop.get_by_role("row", name="S-01")).to_contain_text("to be sent")
    expect(desktop.get_by_role("row", name="S-02")).to_contain_text("has paid")
    assert not OutboxMessage.objects.exists()
    assert_accessible(desktop)

    desktop.get_by_role("button", name="Start the reminders").click()
    # No reload from here on: the page follows the worker by itself.
    expect(desktop.get_by_text("done: 3 / 3")).to_be_visible()
    expect(desktop.get_by_role("row", name="S-01")).to_contain_text("reminded")
    expect(desktop.get_by_role("row", name="S-02")).to_contain_text("has paid")
    expect(desktop.get_by_role("row", name="S-03")).to_contain_text("no e-mail address")
    assert_accessible(desktop)
    assert OutboxMessage.objects.get().to_address == momos_sponsor.email

    desktop.get_by_label("Result").select_option("paid")
    expect(desktop.get_by_role("row", name="S-01")).to_have_count(0)
    expect(desktop.get_by_role("row", name="S-02")).to_be_visible()
