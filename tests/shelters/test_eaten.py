"""What expires feeds nobody: days left and the forecast without it, worked by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from shelters import selectors
from shelters.models import Shelter
from shelters.selectors.eaten import Part, spoiled
from tests import factories as f
from tests.factories import receive
from tests.shelters.test_pages import text_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


def cover(today):
    (line,) = selectors.covers(Shelter.objects.all(), today)
    return line


def forecast(today, days=14):
    (line,) = selectors.forecasts(Shelter.objects.all(), today, days)
    return line


def test_expired_stock_feeds_nobody(fed, lot, today):
    """4 kg a day: 20 kg that may be eaten last five days; 100 kg that expired yesterday last none."""
    lot(fed, "GONE", 100, -1)
    lot(fed, "GOOD", 20, None)
    line = cover(today)
    assert (line.held, line.spoiled, line.days) == (120, 100, 5)
    assert line.runs_out_on == today + timedelta(days=5)
    line = forecast(today)
    assert (line.held, line.spoiled, line.runs_out_on) == (120, 100, today + timedelta(days=5))
    assert line.nights[0].left == 16
    assert line.missing == 14 * 4 - 20


def test_what_expires_before_it_is_used_is_left_out_from_the_day_after(fed, lot, today):
    """30 kg until day 4: 20 kg are eaten in five days, 10 kg expire; 8 kg more last two days."""
    lot(fed, "B", 30, 4)
    lot(fed, "D", 8, None)
    assert (cover(today).spoiled, cover(today).days) == (10, 7)
    line = forecast(today)
    assert [night.left for night in line.nights[3:8]] == [22, 18, 4, 0, -4]
    assert (line.spoiled, line.runs_out_on) == (10, today + timedelta(days=7))


def test_lot_of_today_is_eaten_today(fed, lot, today):
    lot(fed, "LAST", 6, 0)
    assert (cover(today).spoiled, cover(today).days) == (2, 1)
    assert forecast(today).runs_out_on == today + timedelta(days=1)


def test_where_nobody_stays_only_what_is_expired_is_left_out(willow, rice, lot, today):
    f.RationRuleFactory(item=rice, grams=400)
    lot(willow, "GONE", 3, -1)
    lot(willow, "GOOD", 5, 4)
    assert (cover(today).held, cover(today).spoiled, cover(today).days) == (8, 3, None)


def test_nothing_usual_is_offered_of_what_is_expired(fed, lot, today):
    lot(fed, "GONE", 100, -1)
    assert selectors.usual_rations(fed, today) == []


@given(
    held=st.lists(st.tuples(st.none() | st.integers(-3, 12), st.integers(1, 30)), max_size=6),
    needs=st.lists(st.integers(0, 9), min_size=14, max_size=14),
)
def test_rest_of_each_part_is_as_eating_it_day_by_day(held, needs):
    """Against a plain loop: each day the part that expires first is eaten first, none after its last day."""
    left = [[day, amount] for day, amount in sorted(held, key=lambda one: 99 if one[0] is None else one[0])]
    for day, need in enumerate(needs):
        for part in left:
            if part[0] is None or part[0] >= day:
                eaten = min(part[1], need)
                part[1] -= eaten
                need -= eaten
    parts = [
        Part(None if day is None else DAY + timedelta(days=day), Decimal(amount)) for day, amount in held
    ]
    found = spoiled(parts, DAY, lambda last: Decimal(sum(needs[: (last - DAY).days + 1])))
    expected = sum(amount for day, amount in left if day is not None)
    assert sum(part.quantity for part in found) == expected


def test_pages_say_how_much_was_left_out(as_user, hana, sora, fed, lot):
    lot(fed, "GONE", 100, -1)
    receive(fed.store, lot(fed, "NEW", 20, None).item, 4)
    own = text_of(as_user(hana).get(reverse("shelters:stock", args=[fed.uuid])))
    assert "without 100 kg that is expired or expires before it is used" in own
    for page in ("cover", "forecast"):
        shown = text_of(as_user(sora).get(reverse(f"shelters:{page}")))
        assert "Of it not eaten in time" in shown
        assert "124 kg 100 kg" in shown
