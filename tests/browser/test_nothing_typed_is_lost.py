"""A form on a dead network, or whose log-in ended meanwhile: its words stay, and are booked once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from core.sessions import SessionStore
from donations.models import Donation
from foster.models import ChildUpdate
from shelters.models import Incident, MedicalCase, Posting
from supply.models import ConsignmentCost
from tests import factories as f
from tests.browser.coming_in import come_in
from tests.browser.devices import PHONE


@dataclass(frozen=True)
class Journey:
    """`words`, `choose`: by label what is typed and chosen; `pick`: the radio button that is tapped."""

    who: str
    address: Callable[[Any], str]
    model: type
    words: dict[str, str]
    pick: str = ""
    choose: tuple[tuple[str, str], ...] = ()
    button: str = "Save"


def _at(name: str, *args: Any) -> str:
    return reverse(name, args=args)


JOURNEYS = {
    "an incident": Journey(
        "hana", lambda willow: _at("shelters:log_incident"), Incident,
        {"residents": "~3", "What happened to whom": "The cook was taken away"}, pick="Raid",
    ),
    "a medical case": Journey(
        "hana", lambda willow: _at("shelters:open_medical_case"), MedicalCase,
        {"Condition": "Sugar in the blood"},
        choose=(("Resident", "X-1"), ("Kind", "chronic illness")),
    ),
    "a cost of a consignment": Journey(
        "sora", lambda willow: _at("supply:note_cost", f.sent_line(willow.store).consignment.uuid),
        ConsignmentCost, {"Amount": "125.50"},
    ),
    "a donation": Journey(
        "kenji", lambda willow: _at("donations:record"), Donation, {"Amount": "15000", "Note": "by hand"},
        choose=(("Fund", "General"),), button="Book it",
    ),
    "news of a child": Journey(
        "miki", lambda willow: _at("foster:write_update", f.ChildFactory().uuid), ChildUpdate,
        {"Title*": "The first snow", "Text*": "We built a snowman."}, button="Keep as a draft",
    ),
}  # fmt: skip


@pytest.fixture(params=JOURNEYS)
def journey(request, transactional_db, willow) -> Journey:
    f.StayFactory(resident=f.ResidentFactory(code="X-1"), shelter=willow)
    f.FundFactory(name="General")
    return JOURNEYS[request.param]


@pytest.fixture
def typed(journey, visit, request, willow) -> Page:
    """The form, filled in on a phone."""
    page = visit(PHONE)
    come_in(page, request.getfixturevalue(journey.who))
    page.goto(journey.address(willow))
    if journey.pick:
        page.get_by_text(journey.pick, exact=True).tap()
    for label, choice in journey.choose:
        page.get_by_label(label).select_option(choice)
    for label, words in journey.words.items():
        page.get_by_label(label).fill(words)
    return page


def _is_kept(page: Page, journey: Journey) -> None:
    for label, words in journey.words.items():
        expect(page.get_by_label(label)).to_have_value(words)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not journey.model.objects.exists()


def _save(page: Page, journey: Journey) -> None:
    page.get_by_role("button", name=journey.button).tap()


def _is_booked_once(page: Page, journey: Journey, address: str) -> None:
    expect(page).not_to_have_url(address)
    assert journey.model.objects.count() == 1


def _only(errors: list[str], word: str) -> None:
    assert [error for error in errors if word not in error] == []
    errors.clear()


def test_on_a_dead_network_the_words_stay(typed, journey, console_errors, assert_accessible):
    address = typed.url
    typed.context.set_offline(True)
    for _time in range(2):
        _save(typed, journey)
        expect(typed.get_by_text("Not sent yet")).to_have_count(1)
    _is_kept(typed, journey)
    assert_accessible(typed)
    _only(console_errors, "ERR_INTERNET_DISCONNECTED")
    typed.context.set_offline(False)
    _save(typed, journey)
    _is_booked_once(typed, journey, address)


def test_with_an_ended_log_in_the_words_stay(typed, journey, request, console_errors, assert_accessible):
    address = typed.url
    Session.objects.all().delete()
    _save(typed, journey)
    expect(typed.get_by_text("Nothing was booked: your log-in has ended.")).to_be_visible()
    _is_kept(typed, journey)
    assert_accessible(typed)
    _only(console_errors, "401")
    other = typed.context.new_page()
    come_in(other, request.getfixturevalue(journey.who))
    typed.bring_to_front()
    _save(typed, journey)
    _is_booked_once(typed, journey, address)


def test_who_logged_in_anew_before_the_press_notices_nothing(typed, journey, request, console_errors):
    address = typed.url
    Session.objects.all().delete()
    typed.context.clear_cookies()
    other = typed.context.new_page()
    come_in(other, request.getfixturevalue(journey.who))
    typed.bring_to_front()
    _save(typed, journey)
    _is_booked_once(typed, journey, address)
    _only(console_errors, "403")


def test_who_is_asked_again_in_between_can_answer_with_a_passkey(desktop, transactional_db, aya, jin, willow):
    """The question comes into the page of the form and brings its script along."""
    session = desktop.context.new_cdp_session(desktop)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    come_in(desktop, aya)
    desktop.goto(reverse("accounts:add_passkey"))
    desktop.get_by_label("Name, so that you know it again").fill("my laptop")
    desktop.get_by_role("button", name="Make the passkey").click()
    expect(desktop.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    desktop.goto(reverse("shelters:post_person"))
    desktop.get_by_label("Person").select_option(label=str(jin))
    desktop.get_by_label("Shelter").select_option(label="WILLOW")
    [cookie] = [one for one in desktop.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME]
    stored = SessionStore(cookie["value"])
    stored["account_authentication_methods"] = [{"method": "password", "at": 0}]
    stored.save()
    desktop.get_by_role("button", name="Save").click()
    expect(desktop.get_by_role("heading", name="Is it you?")).to_be_visible()
    desktop.get_by_role("button", name="Use your passkey").click()
    expect(desktop.get_by_role("status")).to_contain_text("Jin is posted to WILLOW.")
    assert Posting.objects.filter(user=jin, shelter=willow).exists()
