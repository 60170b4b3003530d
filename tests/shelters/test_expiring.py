"""What expires before it is used, worked by hand."""

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from shelters import selectors
from shelters.models import Shelter
from supply import selectors as supply
from supply import services
from tests import factories as f
from tests.shelters.test_pages import text_of

pytestmark = pytest.mark.django_db


def told(today):
    shelters = Shelter.objects.all()
    lots = supply.dated_lots(shelters.values_list("store", flat=True))
    return [
        (line.lot.code, line.unused, line.is_expired) for line in selectors.expiring(shelters, lots, today)
    ]


def test_first_to_expire_is_used_first_and_the_rest_is_told(fed, lot, today):
    """Until day 2 (three days) 12 kg are eaten, until day 4 20 kg, until day 9 40 kg.

    A (10 kg, day 2): eaten, 2 kg of need left. B (15 kg, day 4): 10 kg eaten, 5 left over.
    C (20 kg, day 9): 40 − 20 = 20 kg eaten, nothing left over. D never expires: asked last.
    """
    lot(fed, "D", 50, None)
    lot(fed, "C", 20, 9)
    lot(fed, "B", 15, 4)
    lot(fed, "A", 10, 2)
    assert told(today) == [("B", Decimal(5), False)]
    lot(fed, "E", 3, 9)
    assert told(today) == [("B", Decimal(5), False), ("E", Decimal(3), False)]


def test_lot_is_used_on_its_last_day_and_expired_the_day_after(fed, lot, today):
    lot(fed, "LAST", 4, 0)
    lot(fed, "GONE", 6, -1)
    assert told(today) == [("GONE", Decimal(6), True)]


def test_planned_arrivals_use_it_in_time(fed, lot, today):
    """11 days of 4 kg leave 6 of 50 kg; three more from tomorrow: 1.2 × 10 = 12 kg more are eaten."""
    lot(fed, "A", 50, 10)
    assert told(today) == [("A", Decimal(6), False)]
    for _person in range(3):
        f.StayFactory(shelter=fed, nights=DateRange(today + timedelta(days=1), None), is_planned=True)
    assert told(today) == []


def test_beyond_the_planned_days_the_last_nights_heads_count(fed, lot, today):
    """61 days at 4 kg: 244 kg."""
    lot(fed, "A", 250, 60)
    assert told(today) == [("A", Decimal(6), False)]


def test_without_a_ration_only_what_expires_soon_is_told(fed, lot, today):
    pills = f.ItemFactory(code="PILLS", kind="medicine", base_unit="piece")
    lot(fed, "SOON", 100, 29, item=pills)
    lot(fed, "LATER", 100, 30, item=pills)
    assert told(today) == [("SOON", None, False)]


def test_where_nobody_stays_nothing_is_used(willow, rice, lot, today):
    f.RationRuleFactory(item=rice, grams=400)
    lot(willow, "A", 5, 400)
    assert told(today) == [("A", Decimal(5), False)]


def test_each_store_is_asked_by_itself(fed, maple, lot, today):
    f.HeadCountFactory(shelter=maple, people=1)
    lot(fed, "A", 10, 5)
    lot(maple, "B", 10, 5)
    assert told(today) == [("B", Decimal("7.6"), False)]


def test_shelters_page_and_cover_say_so(as_user, hana, sora, fed, lot):
    lot(fed, "B", 30, 4)
    lot(fed, "OLD", 6, -1)
    own = text_of(as_user(hana).get(reverse("shelters:stock", args=[fed.uuid])))
    overview = text_of(as_user(sora).get(reverse("shelters:cover")))
    for shown in (own, overview):
        assert "10 kg will expire before it is used" in shown
        assert "expired" in shown.split("OLD")[1][:60]
    assert "Will expire before it is used" in overview


def test_pages_cost_the_same_with_many_lots(as_user, hana, sora, fed, lot, django_assert_num_queries):
    staff, office = as_user(hana), as_user(sora)
    lot(fed, "FIRST", 10, 4)
    for lots in (0, 20):
        for number in range(lots):
            lot(fed, f"L{number}", 10, number)
        with django_assert_num_queries(14):
            staff.get(reverse("shelters:stock", args=[fed.uuid]))
        with django_assert_num_queries(18):
            office.get(reverse("shelters:cover"))


def test_a_ration_of_yesterday_is_taken_of_what_lay_there_then(fed, hana, rice, today):
    """A page left open over midnight: what came today expires first, but nobody ate of it yesterday."""
    yesterday = today - timedelta(days=1)
    lots = {}
    for code, days, quantity, came in (("A", 9, 20, 0), ("B", 50, 20, 5), ("C", 90, 20, 5)):
        lots[code] = f.LotFactory(item=rice, code=code, expires_on=today + timedelta(days=days))
        f.MovementFactory(
            item=rice, lot=lots[code], destination=fed.store, quantity=quantity,
            occurred_on=today - timedelta(days=came),
        )  # fmt: skip
    entry = {"by": hana, "place": fed.store, "item": rice, "today": today}
    services.log_use(**entry, lot=lots["B"], quantity=Decimal(17), occurred_on=today, key=uuid.uuid4())
    lines = supply.first_to_expire(fed.store, rice, yesterday, today=today)
    assert [(lot.code, held) for lot, held in lines] == [("A", 0), ("B", 3), ("C", 20)]
    services.use_first_out(**entry, quantity=Decimal(4), occurred_on=yesterday, key=uuid.uuid4())
    assert [supply.held(fed.store, rice, lot) for lot in lots.values()] == [20, 0, 19]
