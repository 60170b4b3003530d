"""Break-glass: a shelter's address, by an administrator, with a second person and an alarm, always."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import openings, services
from accounts.enums import Outcome, RequestKind
from accounts.models import RevealEntry
from core.models import OutboxMessage
from tests import factories
from tests.openings import agree


def emergency(by, subject, field="address", purpose="nobody answers") -> services.Answer:
    now = timezone.now()
    return services.break_glass(by=by, subject=subject, field=field, purpose=purpose, now=now)


@pytest.mark.parametrize("second", ["bo", "hana"])
def test_another_administrator_or_who_works_there_agrees(second, request, aya, willow):
    person = request.getfixturevalue(second)
    asked = emergency(aya, willow)
    assert (asked.outcome, asked.value) == (Outcome.ASKED, None)
    agree(person, asked.request)
    assert emergency(aya, willow).value == "1 Hidden Lane, Nowhere"
    entry = RevealEntry.objects.get(outcome=Outcome.OPENED)
    assert (entry.kind, entry.second) == (RequestKind.BREAK_GLASS, person)


def test_the_setting_does_not_switch_the_second_person_off(one_is_enough, aya, willow):
    assert emergency(aya, willow).outcome == Outcome.ASKED


@pytest.mark.parametrize("who", ["hana", "sora", "miki", "otto", "kenji", "yuki"])
def test_nobody_but_an_administrator_breaks_it(who, request, willow):
    answer = emergency(request.getfixturevalue(who), willow)
    assert answer.outcome == Outcome.REFUSED_RIGHT
    assert RevealEntry.objects.get().kind == RequestKind.BREAK_GLASS


def test_it_opens_a_shelter_and_nothing_else(aya, momo, db):
    stay = factories.StayFactory(shelter=momo.shelter)
    route = factories.RouteFactory(drop_points="the third bridge")
    for subject, field in ((momo, "real_name"), (stay.resident, "real_name"), (route, "drop_points")):
        assert emergency(aya, subject, field).outcome == Outcome.REFUSED_RIGHT


def test_an_agreement_to_an_ordinary_opening_does_not_serve_here(aya, hana, bo, willow):
    ordinary = services.reveal(
        by=hana, subject=willow, field="address", purpose="a visit", now=timezone.now()
    )
    agree(bo, ordinary.request)
    assert emergency(aya, willow).outcome == Outcome.ASKED


def test_everybody_who_watches_is_told_at_the_asking_and_at_the_opening(aya, bo, hana, otto, willow):
    alarms = OutboxMessage.objects.filter(kind="alarm")
    asked = emergency(aya, willow)
    assert {mail.to_address for mail in alarms.all()} == {aya.email, bo.email, otto.email}
    agree(hana, asked.request)
    emergency(aya, willow)
    assert alarms.count() == 6
    assert list(RevealEntry.objects.values_list("raised_alarm", flat=True)) == [True, True]


def test_it_counts_for_the_hour(aya, hana, willow, settings):
    settings.REVEALS_AN_HOUR = 1
    agree(hana, emergency(aya, willow).request)
    assert emergency(aya, willow).outcome == Outcome.OPENED
    assert emergency(aya, willow).outcome == Outcome.REFUSED_QUOTA


def test_from_the_shelters_page_to_the_address(as_user, aya, hana, willow):
    desk, phone = as_user(aya), as_user(hana)
    page = desk.get(reverse("shelters:stock", args=[willow.uuid])).content.decode()
    address = reverse("shelters:break_glass", args=[willow.uuid])
    assert address in page
    assert address not in phone.get(reverse("shelters:stock", args=[willow.uuid])).content.decode()
    assert "Breathe." in desk.get(address).content.decode()
    waiting = desk.post(address, {"field": "address", "why": "silence"}).url
    assert "Hana" in desk.get(waiting).content.decode()
    [request] = openings.waiting_for(hana, timezone.now())
    assert request.purpose == "Nobody there answers"
    phone.post(reverse("accounts:answer", args=[request.uuid]), {"answer": "agree"})
    assert "1 Hidden Lane" in desk.post(waiting).content.decode()


def test_who_agreed_and_was_locked_down_does_not_serve(as_user, aya, bo, hana, willow):
    desk = as_user(aya)
    request = agree(hana, emergency(aya, willow).request)
    services.lock_down(by=bo, person=hana, reason="arrested")
    address = reverse("shelters:break_glass", args=[willow.uuid])
    waiting = desk.post(address, {"field": "address", "why": "silence"}).url
    assert str(request.uuid) not in waiting
    agree(bo, openings.waiting_for(bo, timezone.now())[0])
    assert "1 Hidden Lane" in desk.post(waiting).content.decode()
