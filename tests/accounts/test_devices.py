"""Where one is logged in: seen, ended, outlived; dead at the next request."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import services, tasks
from accounts.entry import browsers, known
from accounts.models import Device
from accounts.roles import LIVES
from core.models import AuditEntry
from tests import factories
from tests.entering import code_of, come_in, is_in, try_code, try_password, with_app

PHONE = (
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Mobile Safari/537.36"
)
PAGE = reverse("accounts:devices")


def device_of(client: Client) -> Device:
    return Device.objects.get(session_key=client.session.row_key)


def seen(device: Device, *, began: timedelta, ago: timedelta) -> None:
    now = timezone.now()
    Device.objects.filter(pk=device.pk).update(began_at=now - began, seen_at=now - ago)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (PHONE, "Chrome · Android"),
        ("Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox · Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.0 Mobile/15E148 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) … Chrome/141 Safari/537 Edg/141", "Edge · Mac"),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_a_browser_is_told_in_words_without_its_version(user_agent, words):
    assert browsers.kind_of(user_agent) == words


def test_a_log_in_is_a_device_without_address_or_place(hana):
    client = Client(headers={"user-agent": PHONE}, REMOTE_ADDR="192.0.2.77")
    come_in(client, with_app(hana))
    device = device_of(client)
    assert (device.user, device.kind) == (hana, "Chrome · Android")
    assert "192.0.2.77" not in str([vars(row) for row in Device.objects.all()])
    assert "192.0.2.77" not in str(list(AuditEntry.objects.values()))
    assert AuditEntry.objects.get(action="accounts.logged_in").changes == {"device": [None, device.kind]}


def test_the_log_in_gives_a_new_session_id(client, hana):
    client.get(reverse("account_passkey"))  # a session without a person
    before = client.session.row_key
    come_in(client, with_app(hana))
    assert client.session.row_key not in (before, "")
    assert not Session.objects.filter(pk=before).exists()


def test_page_tells_here_from_there_and_shows_nobody_elses(as_user, hana, jin):
    client, there, _jins = as_user(hana), as_user(hana), as_user(jin)
    Device.objects.filter(pk=device_of(there).pk).update(kind="Safari · iPhone")
    Device.objects.filter(user=jin).update(kind="Opera · Windows")
    page = client.get(PAGE).content.decode()
    assert page.count("This device") == page.count("Safari · iPhone") == 1
    assert "Opera" not in page
    assert str(device_of(there).uuid) in page
    assert str(device_of(client).uuid) not in page


def test_dead_log_ins_are_not_shown(as_user, hana):
    client, there = as_user(hana), as_user(hana)
    Device.objects.filter(pk=device_of(there).pk).update(kind="Safari · iPhone")
    seen(device_of(there), began=timedelta(hours=2), ago=timedelta(hours=1))
    assert "Safari" not in client.get(PAGE).content.decode()


def test_one_is_ended_the_other_stays(as_user, hana):
    here, lost, third = as_user(hana), as_user(hana), as_user(hana)
    key = lost.session.row_key
    here.post(reverse("accounts:end_device", args=[device_of(lost).uuid]))
    assert not is_in(lost)
    assert not Session.objects.filter(pk=key).exists()
    assert is_in(here)
    assert is_in(third)


def test_all_others_are_ended(as_user, hana, jin):
    here, *others, stranger = as_user(hana), as_user(hana), as_user(hana), as_user(jin)
    page = here.post(reverse("accounts:end_other_devices"), follow=True).content.decode()
    assert "2 other devices are logged out." in page
    assert [is_in(client) for client in others] == [False, False]
    assert is_in(here)
    assert is_in(stranger)


def test_ending_ones_own_is_a_log_out(as_user, hana):
    client = as_user(hana)
    address = reverse("accounts:end_device", args=[device_of(client).uuid])
    assert client.post(address).url == reverse("account_login")
    assert not is_in(client)


@pytest.mark.parametrize("what", ["end_device_of_person", "log_out_everywhere"])
def test_an_administrator_who_ends_themselves_meets_the_log_in(as_user, aya, what):
    client = as_user(aya)
    which = device_of(client).uuid if what == "end_device_of_person" else aya.uuid
    assert client.post(reverse(f"accounts:{what}", args=[which])).url == reverse("account_login")
    assert not is_in(client)


def test_the_administrator_sees_and_ends_those_of_a_person(as_user, aya, hana):
    client, hanas = as_user(aya), as_user(hana)
    page = client.get(reverse("accounts:person", args=[hana.uuid])).content.decode()
    assert str(device_of(hanas).uuid) in page
    client.post(reverse("accounts:end_device_of_person", args=[device_of(hanas).uuid]))
    assert not is_in(hanas)
    assert is_in(client)


@pytest.mark.parametrize("what", ["all ended", "password", "closed"])
def test_a_log_in_left_half_way_counts_no_more_when_they_were_ended(client, aya, hana, what):
    try_password(client, with_app(hana).email)
    if what == "all ended":
        services.log_out_everywhere(by=aya, person=hana)
    elif what == "password":
        services.set_password(by=hana, password="another quite long password")
    else:
        services.change_log_in(by=aya, person=hana, role=hana.role, is_active=False, reason="left")
    assert try_code(client, code_of(hana)).url == reverse("account_login")
    assert not is_in(client)
    assert try_code(client, code_of(hana)).url == reverse("account_login")


def test_the_browser_keeps_its_mark_over_a_log_out(hana):
    client = Client()
    come_in(client, with_app(hana))
    answer = client.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.cookies[known.COOKIE].value


def test_a_log_out_ends_the_device(as_user, hana):
    client = as_user(hana)
    client.post(reverse("account_logout"))
    assert not Device.objects.exists()
    assert AuditEntry.objects.filter(action="accounts.device_ended").count() == 1


def test_a_session_without_its_row_is_nobodys(as_user, hana):
    client = as_user(hana)
    Device.objects.all().delete()
    assert Session.objects.exists()
    assert not is_in(client)


def test_the_session_of_another_person_is_no_device_of_mine(as_user, hana, jin):
    client = as_user(hana)
    Device.objects.update(user=jin)
    assert not is_in(client)


@pytest.mark.parametrize(("player", "minutes"), [("hana", 10), ("aya", 30), ("miki", 30), ("yuki", 30)])
def test_idle_for_too_long_is_out(as_user, request, player, minutes):
    client = as_user(request.getfixturevalue(player))
    a_day = timedelta(hours=1)
    seen(device_of(client), began=a_day, ago=timedelta(minutes=minutes, seconds=-2))
    assert is_in(client)
    seen(device_of(client), began=a_day, ago=timedelta(minutes=minutes))
    assert not is_in(client)
    assert not Device.objects.exists()


@pytest.mark.parametrize("player", ["hana", "aya", "yuki"])
def test_twelve_hours_are_the_end(as_user, request, player):
    client = as_user(request.getfixturevalue(player))
    seen(device_of(client), began=timedelta(hours=11, minutes=59), ago=timedelta())
    assert is_in(client)
    seen(device_of(client), began=timedelta(hours=12), ago=timedelta())
    answer = client.get(reverse("accounts:me"))
    assert "ended=long" in answer.url
    assert "twelve hours" in client.get(answer.url).content.decode()


def test_a_form_sent_after_the_limit_leads_to_the_log_in_with_a_sentence(as_user, aya):
    client = as_user(aya)
    seen(device_of(client), began=timedelta(hours=1), ago=timedelta(minutes=31))
    answer = client.post(reverse("accounts:invite"), {"email": "a@example.org"})
    assert answer.url == f"{reverse('account_login')}?ended=idle"
    assert "was not used for a while" in client.get(answer.url).content.decode()


def test_a_page_asked_for_after_the_limit_is_come_back_to(as_user, aya):
    client = as_user(aya)
    seen(device_of(client), began=timedelta(hours=1), ago=timedelta(minutes=31))
    answer = client.get(PAGE)
    assert "ended=idle" in answer.url
    assert "next=/accounts/devices/" in answer.url


@pytest.mark.parametrize("text", ["<b>x</b>", "other", ""])
def test_the_log_in_page_says_only_what_it_knows(client, db, text):
    page = client.get(reverse("account_login"), {"ended": text}).content.decode()
    assert "<b>x" not in page
    assert "logged out" not in page


def test_seen_is_written_once_a_minute_and_never_backwards(as_user, hana, django_assert_num_queries):
    client = as_user(hana)
    device = device_of(client)
    client.get(PAGE)
    assert device_of(client).seen_at == device.seen_at
    seen(device, began=timedelta(minutes=5), ago=timedelta(minutes=2))
    client.get(PAGE)
    assert timezone.now() - device_of(client).seen_at < timedelta(seconds=30)
    ahead = timezone.now() + timedelta(hours=1)
    Device.objects.update(seen_at=ahead)
    services.see_device(by=hana, device=device, now=timezone.now())
    assert device_of(client).seen_at == ahead


def test_a_clock_one_hour_back_logs_nobody_out_and_breaks_nothing(as_user, hana, time_machine):
    client = as_user(hana)
    time_machine.move_to(timezone.now() - timedelta(hours=1))
    assert is_in(client)
    come_in(Client(), with_app(factories.UserFactory(name="Nana")))


def test_dead_rows_are_tidied_away(as_user, hana, aya):
    client, dead = as_user(hana), as_user(aya)
    key = dead.session.row_key
    seen(device_of(dead), began=timedelta(hours=13), ago=timedelta(minutes=1))
    tasks.tidy_log_ins()
    assert not Device.objects.filter(session_key=key).exists()
    assert not Session.objects.filter(pk=key).exists()
    assert is_in(client)


def test_every_role_that_logs_in_has_its_limits():
    assert {life.at_all for life in LIVES.values()} == {timedelta(hours=12)}
    assert max(life.idle for life in LIVES.values()) == timedelta(minutes=30)


@pytest.mark.parametrize("number", [1, 20])
def test_page_costs_the_same_for_many(as_user, hana, number, django_assert_num_queries):
    client = as_user(hana)
    factories.DeviceFactory.create_batch(number, user=hana)
    with django_assert_num_queries(7):
        client.get(PAGE)
