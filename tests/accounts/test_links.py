"""A sponsor comes in by the link of a mail: once, for a short time, and by a press of the button."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services, tasks
from accounts.models import LogInLink, MailRequest, User
from accounts.selectors import system_user
from core import outbox
from core.enums import MessageState
from core.models import AuditEntry, OutboxMessage
from tests import factories
from tests.entering import PASSWORD, is_in, link_for, link_in_mail, passkey_of, try_password
from tests.races import at_once

ASK = reverse("account_ask_for_link")


def ask(client: Client, email: str, **more):
    return client.post(ASK, {"email": email}, **more)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_from_the_typed_address_to_the_start_page(client, yuki, language):
    User.objects.filter(pk=yuki.pk).update(language=language)
    assert ask(client, yuki.email.upper()).url == reverse("account_reset_password_done")
    tasks.answer_mail_requests()
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.language, mail.kind) == (yuki.email, language, "account")
    assert yuki.name not in mail.subject + mail.body
    page = client.get(link_in_mail())
    assert page.status_code == 200
    assert not is_in(client)
    assert client.post(link_in_mail()).url == reverse("home")
    assert is_in(client)
    assert AuditEntry.objects.filter(action="accounts.link_used", by_id=yuki.pk).count() == 1


def test_a_mail_scanner_that_opens_the_link_burns_nothing(client, yuki):
    link = link_for(yuki)
    for method in ("get", "head", "get"):
        assert getattr(Client(), method)(link).status_code == 200
    client.post(link)
    assert is_in(client)


def test_a_link_works_once(client, yuki):
    link = link_for(yuki)
    client.post(link)
    second = Client()
    refused = second.post(link)
    assert refused.status_code == 422
    assert "works once" in refused.content.decode()
    assert not is_in(second)


def test_a_used_link_voids_the_others(client, yuki):
    first, second = link_for(yuki), link_for(yuki)
    client.post(second)
    assert Client().post(first).status_code == 422


def test_a_link_works_for_15_minutes(client, yuki, time_machine):
    link, made = link_for(yuki), timezone.now()
    time_machine.move_to(made + timedelta(minutes=15, seconds=1))
    assert client.post(link).status_code == 422
    time_machine.move_to(made + timedelta(minutes=14))
    assert client.post(link).status_code == 302


def test_the_token_is_in_no_table(yuki):
    token = link_for(yuki).rstrip("/").rpartition("/")[2]
    assert len(token) >= 43
    kept = str(list(LogInLink.objects.values())) + str(list(AuditEntry.objects.values()))
    assert token not in kept


def test_the_mail_forgets_the_link_when_it_has_gone_out(yuki, settings):
    settings.EMAIL_URL = "smtp://there"
    services.ask_for_mail(by=None, address=yuki.email)
    tasks.answer_mail_requests()
    message = outbox.claim(now=timezone.now())
    assert outbox.deliver(message, now=timezone.now()) == MessageState.SENT
    assert OutboxMessage.objects.get().body == ""


def test_no_log_line_holds_a_link(yuki, caplog):
    link = link_for(yuki)
    with caplog.at_level("INFO"):
        Client().get(link)
    assert "/log-in/link/<str:key>/" in caplog.text
    assert link not in caplog.text


def test_known_and_unknown_leave_the_same_and_get_the_same_answer(db, yuki, hana):
    answers = []
    for email in (yuki.email, hana.email, "nobody@example.org"):
        client = Client()
        first = ask(client, email)
        answers.append((first.status_code, first.url, client.get(first.url).content))
    assert len({(status, url) for status, url, _page in answers}) == 1
    rows = list(MailRequest.objects.values_list("address", flat=True))
    assert len(set(rows)) == 3
    assert not [row for row in rows if "@" in row or not re.fullmatch("[0-9a-f]{64}", row)]
    assert not OutboxMessage.objects.exists()
    tasks.answer_mail_requests()
    assert not MailRequest.objects.exists()
    assert {mail.to_address for mail in OutboxMessage.objects.all()} == {yuki.email, hana.email}


def test_staff_who_ask_for_a_link_get_one_for_a_password(client, hana):
    ask(client, hana.email)
    tasks.answer_mail_requests()
    assert "/password/new/" in OutboxMessage.objects.get().body
    assert not LogInLink.objects.exists()


def test_a_sponsor_who_forgot_a_password_gets_a_link(client, yuki):
    client.post(reverse("account_reset_password"), {"email": yuki.email})
    tasks.answer_mail_requests()
    assert "/log-in/link/" in OutboxMessage.objects.get().body


def test_a_closed_log_in_gets_no_mail_and_its_links_are_void(client, yuki, aya):
    link = link_for(yuki)
    services.change_log_in(by=aya, person=yuki, role=yuki.role, is_active=False, reason="ended")
    assert client.post(link).status_code == 422
    ask(client, yuki.email)
    tasks.answer_mail_requests()
    assert not OutboxMessage.objects.exists()


def test_a_link_of_who_became_staff_lets_nobody_in(client, yuki):
    link = link_for(yuki)
    User.objects.filter(pk=yuki.pk).update(role="auditor")
    assert client.post(link).status_code == 422
    assert not is_in(client)


def test_a_nonsense_address_is_told_so(client, db):
    assert ask(client, "not an address").status_code == 422
    assert not MailRequest.objects.exists()


@pytest.mark.parametrize("token", ["x", "a" * 500, "‮", "%00", "..%2f"])
def test_an_invented_token_lets_nobody_in(client, db, token):
    assert client.post(reverse("account_link", args=[token])).status_code == 422


def test_a_link_comes_in_where_somebody_else_was(as_user, hana, yuki):
    client = as_user(hana)
    client.post(link_for(yuki))
    assert client.get(reverse("accounts:me")).context["user"] == yuki
    assert not hana.devices.exists()


def test_an_invited_sponsor_comes_in_by_the_mail_for_seven_days(as_user, client, aya, time_machine):
    new = {"email": "nana@example.org", "name": "Nana", "role": "sponsor", "language": "en"}
    as_user(aya).post(reverse("accounts:invite"), new)
    mail, link = OutboxMessage.objects.get(), link_in_mail()
    assert "seven days" in mail.body
    assert "Nana" not in mail.subject + mail.body
    time_machine.move_to(timezone.now() + timedelta(days=6, hours=23))
    client.post(link)
    assert is_in(client)


def test_the_invitation_goes_out_once_a_day_and_makes_one_link(aya, yuki):
    now = timezone.now()
    assert services.send_invitation(by=aya, person=yuki, now=now)
    assert not services.send_invitation(by=aya, person=yuki, now=now)
    assert LogInLink.objects.count() == OutboxMessage.objects.count() == 1


# --- no password -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", [PASSWORD, "", "!", "x"])
def test_a_sponsor_does_not_come_in_by_a_password(client, yuki, password):
    yuki.refresh_from_db()
    for tried in (password, yuki.password):
        answer = try_password(client, yuki.email, tried or "y")
        assert answer.status_code == 200
    assert not is_in(client)


def test_a_sponsors_refusal_reads_like_any_other(yuki, hana):
    def sentences(email):
        page = try_password(Client(), email, "not the password").content.decode()
        return re.findall(r'<div class="alert[^>]*>(.*?)</div>', page, re.DOTALL)

    assert sentences(yuki.email) == sentences(hana.email) == sentences("nobody@example.org") != []


def test_who_becomes_a_sponsor_loses_the_password(aya, hana):
    services.change_log_in(by=aya, person=hana, role="sponsor", is_active=True, reason="moved on")
    hana.refresh_from_db()
    assert not hana.has_usable_password()


def test_a_sponsor_with_a_passkey_needs_either_and_not_both(as_user, client, yuki):
    passkey_of(yuki, as_user(yuki))
    client.post(link_for(yuki))
    assert is_in(client)


# --- races and tidying -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_eight_presses_at_once_one_comes_in():
    link = link_for(factories.UserFactory(role="sponsor"))
    answers = at_once(*[lambda: Client().post(link).status_code] * 8)
    assert sorted(answers) == [302] + [422] * 7


@pytest.mark.django_db(transaction=True)
def test_two_answerers_at_once_post_one_mail():
    yuki = factories.UserFactory(role="sponsor")
    services.ask_for_mail(by=None, address=yuki.email)
    system = system_user()

    def answer() -> int:
        return services.answer_requests(by=system, now=timezone.now())

    assert sorted(at_once(*[answer] * 4)) == [0, 0, 0, 1]
    assert OutboxMessage.objects.count() == 1


def test_asked_twice_before_the_answer_is_one_mail(client, yuki):
    ask(client, yuki.email)
    ask(client, yuki.email)
    tasks.answer_mail_requests()
    assert OutboxMessage.objects.count() == 1


def test_the_answerer_is_woken_for_known_and_unknown(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        services.ask_for_mail(by=None, address="nobody@example.org")
    assert len(waiting) == 1


def test_old_links_are_tidied_away(yuki):
    factories.LogInLinkFactory(user=yuki, made_at=timezone.now() - timedelta(hours=1))
    link = link_for(yuki)
    tasks.tidy_log_ins()
    assert LogInLink.objects.count() == 1
    assert Client().post(link).status_code == 302
