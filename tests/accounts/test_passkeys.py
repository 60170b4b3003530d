"""In by a passkey: made, used, and refused in every way in which its answer can be wrong."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.selectors import PASSKEY, RECOVERY, factors_of
from tests.entering import (
    ask_passkey,
    is_in,
    options_on,
    passkey_of,
    try_code,
    try_passkey,
    try_password,
)
from tests.passkeys import HOST, SoftPasskey

PAGE = reverse("accounts:add_passkey")


def come_in(client: Client, passkey: SoftPasskey, **wrong):
    return try_passkey(client, passkey.answer(ask_passkey(client), **wrong))


def make(client: Client, passkey: SoftPasskey, **wrong):
    options = options_on(client.get(PAGE, headers={"host": HOST}).content.decode())
    body = {"name": "phone", "passkey": passkey.make(options, **wrong)}
    return client.post(PAGE, body, headers={"host": HOST})


def test_a_passkey_is_enough_to_come_in(as_user, client, hana):
    passkey = passkey_of(hana, as_user(hana))
    assert come_in(client, passkey).url == reverse("home")
    assert is_in(client)


def test_it_enrols_staff_who_had_nothing(as_user, hana):
    client = as_user(hana, enrolled=False)
    page = make(client, SoftPasskey()).content.decode()
    assert "never again" in page
    assert client.get(reverse("home")).url == reverse("shelters:start")
    assert {factor.type for factor in factors_of(hana)} == {PASSKEY, RECOVERY}


def test_a_sponsor_gets_a_passkey_and_no_codes(as_user, client, yuki):
    passkey = passkey_of(yuki, as_user(yuki))
    assert {factor.type for factor in factors_of(yuki)} == {PASSKEY}
    come_in(client, passkey)
    assert is_in(client)


def test_it_serves_as_the_second_step(as_user, client, hana):
    passkey = passkey_of(hana, as_user(hana))
    try_password(client, hana.email)
    page = client.get(reverse("mfa_authenticate"), headers={"host": HOST}).content.decode()
    body = {"passkey": passkey.answer(options_on(page))}
    assert client.post(reverse("mfa_authenticate"), body, headers={"host": HOST}).status_code == 302
    assert is_in(client)


def test_the_options_ask_for_finger_face_or_pin(as_user, client, hana):
    page = as_user(hana).get(PAGE, headers={"host": HOST}).content.decode()
    wanted = options_on(page)["publicKey"]["authenticatorSelection"]
    assert (wanted["userVerification"], wanted["residentKey"]) == ("required", "required")
    assert ask_passkey(client)["publicKey"]["userVerification"] == "required"


def test_the_phone_keeps_no_name_of_ours(as_user, hana):
    page = as_user(hana).get(PAGE, headers={"host": HOST}).content.decode()
    options = options_on(page)["publicKey"]
    assert (options["rp"]["name"], options["user"]["name"]) == ("Office", "Hana")
    assert hana.email not in json.dumps(options)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://localhost.evil.example"},
        {"origin": f"ftp://{HOST}"},
        {"verified": False},
    ],
    ids=str,
)
def test_a_wrong_answer_lets_nobody_in(as_user, client, hana, wrong):
    passkey = passkey_of(hana, as_user(hana))
    assert come_in(client, passkey, **wrong).url == reverse("account_login")
    assert not is_in(client)


def test_the_same_answer_twice_lets_in_once(as_user, client, hana):
    passkey = passkey_of(hana, as_user(hana))
    answer = passkey.answer(ask_passkey(client))
    try_passkey(client, answer)
    client.post(reverse("account_logout"))
    try_passkey(client, answer)
    assert not is_in(client)
    other = Client()
    ask_passkey(other)
    try_passkey(other, answer)
    assert not is_in(other)


@pytest.mark.parametrize("count", [3, 2, 0])
def test_a_counter_that_went_back_is_refused(as_user, client, hana, count):
    passkey = passkey_of(hana, as_user(hana))
    come_in(client, passkey, count=3)
    assert is_in(client)
    second = Client()
    page = come_in(second, passkey, count=count)
    assert "may have been copied" in second.get(page.url).content.decode()
    assert not is_in(second)


def test_a_passkey_that_does_not_count_works_again_and_again(as_user, hana):
    passkey = passkey_of(hana, as_user(hana))
    for _time in range(2):
        client = Client()
        come_in(client, passkey, count=0)
        assert is_in(client)


def test_a_strangers_passkey_is_refused(client, hana):
    passkey = SoftPasskey()
    passkey.user_handle = "Nw"
    come_in(client, passkey)
    assert not is_in(client)


def test_a_removed_passkey_is_refused(as_user, client, hana):
    mine = as_user(hana)
    passkey = passkey_of(hana, mine)
    mine.post(reverse("accounts:remove_factor"), {"factor": factors_of(hana).get(type=PASSKEY).pk})
    come_in(client, passkey)
    assert not is_in(client)


def test_a_closed_log_in_is_told_so(as_user, client, hana):
    passkey = passkey_of(hana, as_user(hana))
    User.objects.filter(pk=hana.pk).update(is_active=False)
    assert come_in(client, passkey).url == reverse("account_inactive")
    assert not is_in(client)


@pytest.mark.parametrize("wrong", [{"verified": False}], ids=str)
def test_a_passkey_without_finger_face_or_pin_is_not_kept(as_user, hana, wrong):
    assert make(as_user(hana), SoftPasskey(), **wrong).status_code == 422
    assert not factors_of(hana).filter(type=PASSKEY).exists()


def test_an_answer_without_a_question_is_not_kept(as_user, hana):
    client, passkey = as_user(hana), SoftPasskey()
    options = options_on(client.get(PAGE, headers={"host": HOST}).content.decode())
    made = passkey.make(options)
    session = client.session
    del session["mfa.webauthn.state"]
    session.save()
    assert client.post(PAGE, {"passkey": made}, headers={"host": HOST}).status_code == 422


NONSENSE = [
    "", "null", "[]", "1", '"x"', "{}", "{", '{"response": []}', '{"id": "a", "rawId": "a", "response": {}}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {"clientDataJSON": "e30", '
    '"authenticatorData": "AA", "signature": "AA", "userHandle": "%%%"}}',
    "[" * 5000, "\x00", '{"id": 1e999}',
]  # fmt: skip


@pytest.mark.parametrize("answer", NONSENSE)
def test_nonsense_is_a_refusal_and_no_error(as_user, client, hana, answer):
    passkey_of(hana, as_user(hana))
    ask_passkey(client)
    assert try_passkey(client, answer).url == reverse("account_login")
    try_password(client, hana.email)
    body = {"passkey": answer or "x"}
    assert client.post(reverse("mfa_authenticate"), body, headers={"host": HOST}).status_code == 422
    mine = as_user(hana)
    mine.get(PAGE, headers={"host": HOST})
    assert mine.post(PAGE, {"passkey": answer}, headers={"host": HOST}).status_code == 422


def test_a_code_is_no_use_to_who_has_only_a_passkey(as_user, client, hana):
    passkey_of(hana, as_user(hana))
    Authenticator.objects.filter(user=hana).exclude(type=PASSKEY).delete()
    try_password(client, hana.email)
    page = client.get(reverse("mfa_authenticate")).content.decode()
    assert 'name="code"' not in page
    assert try_code(client, "123456").status_code == 422
