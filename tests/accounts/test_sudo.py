"""Dangerous acts ask once more who sits there; after the answer nothing that was typed is missing."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from accounts.checks import named_views
from accounts.models import User
from core.models import OutboxMessage
from tests import factories
from tests.entering import PASSWORD, code_of, is_in, link_for, options_on, passkey_of, with_app
from tests.passkeys import HOST
from tests.sessions import held_in

pytestmark = pytest.mark.usefixtures("still")

INVITE = reverse("accounts:invite")
NEW = {"email": "nana@example.org", "name": "Nana", "role": "auditor", "language": "ja"}
# What can do harm in wrong hands; others add theirs.
DANGEROUS = {
    "accounts:invite", "accounts:person", "accounts:send_invitation", "accounts:log_out_everywhere",
    "accounts:start_over", "accounts:end_device_of_person", "accounts:add_app", "accounts:add_passkey",
    "accounts:remove_factor", "accounts:recovery_codes",
}  # fmt: skip


def hidden(page: str) -> dict[str, str]:
    """The hidden values of the form with the button "Go on"."""
    form = page.rpartition('<input type="hidden" name="confirm-for"')
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form[1] + form[2])
    return {name: unescape(value) for name, value in found}


@pytest.fixture
def stale(as_user, aya):
    """Aya, with a working app, who proved long ago that it is she."""
    return as_user(with_app(aya), fresh=False)


def test_the_dangerous_acts_ask():
    asking = {name for name, pattern in named_views() if getattr(pattern.callback, "asks_again", False)}
    assert asking >= DANGEROUS


@pytest.mark.parametrize("name", sorted(DANGEROUS))
def test_each_asks_when_the_last_answer_is_old(name, as_user, aya, hana):
    client = as_user(aya, fresh=False)
    device = factories.DeviceFactory(user=hana)
    pattern = dict(named_views())[name]
    kwargs = {}
    if "uuid" in str(pattern.pattern):
        kwargs = {"uuid": device.uuid if "device" in name else hana.uuid}
    answer = client.post(reverse(name, kwargs=kwargs), {"reason": "x", "role": "auditor"})
    assert "Is it you?" in answer.content.decode()
    assert device in hana.devices.all()
    hana.refresh_from_db()
    assert hana.role == "field_staff"


def test_a_page_asks_and_leads_back_to_itself(stale):
    address = f"{INVITE}?from=here"
    page = stale.get(address).content.decode()
    assert "Is it you?" in page
    assert "Invite a person" not in page
    answer = stale.post(address, {"confirm-for": "page", "confirm-password": PASSWORD})
    assert answer.url == address
    assert "Invite a person" in stale.get(INVITE).content.decode()


def test_a_form_that_was_sent_travels_along_and_is_taken_up(stale):
    page = stale.post(INVITE, NEW).content.decode()
    assert "What you typed is kept" in page
    assert not User.objects.filter(email=NEW["email"]).exists()
    kept = hidden(page)
    assert kept == NEW | {"confirm-for": "form"}
    answer = stale.post(INVITE, kept | {"confirm-password": PASSWORD})
    assert answer.url == reverse("accounts:people")
    assert User.objects.get(email=NEW["email"]).name == "Nana"
    assert OutboxMessage.objects.count() == 1


def test_nothing_that_was_typed_is_stored_meanwhile(stale):
    stale.post(INVITE, NEW)
    kept = str([held_in(session) for session in Session.objects.all()])
    assert NEW["email"] not in kept


def test_a_wrong_answer_asks_again_and_loses_nothing(stale):
    page = stale.post(INVITE, NEW | {"confirm-for": "form", "confirm-password": "gu3ss"})
    assert page.status_code == 422
    assert "That was not right" in page.content.decode()
    assert hidden(page.content.decode()) == NEW | {"confirm-for": "form"}
    assert "gu3ss" not in page.content.decode()


def test_typed_values_are_escaped(stale):
    page = stale.post(INVITE, NEW | {"name": '"><b>x</b>'}).content.decode()
    assert "<b>x" not in page
    assert hidden(page)["name"] == '"><b>x</b>'


@pytest.mark.parametrize(
    "answer", [{}, {"confirm-password": ""}, {"confirm-code": ""}, {"confirm-passkey": "{}"}]
)
def test_no_answer_is_a_wrong_answer(stale, answer):
    assert stale.post(INVITE, NEW | {"confirm-for": "form"} | answer).status_code == 422
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_a_code_of_the_app_is_an_answer(stale, aya):
    code = code_of(aya)
    stale.post(INVITE, NEW | {"confirm-for": "form", "confirm-code": code})
    assert User.objects.filter(email=NEW["email"]).exists()


def test_a_code_is_an_answer_once(as_user, aya):
    client, code = as_user(with_app(aya), fresh=False), code_of(aya)
    body = NEW | {"confirm-for": "form", "confirm-code": code}
    client.post(INVITE, body)
    other = as_user(aya, fresh=False)
    assert other.post(INVITE, body | {"email": "b@example.org"}).status_code == 422


def test_a_passkey_is_an_answer(as_user, aya):
    passkey = passkey_of(aya, as_user(aya))
    client = as_user(aya, fresh=False)
    page = client.post(INVITE, NEW, headers={"host": HOST}).content.decode()
    body = NEW | {"confirm-for": "form", "confirm-passkey": passkey.answer(options_on(page))}
    client.post(INVITE, body, headers={"host": HOST})
    assert User.objects.filter(email=NEW["email"]).exists()


def test_the_passkey_of_another_is_no_answer(as_user, aya, hana):
    passkey, _own = passkey_of(hana, as_user(hana)), passkey_of(aya, as_user(aya))
    client = as_user(aya, fresh=False)
    page = client.get(INVITE, headers={"host": HOST}).content.decode()
    body = {"confirm-for": "page", "confirm-passkey": passkey.answer(options_on(page))}
    assert client.post(INVITE, body, headers={"host": HOST}).status_code == 422


def test_guesses_are_counted(stale):
    body = {"confirm-for": "page", "confirm-password": "wrong"}
    answers = [stale.post(INVITE, body).status_code for _guess in range(7)]
    assert answers == [422] * 5 + [429] * 2
    assert stale.post(INVITE, body | {"confirm-password": PASSWORD}).status_code == 429
    assert is_in(stale)


def test_an_answer_lasts_ten_minutes(stale, time_machine):
    now = timezone.now()
    stale.post(INVITE, {"confirm-for": "page", "confirm-password": PASSWORD})
    time_machine.move_to(now + timedelta(minutes=9, seconds=50))
    assert "Invite a person" in stale.get(INVITE).content.decode()
    time_machine.move_to(now + timedelta(minutes=10, seconds=10))
    assert "Is it you?" in stale.get(INVITE).content.decode()


def test_a_clock_one_hour_back_asks_once_more(as_user, aya, time_machine):
    client = as_user(aya)
    time_machine.move_to(timezone.now() - timedelta(hours=1))
    assert "Is it you?" in client.get(INVITE).content.decode()
    client.post(INVITE, {"confirm-for": "page", "confirm-password": PASSWORD})
    assert "Invite a person" in client.get(INVITE).content.decode()


def test_who_has_no_right_is_not_asked(as_user, hana):
    assert as_user(hana, fresh=False).get(INVITE).status_code == 403


def test_the_fields_of_the_question_are_of_no_use_when_nothing_is_asked(as_user, aya):
    as_user(aya).post(INVITE, NEW | {"confirm-for": "form", "confirm-password": "wrong"})
    assert User.objects.filter(email=NEW["email"]).exists()


def test_a_sponsor_of_a_link_is_sent_for_a_fresh_one(as_user, client, yuki):
    address = reverse("accounts:add_passkey")
    page = as_user(yuki, fresh=False).get(address).content.decode()
    assert "ask for a new link" in page
    assert "confirm-password" not in page
    client.post(link_for(yuki))
    assert "Add a passkey" in client.get(address).content.decode()


def test_files_cannot_travel_along_and_the_page_says_so(stale):
    photo = BytesIO(b"x")
    photo.name = "a.jpg"
    assert "Only files are not kept" in stale.post(INVITE, NEW | {"photo": photo}).content.decode()


def test_a_question_for_a_fragment_takes_the_whole_page(stale):
    answer = stale.get(INVITE, headers={"hx-request": "true"})
    assert answer.headers["HX-Retarget"] == "body"
