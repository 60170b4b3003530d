"""What was told of a danger holds until an administrator lowers it, and everybody concerned learns of it."""

import re
import uuid
from html import unescape

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from core.identity import acting_as
from shelters import selectors
from shelters.models import Evacuation, ShelterStatus, Stay

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
