"""Each rule of the ground, broken past the services: the database itself refuses."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tests.factories import (
    ExchangeRateFactory,
    JobFactory,
    LeakFindingFactory,
    OutboxMessageFactory,
)

pytestmark = pytest.mark.django_db


def test_outbox_one_mail_per_key():
    OutboxMessageFactory(key="yuki 2026-11")
    with pytest.raises(IntegrityError, match="outbox_one_mail_per_key"):
        OutboxMessageFactory(key="yuki 2026-11")


@pytest.mark.parametrize("values", [{"state": "sent"}, {"state": "queued", "sent_at": timezone.now()}])
def test_outbox_sent_has_a_time(values):
    with pytest.raises(IntegrityError, match="outbox_sent_has_a_time"):
        OutboxMessageFactory(**values)


def test_job_done_within_total():
    with pytest.raises(IntegrityError, match="job_done_within_total"):
        JobFactory(done=2, total=1)


def test_exchange_rate_one_a_day():
    ExchangeRateFactory()
    with pytest.raises(IntegrityError, match="exchange_rate_one_a_day"):
        ExchangeRateFactory()


@pytest.mark.parametrize("rate", [0, -1])
def test_exchange_rate_positive(rate):
    with pytest.raises(IntegrityError, match="exchange_rate_positive"):
        ExchangeRateFactory(rate=rate)


def test_leak_finding_once():
    LeakFindingFactory(fingerprint="same")
    with pytest.raises(IntegrityError, match="leak_finding_once"):
        LeakFindingFactory(fingerprint="same")


@pytest.mark.parametrize(
    "values",
    [
        {"state": "no_leak"},
        {"state": "take_out", "settled_by_id": 1, "reason": "a name"},
        {"state": "no_leak", "settled_at": timezone.now(), "reason": "a tree"},
        {"state": "no_leak", "settled_by_id": 1, "settled_at": timezone.now(), "reason": ""},
        {"state": "open", "settled_by_id": 1, "settled_at": timezone.now(), "reason": "a tree"},
        {"state": "overtaken", "reason": "a tree"},
    ],
)
def test_leak_finding_settled_by_at_and_why(values):
    with pytest.raises(IntegrityError, match="leak_finding_settled_by_at_and_why"):
        LeakFindingFactory(**values)


def test_leak_finding_settled_by_a_second_person():
    settled = {"state": "no_leak", "settled_at": timezone.now(), "reason": "a tree", "authors": [7, 8]}
    LeakFindingFactory(settled_by_id=9, **settled)
    with pytest.raises(IntegrityError, match="leak_finding_settled_by_a_second_person"):
        LeakFindingFactory(settled_by_id=8, **settled)
