"""Attempts are counted, and nobody is locked out by a stranger's. Redis gone: nothing is tried."""

import time

import pytest
from django.test import Client
from django.urls import reverse

from accounts.entry import known
from accounts.models import MailRequest
from tests.entering import (
    ask_passkey,
    code_of,
    come_in,
    is_in,
    link_for,
    passkey_of,
    try_code,
    try_passkey,
    try_password,
    with_app,
)

pytestmark = pytest.mark.usefixtures("still")

ADDRESSES = [f"198.51.100.{number}" for number in range(1, 255)]


def guess(user, times: int, **options) -> list[int]:
    """Wrong passwords from strange browsers, each from an address of its own."""
    return [
        try_password(Client(REMOTE_ADDR=address, **options), user.email, "wrong").status_code
        for address in ADDRESSES[:times]
    ]


# --- the password ----------------------------------------------------------------------------------------


def test_five_wrong_passwords_close_the_account_to_strangers(hana):
    assert guess(with_app(hana), 8) == [200] * 5 + [429] * 3
    assert try_password(Client(), hana.email).status_code == 429


@pytest.mark.parametrize("write", [str.upper, lambda email: f" {email} ", str.title])
def test_writing_the_address_differently_counts_the_same(hana, write):
    guess(hana, 5)
    assert try_password(Client(), write(hana.email), "wrong").status_code == 429


def test_a_stranger_locks_nobody_out_of_a_browser_they_know(hana):
    client = Client()
    come_in(client, with_app(hana))
    client.post(reverse("account_logout"))
    guess(hana, 8)
    assert try_password(client, hana.email).url == reverse("mfa_authenticate")
    assert try_code(client, code_of(hana, steps=1)).status_code == 302
    assert is_in(client)


def test_the_known_browser_has_a_limit_too(hana):
    client = Client()
    come_in(client, with_app(hana))
    client.post(reverse("account_logout"))
    assert [try_password(client, hana.email, "wrong").status_code for _ in range(7)] == [200] * 5 + [429] * 2


def test_a_known_browser_is_a_strange_one_to_another_person(hana, jin):
    client = Client()
    come_in(client, with_app(hana))
    client.post(reverse("account_logout"))
    guess(jin, 5)
    assert try_password(client, jin.email).status_code == 429


def test_a_password_without_the_second_step_makes_no_browser_known(client, hana):
    try_password(client, with_app(hana).email)
    assert known.COOKIE not in client.cookies


@pytest.mark.parametrize("forged", ["x", "a.b", "a.b/c.d", "é.é", ".", "/", "a" * 5000])
def test_a_forged_mark_is_no_mark(hana, forged):
    guess(hana, 5)
    client = Client()
    client.cookies[known.COOKIE] = forged
    assert try_password(client, hana.email, "wrong").status_code == 429


def test_the_mark_names_nobody_and_opens_nothing(hana):
    client = Client()
    come_in(client, with_app(hana))
    mark = client.cookies[known.COOKIE]
    for told in (hana.email, str(hana.uuid), hana.name):
        assert told not in mark.value
    assert mark["httponly"]
    assert mark["samesite"] == "Strict"
    other = Client()
    other.cookies[known.COOKIE] = mark.value
    assert not is_in(other)


def test_several_people_share_a_browser(hana, jin):
    client = Client()
    for person in (hana, jin):
        come_in(client, with_app(person))
        client.post(reverse("account_logout"))
    for person in (hana, jin):
        guess(person, 5)
        assert try_password(client, person.email).status_code == 302
        client.post(reverse("account_logout"))


# --- the address -----------------------------------------------------------------------------------------


def test_thirty_a_minute_from_one_address(db):
    client = Client(REMOTE_ADDR="192.0.2.1")
    answers = [try_password(client, f"{number}@example.org").status_code for number in range(33)]
    assert answers == [200] * 30 + [429] * 3


def test_a_stranger_behind_the_same_address_locks_no_known_browser_out(hana):
    client = Client(REMOTE_ADDR="192.0.2.1")
    come_in(client, with_app(hana))
    client.post(reverse("account_logout"))
    for number in range(31):
        try_password(Client(REMOTE_ADDR="192.0.2.1"), f"{number}@example.org")
    assert try_password(client, hana.email).status_code == 302


@pytest.mark.parametrize(("proxies", "tail"), [(0, ""), (1, ", 192.0.2.1")])
def test_a_forged_forwarded_for_is_ignored(db, settings, proxies, tail):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    answers = [
        try_password(
            Client(REMOTE_ADDR="192.0.2.1", headers={"x-forwarded-for": f"{ADDRESSES[number]}{tail}"}),
            f"{number}@example.org",
        ).status_code
        for number in range(32)
    ]
    assert answers == [200] * 30 + [429] * 2


# --- the second step, the mail, the passkey --------------------------------------------------------------


def test_wrong_codes_are_counted(client, hana):
    try_password(client, with_app(hana).email)
    assert [try_code(client, "000000").status_code for _ in range(7)] == [422] * 5 + [429] * 2
    assert try_code(client, code_of(hana)).status_code == 429


