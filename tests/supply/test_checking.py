"""The nightly check: written down, told without a word of what, shown where it is looked for."""

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from core.identity import acting_as
from core.models import OutboxMessage
from supply import services
from supply.models import LedgerCheck
from supply.tasks import check_ledger
from tests import factories
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


def health():
    return Client().get("/healthz").json()["ledger"]


def test_sound_ledger_is_written_down_and_calls_nobody(stocked, sora, otto):
    assert health() == "not checked"
    assert check_ledger() == 0
    assert LedgerCheck.objects.get().differences == 0
    assert health() == "ok"
    assert not OutboxMessage.objects.exists()


def test_differences_call_coordinators_and_auditors_and_stand_on_page_and_health(
    as_user, sora, otto, hana, aya
):
    services.record_check(by=sora, differences=2)
    mails = OutboxMessage.objects.order_by("to_user_id")
    assert [mail.to_user_id for mail in mails] == sorted([sora.pk, otto.pk])
    assert {mail.kind for mail in mails} == {"ledger"}
    assert "difference" not in mails[0].subject + mails[0].body
    assert health() == "differences"
    told = "2 lines of stock do not agree with the ledger"
    assert told in text_of(as_user(otto).get(reverse("supply:start")))
    services.record_check(by=sora, differences=0)
    assert told not in text_of(as_user(otto).get(reverse("supply:start")))
    assert health() == "ok"


def test_nobody_but_the_system_writes_a_check(sora, hana):
    for person in (sora, hana):
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(person):
            factories.LedgerCheckFactory()
