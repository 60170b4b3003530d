"""The log-in from outside: in, out, forgotten, throttled, in both languages."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts import tasks
from accounts.models import User
from core.models import AuditEntry, OutboxMessage
from tests.entering import PASSWORD as OLD
from tests.entering import code_of, come_in, is_in, link_in_mail, try_code, try_password, with_app

pytestmark = pytest.mark.usefixtures("still")

NEW = "another quite long password"


def test_log_in_lands_on_the_start_page(client, hana):
    asked = try_password(client, with_app(hana).email)
    assert asked.url == reverse("mfa_authenticate")
    assert not is_in(client)
    assert come_in(client, hana).url == reverse("home")
    assert is_in(client)


def test_after_the_log_in_back_to_the_page_that_was_asked_for(client, hana):
    wanted = reverse("accounts:devices")
    client.post(f"{reverse('account_login')}?next={wanted}", {"login": with_app(hana).email, "password": OLD})
    assert try_code(client, code_of(hana)).url == wanted


def test_the_case_of_the_address_does_not_matter(client, hana):
    assert try_password(client, hana.email.upper()).status_code == 302


def test_wrong_password_and_unknown_address_read_alike(client, hana):
    def sentences(response):
        return re.findall(r'<div class="alert[^>]*>(.*?)</div>', response.content.decode(), re.DOTALL)

    wrong = try_password(client, hana.email, "not the password")
    unknown = try_password(client, "nobody@example.org", "not the password")
    assert wrong.status_code == unknown.status_code == 200
    assert sentences(wrong) == sentences(unknown) != []


def test_closed_log_in_stays_out(client, hana):
    User.objects.filter(pk=hana.pk).update(is_active=False)
    try_password(client, hana.email)
    assert client.get(reverse("accounts:me")).status_code == 302


def test_from_the_second_step_back_to_log_in_as_somebody_else(client, hana, jin):
    try_password(client, with_app(hana).email)
    assert client.get(reverse("account_login")).url == reverse("mfa_authenticate")
    client.post(reverse("account_logout"))
    come_in(client, with_app(jin))
    assert client.get(reverse("accounts:me")).context["user"] == jin


def test_log_out_ends_the_session(as_user, hana):
    client = as_user(hana)
    assert client.get(reverse("account_logout")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("accounts:me")).status_code == 302


def test_a_log_out_by_a_mere_link_does_nothing(as_user, hana):
    client = as_user(hana)
    client.get(reverse("account_logout"))
    assert client.get(reverse("accounts:me")).status_code == 200


def test_too_many_attempts_are_answered_429_with_a_page(client, hana):
    for _attempt in range(5):
        assert try_password(client, hana.email, "wrong").status_code == 200
    response = try_password(client, hana.email, "wrong")
    assert response.status_code == 429
    assert "Too many attempts" in response.content.decode()
    assert try_password(client, hana.email).status_code == 429


def test_throttling_one_person_leaves_others_alone(hana, jin):
    for _attempt in range(6):
        try_password(Client(REMOTE_ADDR="192.0.2.1"), hana.email, "wrong")
    assert try_password(Client(REMOTE_ADDR="192.0.2.2"), jin.email).status_code == 302


def test_nobody_signs_up(client, db):
    page = client.get(reverse("account_signup")).content.decode()
    assert "By invitation only" in page
    assert '<input type="password"' not in page
    client.post(reverse("account_signup"), {"email": "new@example.org", "password1": NEW, "password2": NEW})
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_forgotten_password_from_mail_to_log_in(hana, language):
    User.objects.filter(pk=hana.pk).update(language=language)
    client = Client()
    asked = client.post(reverse("account_reset_password"), {"email": hana.email})
    assert asked.url == reverse("account_reset_password_done")
    assert not OutboxMessage.objects.exists()
    tasks.answer_mail_requests()
    mail = OutboxMessage.objects.get()
    assert (mail.to_address, mail.language, hana.name in mail.body) == (hana.email, language, False)
    opened = client.get(link_in_mail("/password/new/"))
    # A page, not a redirect: see accounts.views.log_in.SetPassword.
    assert opened.status_code == 200
    address = re.search(r'href="(/password/new/[^"]+set-password/)"', opened.content.decode())[1]
    assert client.get(address).status_code == 200
    done = client.post(address, {"password1": NEW, "password2": NEW})
    assert done.url == reverse("account_reset_password_from_key_done")
    assert try_password(client, hana.email, NEW).status_code == 302
    assert AuditEntry.objects.filter(action="accounts.password", by_id=hana.pk).exists()


def test_a_mail_alone_lets_no_staff_in(client, hana):
    """E-mail is never a factor: who reads the mailbox sets a password and stands before the second step."""
    client.post(reverse("account_reset_password"), {"email": with_app(hana).email})
    tasks.answer_mail_requests()
    link = link_in_mail("/password/new/")
    client.get(link)
    client.post(link.replace(link.split("-", 1)[1], "set-password/"), {"password1": NEW, "password2": NEW})
    assert try_password(client, hana.email, NEW).url == reverse("mfa_authenticate")
    assert not is_in(client)


def test_the_link_works_once(client, hana):
    client.post(reverse("account_reset_password"), {"email": hana.email})
    tasks.answer_mail_requests()
    link = link_in_mail("/password/new/")
    client.get(link)
    client.post(link.replace(link.split("-", 1)[1], "set-password/"), {"password1": NEW, "password2": NEW})
    assert "This link no longer works" in Client().get(link).content.decode()


def test_an_unknown_address_gets_no_mail_and_the_same_answer(client, db):
    response = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert response.url == reverse("account_reset_password_done")
    tasks.answer_mail_requests()
    assert not OutboxMessage.objects.exists()


def test_a_short_password_is_refused_with_a_sentence(as_user, hana):
    response = as_user(hana).post(
        reverse("account_change_password"),
        {"oldpassword": OLD, "password1": "short", "password2": "short"},
    )
    assert response.status_code == 200
    assert "at least 12 characters" in response.content.decode()


def test_a_changed_password_logs_out_the_other_devices(as_user, hana):
    here, there = as_user(hana), as_user(hana)
    here.post(reverse("account_change_password"), {"oldpassword": OLD, "password1": NEW, "password2": NEW})
    assert here.get(reverse("accounts:me")).status_code == 200
    assert there.get(reverse("accounts:me")).status_code == 302


def test_who_has_no_password_is_told_how_to_get_one(as_user, hana):
    client = as_user(hana)
    User.objects.filter(pk=hana.pk).update(password="!none")  # as after starting over
    client.force_login(hana)
    assert client.get(reverse("account_change_password")).status_code == 302


@pytest.mark.parametrize(
    "name", ["account_login", "account_reset_password", "account_signup", "account_inactive"]
)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_pages_answer_in_the_language_of_the_browser(client, db, name, language):
    response = client.get(reverse(name), headers={"accept-language": language})
    assert response.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in response.content.decode()
