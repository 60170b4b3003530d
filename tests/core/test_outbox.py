import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, connections, transaction
from django.utils import timezone

from core import outbox
from core.enums import MessageState
from core.models import OutboxMessage
from core.tasks import send_outbox


def post(key="news:1", kind="news", **words):
    usual = {"to_address": "yuki@example.org", "language": "en", "subject": "News", "body": "There is news."}
    return outbox.post(key=key, kind=kind, **usual | words)


def states():
    return list(OutboxMessage.objects.order_by("id").values_list("state", flat=True))


def test_one_event_is_one_mail(db):
    assert post() is True
    assert post() is False
    assert OutboxMessage.objects.count() == 1


def test_sample_shows_mails_instead_of_sending(db, settings):
    settings.EMAIL_URL = ""
    post()
    assert send_outbox() == 1
    assert states() == [MessageState.SENT]
    assert mail.outbox == []


def test_mail_goes_out_once(db, settings):
    settings.EMAIL_URL = "smtp://there"
    post()
    assert send_outbox() == 1
    assert send_outbox() == 0
    assert [message.to for message in mail.outbox] == [["yuki@example.org"]]


def test_real_installation_without_a_mail_server_says_so(db, settings):
    settings.EMAIL_URL, settings.SAMPLE = "", False
    post()
    send_outbox()
    message = OutboxMessage.objects.get()
    assert (message.state, message.trouble) == (MessageState.FAILED, "EMAIL_URL is not set.")


def test_refused_mail_is_shown_and_does_not_stop_the_others(db, settings, monkeypatch):
    settings.EMAIL_URL = "smtp://there"
    sent = []

    def refuse_the_first(self, *args, **kwargs):
        sent.append(self.subject)
        if len(sent) == 1:
            raise smtplib.SMTPRecipientsRefused({"yuki@example.org": (550, b"no such")})
        return 1

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse_the_first)
    post("a")
    post("b")
    send_outbox()
    assert states() == [MessageState.FAILED, MessageState.SENT]
    assert OutboxMessage.objects.get(key="a").trouble == "SMTPRecipientsRefused"  # no address in it


@pytest.mark.parametrize(
    "words", [{"to_address": f"yuki@{'例' * 70}.example"}, {"subject": "News\nBcc: other@example.org"}]
)
def test_mail_that_no_server_can_take_is_shown_and_does_not_stop_the_others(words, db, settings):
    settings.EMAIL_URL = "smtp://there"
    post("a", **words)
    post("b")
    send_outbox()
    assert states() == [MessageState.FAILED, MessageState.SENT]


def test_mails_wait_while_no_server_can_be_reached(db, settings):
    settings.EMAIL_URL = "smtp://there"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    post("a")
    post("b")
    assert send_outbox() == 0
    assert states() == [MessageState.QUEUED, MessageState.QUEUED]
    assert OutboxMessage.objects.get(key="a").trouble == "ConnectionRefusedError"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_outbox() == 2
    assert states() == [MessageState.SENT, MessageState.SENT]
    assert len(mail.outbox) == 2


def test_link_of_a_log_in_is_not_kept_once_it_is_sent(db, settings):
    settings.EMAIL_URL = "smtp://there"
    post("a", kind="account")
    post("b")
    send_outbox()
    assert [message.body for message in mail.outbox] == ["There is news."] * 2
    kept = [message.body for message in OutboxMessage.objects.order_by("id")]
    assert kept == ["", "There is news."]


def test_text_of_a_waiting_mail_is_not_in_the_database(db):
    post("a", kind="account", body="http://localhost:8000/log-in/link/abc/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(m)::text FROM core_outboxmessage AS m")
        assert "/link/" not in cursor.fetchone()[0]
    assert "/link/abc/" in OutboxMessage.objects.get().body  # control


def test_mail_sent_on_to_another_address_cannot_be_read(db, settings):
    settings.EMAIL_URL = "smtp://there"
    post("a", kind="account")
    OutboxMessage.objects.update(to_address="thief@example.org")
    send_outbox()
    assert mail.outbox == []
    assert states() == [MessageState.FAILED]


def test_mail_under_a_former_key_is_read_as_long_as_that_is_known(db, settings):
    post("a")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "x" * 50
    assert OutboxMessage.objects.get().body == "There is news."
    settings.SECRET_KEY_FALLBACKS = []
    assert not OutboxMessage.objects.get().can_be_read


def test_mail_no_longer_wanted_is_withdrawn(db):
    outbox.ask_before_sending("doubtful news", lambda message: False)
    post(kind="doubtful news")
    send_outbox()
    assert states() == [MessageState.WITHDRAWN]


def test_claim_whose_sender_died_is_never_sent_by_itself(db):
    post()
    now = timezone.now()
    outbox.claim(now=now)
    assert outbox.put_aside_doubtful(now=now + timedelta(minutes=5)) == 0
    assert outbox.put_aside_doubtful(now=now + timedelta(minutes=11)) == 1
    assert states() == [MessageState.IN_DOUBT]
    assert send_outbox() == 0


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_claim_different_mails():
    for number in range(20):
        post(f"news:{number}")
    claimed, together = [], threading.Barrier(2)

    def sender():
        together.wait()
        while message := outbox.claim(now=timezone.now()):
            claimed.append(message.key)
        connections.close_all()

    threads = [threading.Thread(target=sender) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(f"news:{number}" for number in range(20))


def _post_and_fail():
    with transaction.atomic():
        post()
        raise RuntimeError


@pytest.mark.django_db(transaction=True)
def test_mail_of_a_refused_write_is_never_posted():
    with pytest.raises(RuntimeError):
        _post_and_fail()
    assert not OutboxMessage.objects.exists()
