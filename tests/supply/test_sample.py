"""Consignments of the sample: one in each state, once, and nowhere else."""

from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied

from accounts.selectors import system_user
from supply import selectors
from supply.models import Consignment, StandingPlan
from supply.services.sample import add_sample_consignments
from tests import factories as f

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground(warehouse, rice, willow):
    f.RouteFactory()
    return [f.RecipientFactory() for _ in range(2)]


def test_one_of_each_state_and_once(ground, today, settings):
    settings.SAMPLE = True
    assert add_sample_consignments(by=system_user(), today=today) == 8
    assert add_sample_consignments(by=system_user(), today=today) == 0
    states = Counter(Consignment.objects.values_list("state", flat=True))
    assert states.pop("settled") == 2
    assert states == dict.fromkeys(("arrived", "sent", "packed", "planned", "cancelled", "lost"), 1)
    assert StandingPlan.objects.count() == 1
    found = Consignment.objects.get(steps__kind="found")
    assert [line.lost for line in found.lines.order_by("pk")] == [0, 5]
    settled = Consignment.objects.filter(state="settled").exclude(pk=found.pk).get()
    assert selectors.people_reached(settled) == 90
    assert selectors.costs_of(settled) == {"CNY": 850}
    assert selectors.check_ledger() == []


def test_without_ground_there_is_none(db, today, settings):
    settings.SAMPLE = True
    assert add_sample_consignments(by=system_user(), today=today) == 0


def test_only_in_the_sample(ground, today, settings):
    settings.SAMPLE = False
    with pytest.raises(PermissionDenied):
        add_sample_consignments(by=system_user(), today=today)
    assert not Consignment.objects.exists()
