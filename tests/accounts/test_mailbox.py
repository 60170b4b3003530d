"""The mailbox of the sample: every mail as a page, there and nowhere else."""

import pytest
from django.urls import reverse

from core import outbox
from core.models import OutboxMessage


@pytest.fixture
def mail(db) -> OutboxMessage:
    outbox.post(
        key="mail", kind="reminder", to_address="yuki@example.org", language="en",
        subject="There is news", body="Log in at http://localhost:8000/ <b>now</b>",
    )  # fmt: skip
    return OutboxMessage.objects.get()


def test_every_mail_is_listed_and_opens(as_user, miki, mail, settings):
    settings.SAMPLE = True
    client = as_user(miki)
    page = client.get(reverse("accounts:mailbox")).content.decode()
    assert "There is news" in page
    assert "None leaves this machine" in page
    opened = client.get(reverse("accounts:mail", args=[mail.uuid])).content.decode()
    assert 'href="http://localhost:8000/"' in opened
    assert "&lt;b&gt;now" in opened


def test_outside_the_sample_there_is_no_mailbox(as_user, miki, mail, settings):
    settings.SAMPLE = False
    assert as_user(miki).get(reverse("accounts:mailbox")).status_code == 404
    assert as_user(miki).get(reverse("accounts:mail", args=[mail.uuid])).status_code == 404


@pytest.mark.parametrize("number", [1, 30])
def test_mailbox_costs_the_same_for_many(as_user, aya, settings, number, django_assert_num_queries):
    settings.SAMPLE = True
    for turn in range(number):
        outbox.post(
            key=f"m{turn}", kind="x", to_address="a@example.org", language="en", subject="S", body="B"
        )
    client = as_user(aya)
    with django_assert_num_queries(8):
        client.get(reverse("accounts:mailbox"))
