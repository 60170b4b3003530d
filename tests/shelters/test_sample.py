"""Counts and evacuations of the sample: one done and one going on of each, once, and nowhere else."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from django.utils import timezone

from accounts.selectors import system_user
from shelters.models import Evacuation, EvacuationPerson
from shelters.services.sample import add_sample_affairs
from supply.models import CountSheet, StockAlert, StockCount
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground(hana, jin, sora, willow, maple, rice, today):
    """Two shelters that are counted, one that was left, one that is being left."""
    for shelter in (willow, maple):
        f.MovementFactory(item=rice, quantity=100, destination=shelter.store)
    cedar = f.ShelterFactory(code="CEDAR")
    f.PostingFactory(user=hana, shelter=cedar)
    for code in ("X-1", "X-2"):
        f.StayFactory(resident=f.ResidentFactory(code=code), shelter=cedar)
    left = date(2026, 1, 20)
    alder = f.ShelterFactory(code="ALDER", closed_on=left)
    f.PostingFactory(user=hana, shelter=alder)
    moved = f.ResidentFactory(code="X-3")
    nights = DateRange(date(2026, 1, 1), left)
    f.StayFactory(resident=moved, shelter=alder, nights=nights, outcome="moved")
    f.StayFactory(resident=moved, shelter=cedar, nights=DateRange(left, None))
    f.ShelterStatusFactory(shelter=alder, state="exposed", since=left - timedelta(days=3), reason="raid")
    f.StockLevelFactory(place=maple.store, item=rice, minimum=Decimal(500))
    return cedar


def add() -> int:
    return add_sample_affairs(by=system_user(), now=timezone.now())


def test_one_of_each_is_done_and_one_goes_on_and_once(ground, sora, today, settings):
    settings.SAMPLE = True
    assert add() == 4
    assert add() == 0
    assert dict(CountSheet.objects.values_list("place__code", "state")) == {
        "ST-WILLOW": "finished",
        "ST-MAPLE": "counting",
    }
    assert CountSheet.objects.get(state="finished").finisher == sora
    assert [count.expected - count.counted for count in StockCount.objects.all()] == [1]
    done = Evacuation.objects.get(shelter__code="ALDER")
    assert done.finished_at is not None
    assert done.people.get().to_code == "CEDAR"
    going = Evacuation.objects.running().get()
    assert going.shelter == ground
    assert EvacuationPerson.objects.filter(evacuation=going).count() == 1
    assert StockAlert.objects.get(cleared_at=None).place.code == "ST-MAPLE"


def test_where_the_shelters_are_not_there_is_none(db, today, settings):
    settings.SAMPLE = True
    assert add() == 0


def test_only_in_the_sample(ground, today, settings):
    settings.SAMPLE = False
    with pytest.raises(PermissionDenied):
        add()
    assert not Evacuation.objects.exists()


def test_first_page_of_who_works_there_leads_on_to_the_evacuation(ground, hana, as_user, today, settings):
    settings.SAMPLE = True
    add()
    page = as_user(hana).get(reverse("shelters:start")).content.decode()
    going = Evacuation.objects.running().get()
    assert page.count(reverse("shelters:evacuation", args=[going.uuid])) == 1
