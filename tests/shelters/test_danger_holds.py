"""What was told of a danger holds until an administrator lowers it, and everybody concerned learns of it."""

import re
import uuid
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.identity import acting_as
from core.models import OutboxMessage
from shelters import selectors
from shelters.models import Evacuation, ShelterStatus, Stay
from supply import services as supply
from supply.models import StockAlert
from tests import factories as f

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.fixture
def say(as_user, hana, willow):
    """`say("exposed")`: by Hana of Willow, unless another sends it."""

    def post(state, *, by=hana, name="report_danger"):
        told = {"state": state, "reason": "police", "key": str(uuid.uuid4())}
        return as_user(by).post(reverse(f"shelters:{name}", args=[willow.uuid]), told, follow=True)

    return post


@pytest.fixture
def somebody_new(as_user, hana, willow, today):
    def arrives():
        told = {"day": today.isoformat(), "last": "", "key": str(uuid.uuid4()), "sex": "unknown"}
        return as_user(hana).post(reverse("shelters:arrive", args=[willow.uuid]), told)

    return arrives


def test_who_reports_less_than_what_holds_is_told_and_nothing_is_written(say, willow, today):
    say("exposed")
    page = say("at_risk")
    assert (page.status_code, "Only an administrator says that it is safer" in text_of(page)) == (422, True)
    assert "WILLOW: exposed since today." in text_of(say("exposed"))
    assert set(willow.statuses.values_list("state", flat=True)) == {"exposed"}


def test_an_administrator_lowers_a_danger(say, aya, willow, today):
    say("exposed")
    say("at_risk", by=aya, name="change_state")
    assert selectors.state_on(willow, today) == "at_risk"


def test_no_danger_of_a_closed_shelter_but_exposure_is_reported(say, aya, willow, today):
    say("closed", by=aya, name="change_state")
    assert say("at_risk").status_code == 422
    say("exposed")
    assert selectors.state_on(willow, today) == "exposed"


@pytest.mark.parametrize("is_over", [False, True], ids=["during", "after"])
def test_nobody_comes_where_one_evacuates_or_did(is_over, as_user, say, hana, willow, somebody_new, today):
    phone = as_user(hana)
    told = {"reason": "police", "key": str(uuid.uuid4())}
    phone.post(reverse("shelters:evacuate", args=[willow.uuid]), told)
    if is_over:
        phone.post(reverse("shelters:finish_evacuation", args=[Evacuation.objects.get().uuid]))
    assert say("at_risk").status_code == 422
    assert somebody_new().status_code == 422
    assert (selectors.state_on(willow, today), Stay.objects.exists()) == ("exposed", False)


def test_the_database_lets_no_field_staff_lower_a_danger(say, hana, aya, willow, today):
    say("exposed")
    with (
        acting_as(hana),
        pytest.raises(IntegrityError, match="by administrators alone"),
        transaction.atomic(),
    ):
        ShelterStatus.objects.create(shelter=willow, state="at_risk", since=today)
    with acting_as(aya):
        ShelterStatus.objects.create(shelter=willow, state="at_risk", since=today)


# --- who learns of it ---------------------------------------------------------------------------------------


@pytest.fixture
def bo(willow):
    """A colleague of Hana, who works at a second shelter too."""
    person = f.UserFactory(name="Bo")
    f.PostingFactory(user=person, shelter=willow)
    f.PostingFactory(user=person, shelter=f.ShelterFactory(code="OAK"))
    return person


def called(since=0):
    """Who got a mail after the first so many."""
    return list(OutboxMessage.objects.order_by("id").values_list("to_user_id", flat=True)[since:])


def test_an_exposure_calls_everybody_concerned_once(say, bo, sora, aya, jin, miki):
    say("at_risk")
    assert called() == [aya.pk]
    say("exposed")
    assert sorted(called(since=1)) == sorted([bo.pk, sora.pk, aya.pk, miki.pk])
    mails = OutboxMessage.objects.all()
    assert not any("WILLOW" in mail.subject + mail.body or "police" in mail.body for mail in mails)


def test_who_administers_meets_on_the_first_page_what_a_mail_called_of(say, as_user, aya, otto, willow):
    def page(person):
        return text_of(as_user(person).get(reverse("reports:start")))

    assert "WILLOW" not in page(aya)
    say("at_risk")
    assert "WILLOW is at risk since" in page(aya)
    say("exposed")
    assert "WILLOW was exposed on" in page(aya)
    assert "at risk" not in page(aya)
    assert "WILLOW" not in page(otto)


def test_an_evacuation_calls_each_once_and_of_the_exposure_the_administrators(
    as_user, hana, bo, sora, aya, willow
):
    told = {"reason": "police", "key": str(uuid.uuid4())}
    as_user(hana).post(reverse("shelters:evacuate", args=[willow.uuid]), told)
    assert sorted(called()) == sorted([bo.pk, sora.pk, aya.pk, aya.pk])


def test_start_pages_say_that_nothing_goes_to_an_exposed_shelter(as_user, say, bo, hana, sora, willow):
    assert "Send nobody" not in text_of(as_user(bo).get(reverse("home"), follow=True))
    say("exposed")
    evacuate = reverse("shelters:evacuate", args=[willow.uuid])
    for person, leads_on in ((bo, True), (hana, True), (sora, False)):
        page = as_user(person).get(reverse("home"), follow=True)
        assert "exposed" in text_of(page)
        assert "Send nobody and nothing there." in text_of(page)
        assert (evacuate in page.content.decode()) == leads_on


@pytest.fixture
def hungry(stocked, rice):
    """Ten people at Willow eat 4 kg of its 100 kg a day, and 400 are its minimum."""
    f.RationRuleFactory(item=rice, grams=4000)
    f.HeadCountFactory(shelter=stocked, people=10)
    f.StockLevelFactory(place=stocked.store, item=rice, minimum=400)
    return stocked


@pytest.mark.parametrize("name", ["cover", "forecast"])
def test_who_plans_is_warned_of_each_line_of_a_shelter_that_is_shut(name, as_user, say, sora, hungry):
    office, address = as_user(sora), reverse(f"shelters:{name}")
    assert "was exposed" not in text_of(office.get(address))
    say("exposed")
    assert "WILLOW was exposed on" in text_of(office.get(address))
    assert "WILLOW was exposed on" in office.get(address, {"export": "csv"}).content.decode()
    page = text_of(office.get(address))
    assert "Send it supplies first" not in page
    assert "1 shelter" not in page


def test_no_alert_calls_for_goods_where_nothing_goes(say, sora, hungry):
    assert supply.watch_levels(by=sora, now=timezone.now()) == 1
    say("exposed")
    before = OutboxMessage.objects.count()
    assert supply.watch_levels(by=sora, now=timezone.now()) == 0
    assert not StockAlert.objects.open().exists()
    assert not called(since=before)
