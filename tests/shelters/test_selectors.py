"""Heads, rations, and how long a store lasts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from shelters import selectors
from shelters.models import Shelter
from tests import factories as f
from tests.factories import receive

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


def ration_on(day, item, shelter):
    rations = selectors.rations_on(day)
    return rations.get((item, shelter.pk), rations.get((item, None)))


def days_left(shelter, item, day):
    lines = selectors.covers(Shelter.objects.filter(pk=shelter.pk), day)
    return next((line.days for line in lines if line.item == item), None)


def days(start, end=None):
    return DateRange(DAY + timedelta(days=start), None if end is None else DAY + timedelta(days=end))


def test_heads_are_who_stays_that_night(willow):
    """Arrived today and still here count; left today, not yet come and only planned do not."""
    for nights in (days(-5), days(0), days(0, 1), days(-3, 0), days(1), days(-9, -2)):
        f.StayFactory(shelter=willow, nights=nights)
    f.StayFactory(shelter=willow, nights=days(-1), is_planned=True)
    assert selectors.heads_on(willow, DAY) == 3


def test_planned_stay_alone_is_no_head(willow):
    f.StayFactory(shelter=willow, nights=days(-1), is_planned=True)
    assert selectors.heads_on(willow, DAY) == 0


def test_head_count_where_nobody_is_registered(willow, maple):
    f.HeadCountFactory(shelter=willow, counted_on=DAY - timedelta(days=20), people=9)
    f.HeadCountFactory(shelter=willow, counted_on=DAY - timedelta(days=2), people=7)
    f.HeadCountFactory(shelter=willow, counted_on=DAY + timedelta(days=1), people=30)
    f.HeadCountFactory(shelter=maple, counted_on=DAY, people=50)
    assert selectors.heads_on(willow, DAY) == 7
    assert selectors.heads_on(willow, DAY - timedelta(days=3)) == 9
    assert selectors.heads_on(willow, DAY - timedelta(days=21)) == 0


def test_stays_and_head_counts_are_never_added(willow):
    f.HeadCountFactory(shelter=willow, counted_on=DAY, people=10)
    f.StayFactory(shelter=willow, nights=days(-1, 2))
    assert selectors.heads_on(willow, DAY) == 1
    # All have left since the count: it says nothing about tonight.
    assert selectors.heads_on(willow, DAY + timedelta(days=2)) == 0
    f.HeadCountFactory(shelter=willow, counted_on=DAY + timedelta(days=3), people=4)
    assert selectors.heads_on(willow, DAY + timedelta(days=3)) == 4


def test_ration_in_force(willow, maple, rice):
    f.RationRuleFactory(item=rice, grams=400, valid_from=DAY - timedelta(days=50))
    f.RationRuleFactory(item=rice, grams=350, valid_from=DAY)
    f.RationRuleFactory(item=rice, grams=500, shelter=willow, valid_from=DAY - timedelta(days=9))
    f.RationRuleFactory(item=rice, grams=600, shelter=willow, valid_from=DAY + timedelta(days=1))
    assert ration_on(DAY, rice, willow) == 500
    assert ration_on(DAY, rice, maple) == 350
    assert ration_on(DAY - timedelta(days=1), rice, maple) == 400
    assert ration_on(DAY - timedelta(days=10), rice, willow) == 400
    assert ration_on(DAY - timedelta(days=51), rice, willow) is None


def test_days_left_by_hand(willow, rice, today):
    """100 kg, 12 people, 400 g: 4.8 kg a day, 20.8 days; two more people: 5.6 kg a day, 17.8 days."""
    receive(willow.store, rice, 100)
    f.RationRuleFactory(item=rice, grams=400)
    f.HeadCountFactory(shelter=willow, counted_on=today - timedelta(days=1), people=12)
    (line,) = selectors.covers(Shelter.objects.all(), today)
    assert (line.heads, line.held, line.daily_need) == (12, 100, Decimal("4.8"))
    assert line.days == Decimal("20.8")
    assert line.runs_out_on == today + timedelta(days=20)
    f.HeadCountFactory(shelter=willow, counted_on=today, people=14)
    assert days_left(willow, rice, today) == Decimal("17.8")


def test_published_example_by_hand(willow, rice, today):
    """5,000 kg at 400 g feed 416 people for 30 days."""
    receive(willow.store, rice, 5000)
    f.RationRuleFactory(item=rice, grams=400)
    f.HeadCountFactory(shelter=willow, counted_on=today, people=416)
    assert days_left(willow, rice, today) == 30


def test_item_kept_in_grams(willow, today):
    spice = f.ItemFactory(base_unit="g")
    receive(willow.store, spice, 900)
    f.RationRuleFactory(item=spice, grams=10)
    f.HeadCountFactory(shelter=willow, counted_on=today, people=9)
    assert days_left(willow, spice, today) == 10


def test_days_left_cannot_be_told(willow, maple, rice, today):
    receive(willow.store, rice, 100)
    f.HeadCountFactory(shelter=willow, counted_on=today, people=9)
    assert days_left(willow, rice, today) is None  # no ration
    f.RationRuleFactory(item=rice)
    assert days_left(maple, rice, today) is None  # nobody there
    litres = f.ItemFactory(base_unit="l")
    f.RationRuleFactory(item=litres)
    assert days_left(willow, litres, today) is None  # grams of a litre


def test_empty_store_with_people_has_no_day_left(willow, rice, today):
    f.RationRuleFactory(item=rice)
    f.HeadCountFactory(shelter=willow, counted_on=today)
    (line,) = selectors.covers(Shelter.objects.all(), today)
    assert (line.days, line.runs_out_on, line.is_low) == (0, today, True)


def test_store_for_a_lifetime_names_no_day(willow, rice, today):
    receive(willow.store, rice, 999_999_999)
    f.RationRuleFactory(item=rice, grams="0.001")
    f.HeadCountFactory(shelter=willow, counted_on=today, people=1)
    (line,) = selectors.covers(Shelter.objects.all(), today)
    assert (line.runs_out_on, line.is_low) == (None, False)


def test_covers_cost_three_queries(rice, today, django_assert_num_queries):
    f.RationRuleFactory(item=rice)
    for number in range(8):
        shelter = f.ShelterFactory()
        receive(shelter.store, rice, 100 - number)
        f.StayFactory(shelter=shelter)
    with django_assert_num_queries(3):
        lines = selectors.covers(Shelter.objects.all(), today)
    assert [line.held for line in lines] == [93, 94, 95, 96, 97, 98, 99, 100]


def test_closed_shelter_is_not_in_use(willow, today):
    f.ShelterFactory(code="OLD", closed_on=today)
    f.ShelterFactory(code="FUTURE", opened_on=today + timedelta(days=1))
    assert list(selectors.in_use(Shelter.objects.all(), today)) == [willow]
