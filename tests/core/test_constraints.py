"""Each rule of the ground, broken past the services: the database itself refuses."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from tests.factories import ExchangeRateFactory, JobFactory, OutboxMessageFactory

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