def test_wrong_codes_of_one_log_in_count_for_the_next(hana):
    with_app(hana)
    for _time in range(5):
        client = Client()
        try_password(client, hana.email)
        try_code(client, "000000")
    client = Client()
    try_password(client, hana.email)
    assert try_code(client, code_of(hana)).status_code == 429


def test_the_right_code_clears_the_count(hana):
    with_app(hana)
    for steps in (-1, 0, 1):
        client = Client()
        try_password(client, hana.email)
        assert [try_code(client, "000000").status_code for _ in range(4)] == [422] * 4
        assert try_code(client, code_of(hana, steps=steps)).status_code == 302


def test_requests_for_a_mail_are_counted_by_address_typed_with_the_same_answer(yuki):
    for address in ADDRESSES[:6]:
        MailRequest.objects.all().delete()
        answer = Client(REMOTE_ADDR=address).post(reverse("account_ask_for_link"), {"email": yuki.email})
        assert answer.status_code == 302
    assert not MailRequest.objects.exists()  # the fourth and later left none


def test_a_stranger_who_asks_in_somebodys_name_locks_nobody_out(yuki):
    for address in ADDRESSES[:5]:
        Client(REMOTE_ADDR=address).post(reverse("account_ask_for_link"), {"email": yuki.email})
    client = Client()
    client.post(link_for(yuki))  # the mail that the stranger caused is as good as one's own
    assert is_in(client)
    client.post(reverse("account_logout"))
    MailRequest.objects.all().delete()
    client.post(reverse("account_ask_for_link"), {"email": yuki.email})
    assert MailRequest.objects.count() == 1


def test_requests_for_a_mail_are_counted_by_where_they_come_from(db):
    client = Client(REMOTE_ADDR="192.0.2.1")
    answers = [
        client.post(reverse("account_ask_for_link"), {"email": f"{number}@example.org"}).status_code
        for number in range(12)
    ]
    assert answers == [302] * 10 + [429] * 2


def test_a_link_lets_in_however_many_were_tried(yuki):
    link, client = link_for(yuki), Client(REMOTE_ADDR="192.0.2.1")
    for number in range(40):
        assert client.post(reverse("account_link", args=[f"guess{number}"])).status_code == 422
    client.post(link)
    assert is_in(client)


def test_a_passkey_works_while_everything_else_is_closed(as_user, hana):
    passkey = passkey_of(hana, as_user(hana))
    guess(hana, 8)
    client = Client(REMOTE_ADDR="192.0.2.1")
    for number in range(35):
        try_password(client, f"{number}@example.org")
    try_passkey(client, passkey.answer(ask_passkey(client)))
    assert is_in(client)


def test_the_page_for_it_names_the_ways_that_stay_open(hana):
    guess(hana, 5)
    page = try_password(Client(), hana.email).content.decode()
    assert "With a passkey you need not wait" in page


# --- Redis gone ------------------------------------------------------------------------------------------


@pytest.fixture
def without_redis(settings):
    backend = "django.core.cache.backends.redis.RedisCache"
    options = settings.CACHES["default"].get("OPTIONS", {})
    settings.CACHES = {
        "default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:9/0", "OPTIONS": options}
    }


def test_without_redis_no_password_is_tried(without_redis, client, hana):
    for password in ("wrong", "a long password for tests"):
        answer = try_password(client, hana.email, password)
        assert answer.status_code == 503
        assert "nobody is let in by a password" in answer.content.decode()
    assert not is_in(client)


def test_without_redis_no_code_is_tried_and_no_mail_is_asked_for(client, hana, request):
    try_password(client, with_app(hana).email)
    request.getfixturevalue("without_redis")
    assert try_code(client, code_of(hana)).status_code == 503
    assert not is_in(client)
    assert client.post(reverse("account_ask_for_link"), {"email": hana.email}).status_code == 503
    assert not MailRequest.objects.exists()


def test_without_redis_the_question_is_not_answered(without_redis, as_user, aya):
    client = as_user(aya, fresh=False)
    body = {"confirm-for": "page", "confirm-password": "a long password for tests"}
    assert client.post(reverse("accounts:invite"), body).status_code == 503


def test_without_redis_passkeys_links_and_open_pages_go_on(as_user, hana, yuki, request):
    mine, link = as_user(hana), link_for(yuki)
    passkey = passkey_of(hana, mine)
    request.getfixturevalue("without_redis")
    assert is_in(mine)
    assert Client().get(reverse("account_login")).status_code == 200
    client = Client()
    try_passkey(client, passkey.answer(ask_passkey(client)))
    assert is_in(client)
    sponsor = Client()
    sponsor.post(link)
    assert is_in(sponsor)


def test_without_redis_the_answer_comes_soon(without_redis, client, hana):
    began = time.perf_counter()
    try_password(client, hana.email)
    assert time.perf_counter() - began < 3
