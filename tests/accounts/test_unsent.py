"""Mail that failed or is in doubt: a person sends it again or sets it aside, once."""

import threading

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from accounts import services
from core import outbox
from core.enums import MessageState
from core.models import AuditEntry, OutboxMessage
from tests import factories

STEPS = ["send_mail_again", "set_mail_aside"]


def unsent(key="reminder-1", kind="news", state=MessageState.FAILED) -> OutboxMessage:
    outbox.post(
        key=key, kind=kind, to_address="yuki@example.org", language="en",
        subject="There is news", body="Log in and read.",
    )  # fmt: skip
    values = {"state": state, "claimed_at": timezone.now(), "trouble": "SMTPRecipientsRefused"}
    OutboxMessage.objects.filter(key=key).update(**values)
    return OutboxMessage.objects.get(key=key)


def address(step: str, message: OutboxMessage) -> str:
    return reverse(f"accounts:{step}", args=[message.uuid])


def test_register_shows_the_trouble_but_no_text_and_no_address(as_user, miki):
    unsent()
    unsent("doubt", state=MessageState.IN_DOUBT)
    unsent("gone", state=MessageState.WITHDRAWN)
    page = as_user(miki).get(reverse("accounts:unsent")).content.decode()
    assert page.count("There is news") == 2
    assert page.count("Send again</button>") == page.count("Set aside</button>") == 2
    assert "SMTPRecipientsRefused" in page
    assert "in doubt" in page
    assert "yuki@example.org" not in page
    assert "Log in and read" not in page


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.IN_DOUBT])
def test_sent_again_it_waits_like_a_new_mail(as_user, miki, state, settings):
    settings.EMAIL_URL = ""
    message = unsent(state=state)
    page = as_user(miki).post(address("send_mail_again", message), follow=True).content.decode()
    assert "The mail waits to be sent again." in page
    assert "There is news" not in page
    message.refresh_from_db()
    assert (message.state, message.claimed_at, message.trouble) == (MessageState.QUEUED, None, "")
    assert outbox.claim(now=timezone.now()) == message
    entry = AuditEntry.objects.get(subject_uuid=message.uuid)
    assert (entry.action, entry.by_id) == ("mail.sent_again", miki.pk)
    assert entry.changes == {"state": [state, "queued"]}


def test_sending_again_wakes_the_sender(miki, monkeypatch, django_capture_on_commit_callbacks):
    message = unsent()
    with django_capture_on_commit_callbacks() as waiting:
        services.send_mail_again(by=miki, message=message)
    assert waiting == [outbox.wake_sender]


def test_set_aside_it_never_goes_out(as_user, miki):
    message = unsent()
    page = as_user(miki).post(address("set_mail_aside", message), follow=True).content.decode()
    assert "This mail will not go out." in page
    message.refresh_from_db()
    assert message.state == MessageState.WITHDRAWN
    assert message.body == "Log in and read."
    assert outbox.claim(now=timezone.now()) is None
    assert AuditEntry.objects.get(subject_uuid=message.uuid).action == "mail.set_aside"


def test_a_link_for_a_password_is_not_kept_when_set_aside(as_user, aya):
    message = unsent(kind="account")
    as_user(aya).post(address("set_mail_aside", message))
    message.refresh_from_db()
    assert (message.state, message.body) == (MessageState.WITHDRAWN, "")
    assert AuditEntry.objects.get(subject_uuid=message.uuid).action == "accounts.set_aside"


@pytest.mark.parametrize("first", STEPS)
@pytest.mark.parametrize("second", STEPS)
def test_settled_twice_is_refused_with_a_sentence(as_user, miki, first, second):
    message, client = unsent(), as_user(miki)
    client.post(address(first, message))
    message.refresh_from_db()
    settled = message.state
    page = client.post(address(second, message), follow=True).content.decode()
    assert "Somebody has settled this mail already." in page
    message.refresh_from_db()
    assert message.state == settled
    assert AuditEntry.objects.filter(subject_uuid=message.uuid).count() == 1


@pytest.mark.parametrize("step", STEPS)
def test_strangers_settle_no_mail(as_user, kenji, step):
    message = unsent()
    assert as_user(kenji).get(reverse("accounts:unsent")).status_code == 403
    assert as_user(kenji).post(address(step, message)).status_code == 403
    message.refresh_from_db()
    assert message.state == MessageState.FAILED


@pytest.mark.parametrize(("player", "kind"), [("miki", "account"), ("aya", "reminder")])
def test_mail_in_the_care_of_another_role_is_not_there(as_user, request, player, kind):
    client = as_user(request.getfixturevalue(player))
    message = unsent(kind=kind)
    assert "There is news" not in client.get(reverse("accounts:unsent")).content.decode()
    for step in STEPS:
        assert client.post(address(step, message)).status_code == 404
    message.refresh_from_db()
    assert message.state == MessageState.FAILED


def test_nothing_is_settled_by_a_link(as_user, miki):
    message = unsent()
    for step in STEPS:
        assert as_user(miki).get(address(step, message)).status_code == 405


def test_the_officers_day_begins_with_the_mail_that_waits(as_user, miki):
    client = as_user(miki)
    assert "mail needs a person" not in client.get(reverse("foster:start")).content.decode()
    unsent()
    unsent("log-in", kind="account")
    page = client.get(reverse("foster:start")).content.decode()
    assert "1 mail needs a person" in page


@pytest.mark.parametrize("number", [1, 30])
def test_register_costs_the_same_for_many(as_user, miki, number, django_assert_num_queries):
    for turn in range(number):
        unsent(f"m{turn}")
    client = as_user(miki)
    with django_assert_num_queries(8):
        client.get(reverse("accounts:unsent"))


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_settle_it_once():
    people = factories.UserFactory.create_batch(2, role="foster_officer")
    message, together, refused = unsent(), threading.Barrier(2), []

    def settle(step, person):
        together.wait()
        try:
            step(by=person, message=message)
        except services.MailSettledAlready as refusal:
            refused.append(str(refusal))
        connections.close_all()

    steps = (services.send_mail_again, services.set_mail_aside)
    threads = [threading.Thread(target=settle, args=pair) for pair in zip(steps, people, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert AuditEntry.objects.filter(subject_uuid=message.uuid).count() == 1
