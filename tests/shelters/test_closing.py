"""A shelter is closed when nobody is there, nobody is expected and nothing lies in its store."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from core.identity import acting_as
from shelters import selectors
from shelters.models import Shelter, ShelterStatus
from tests import factories as f
from tests.shelters.test_evacuations import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def close(as_user, aya, willow):
    def post():
        told = {"state": "closed", "reason": "quiet end", "key": str(uuid.uuid4())}
        return as_user(aya).post(reverse("shelters:change_state", args=[willow.uuid]), told, follow=True)

    return post


def counted(willow, rice, today):
    f.HeadCountFactory(shelter=willow, people=10)


def counted_beside_who_left(willow, rice, today):
    f.StayFactory(shelter=willow, nights=DateRange(today - timedelta(days=9), today), outcome="unknown")
    f.HeadCountFactory(shelter=willow, people=10, others=10)


def expected(willow, rice, today):
    f.StayFactory(shelter=willow, nights=DateRange(today + timedelta(days=3), None), is_planned=True)


def stocked(willow, rice, today):
    f.receive(willow.store, rice, 5)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (counted, "By the last head count people are there"),
        (counted_beside_who_left, "By the last head count people are there"),
        (expected, "Somebody is expected there."),
        (stocked, "Stock lies in its store."),
    ],
)
def test_what_is_left_is_told_and_nothing_is_closed(close, willow, rice, aya, today, left, said):
    left(willow, rice, today)
    page = close()
    assert (page.status_code, said in text_of(page)) == (422, True)
    assert selectors.state_on(willow, today) != "closed"
    with acting_as(aya), pytest.raises(IntegrityError), transaction.atomic():
        ShelterStatus.objects.create(shelter=willow, state="closed", since=today)
    with acting_as(aya), pytest.raises(IntegrityError), transaction.atomic():
        Shelter.objects.filter(pk=willow.pk).update(closed_on=today)


def test_what_was_counted_called_off_and_used_up_holds_nothing_up(close, willow, rice, hana, today):
    counted(willow, rice, today)
    f.HeadCountFactory(shelter=willow, people=0)
    nights = DateRange(today, None)
    f.StayFactory(shelter=willow, nights=nights, is_planned=True, cancelled_at=f.timezone.now())
    stocked(willow, rice, today)
    f.MovementFactory(item=rice, source=willow.store, quantity=5)
    assert "WILLOW: closed since today." in text_of(close())


def test_a_shelter_that_a_workbook_says_to_be_closed_is_not_evacuated(as_user, aya, maple):
    """Its state alone says so, and no last day."""
    f.ShelterStatusFactory(shelter=maple, state="closed")
    form = {"key": str(uuid.uuid4()), "reason": "police asked"}
    answer = as_user(aya).post(reverse("shelters:order_evacuation", args=[maple.uuid]), form)
    assert (answer.status_code, "Say first that it is open again." in text_of(answer)) == (422, True)
    assert list(maple.statuses.values_list("state", flat=True)) == ["closed"]
