"""One press and everything of one's own is closed, whatever state the page is in."""

import pytest
from django.test import Client
from django.urls import reverse

from core.models import AuditEntry, OutboxMessage
from tests import sessions

HOME = reverse("accounts:me")
PANIC = reverse("accounts:panic")


@pytest.mark.parametrize("devices", [1, 4])
def test_every_session_ends_everywhere(as_user, hana, jin, devices):
    others, jins = [as_user(hana) for _ in range(devices)], as_user(jin)
    response = as_user(hana).post(PANIC)
    assert response.url == reverse("nothing")
    assert response["Clear-Site-Data"] == '"*"'
    assert response.cookies["sessionid"].value == ""
    assert [client.get(HOME).status_code for client in others] == [302] * devices
    assert jins.get(HOME).status_code == 200
    assert as_user(hana).get(HOME).status_code == 200  # she may log in again


def test_the_page_after_it_tells_nothing(as_user, hana, client):
    page = as_user(hana).post(PANIC, follow=True).content.decode()
    for told in ("LFNKR", "Hana", "log", "static", "<script", '<link rel="stylesheet'):
        assert told not in page
    assert "Clear-Site-Data" not in client.get(reverse("nothing"))  # or any page could log people out by it


def test_it_is_written_down_and_the_administrators_are_called(as_user, hana, aya, otto):
    as_user(hana).post(PANIC)
    entry = AuditEntry.objects.get(action="accounts.panicked")
    assert entry.by_id == hana.pk
    mail = OutboxMessage.objects.get()
    assert mail.to_address == aya.email
    assert "Hana" not in mail.subject + mail.body
    assert "left everything at once" in as_user(aya).get(reverse("accounts:audit")).content.decode()


def test_each_press_calls_again(as_user, hana, aya):
    for _ in range(2):
        as_user(hana).post(PANIC)
    assert OutboxMessage.objects.count() == 2


def test_nobody_is_asked_to_log_in_first(client, db):
    response = client.post(PANIC)
    assert response.url == reverse("nothing")
    assert response["Clear-Site-Data"] == '"*"'


def test_an_old_page_whose_form_is_no_longer_good_leads_away_too(hana):
    """It proves nobody, so no other device is ended; but this browser forgets and shows nothing of us."""
    browser, other = Client(enforce_csrf_checks=True), Client()
    for client in (browser, other):
        sessions.enter(client, hana)
    response = browser.post(PANIC, {"csrfmiddlewaretoken": "of last week"})
    assert response.url == reverse("nothing")
    assert response["Clear-Site-Data"] == '"*"'
    assert other.get(HOME).status_code == 200
    assert not AuditEntry.objects.filter(action="accounts.panicked").exists()


def test_it_is_no_link(as_user, hana):
    assert as_user(hana).get(PANIC).status_code == 405
    assert as_user(hana).get(HOME).status_code == 200


@pytest.mark.parametrize(("who", "has"), [("hana", True), ("sora", False), ("yuki", False), ("aya", False)])
def test_the_button_is_on_each_page_of_field_staff(request, as_user, who, has):
    page = as_user(request.getfixturevalue(who)).get(HOME).content.decode()
    assert (PANIC in page) is has
    assert ("js/leave.js" in page) is has


@pytest.mark.parametrize("who", ["hana", "sora", "miki", "kenji", "aya", "otto", "yuki"])
def test_something_happened_is_one_touch_away_for_the_staff(request, as_user, who):
    page = as_user(request.getfixturevalue(who)).get(HOME).content.decode()
    assert (reverse("accounts:happened") in page) is (who != "yuki")


@pytest.mark.parametrize(
    ("site", "forgets"), [("cross-site", False), ("same-site", False), ("same-origin", True)]
)
def test_no_other_site_makes_a_browser_forget_us(hana, site, forgets):
    browser = Client(enforce_csrf_checks=True)
    sessions.enter(browser, hana)
    response = browser.post(PANIC, headers={"sec-fetch-site": site})
    assert response.url == reverse("nothing")
    assert ("Clear-Site-Data" in response.headers) is forgets
