"""What lay where at the end of a day, for all places, from the ledger."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.formats import date_format

from core.identity import acting_as
from supply import selectors, services
from supply.models import Balance, balances_on
from tests import factories
from tests.factories import receive
from tests.supply.test_pages import many_places, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def moved(warehouse, store, rice, hana, entry, today):
    """100 came to the depot six days ago, 40 went to the store three days ago, 5 were used there today."""
    lot = factories.LotFactory(item=rice, code="L-1")
    receive(warehouse, rice, 100, days_ago=6)
    factories.MovementFactory(
        item=rice, lot=lot, quantity=7, destination=store, occurred_on=today - timedelta(days=1)
    )
    back = entry(quantity=40, occurred_on=today - timedelta(days=3))
    services.transfer(by=hana, source=warehouse, destination=store, **back)
    services.log_use(by=hana, place=store, **entry(quantity=5))
    return lot


def test_every_line_of_every_place_in_one_query(
    moved, warehouse, store, sora, today, django_assert_num_queries
):
    def then(days_ago):
        with django_assert_num_queries(1):
            lines = selectors.stock_on(sora, today - timedelta(days=days_ago))
            return {(line.place.code, line.lot and line.lot.code): line.quantity for line in lines}

    assert then(7) == {}
    assert then(4) == {("DEPOT", None): 100}
    assert then(3) == {("DEPOT", None): 60, ("ST-OAK", None): 40}
    assert then(1) == {("DEPOT", None): 60, ("ST-OAK", None): 40, ("ST-OAK", "L-1"): 7}
    assert then(0) == {("DEPOT", None): 60, ("ST-OAK", None): 35, ("ST-OAK", "L-1"): 7}


def test_stock_of_today_is_the_balance(moved, sora, today):
    receive(factories.PlaceFactory(), factories.ItemFactory(), Decimal("0.125"))
    now = selectors.balances(sora).values_list("pk", "quantity")
    assert sorted(balances_on(today).values_list("pk", "quantity")) == sorted(now)


def test_lines_are_filtered_sorted_counted_and_summed_like_balances(moved, warehouse, today):
    """The function stands in the place of the table wherever Django puts it."""
    then = balances_on(today - timedelta(days=1))
    assert then.filter(place=warehouse).get().quantity == 60
    assert then.exclude(lot=None).count() == 1
    assert [line.quantity for line in then.order_by("-quantity")] == [60, 40, 7]
    places = Balance.objects.filter(pk__in=then.filter(quantity__gt=50).values("pk"))
    assert [line.place for line in places] == [warehouse]


def test_the_walls_hold_for_a_past_day(moved, hana, willow, rice, today):
    receive(willow.store, rice, 3)
    with acting_as(hana):
        assert [line.place_id for line in balances_on(today)] == [willow.store_id]


def test_page_shows_and_exports_the_chosen_day(moved, as_user, otto, today, store):
    client, address = as_user(otto), reverse("supply:on_day")
    day = (today - timedelta(days=4)).isoformat()
    shown = text_of(client.get(address, {"day": day}))
    assert "1 row" in shown
    assert "100 kg" in shown
    found = client.post(address, {"day": day, "q": "DEPOT"}).url
    lines = client.get(f"{found}&export=csv").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "100,kg" in lines[1]
    assert "2 rows" in text_of(client.get(address, {"place": store.pk}))


def test_rows_of_another_day_bring_the_heading_of_that_day(moved, as_user, sora, today):
    client, day = as_user(sora, headers={"HX-Request": "true"}), today - timedelta(days=4)
    part = client.get(reverse("supply:on_day"), {"day": day.isoformat()})
    assert f"Stock at the end of {date_format(day)}" in text_of(part)
    assert b'hx-swap-oob="innerHTML:#heading"' in part.content


@pytest.mark.parametrize("day", ["", "yesterday", "2026-02-30"])
def test_day_that_is_none_is_today(day, moved, as_user, sora):
    assert "3 rows" in text_of(as_user(sora).get(reverse("supply:on_day"), {"day": day}))


def test_a_day_to_come_is_no_stock_that_lay_there(moved, as_user, sora, today):
    day = (today + timedelta(days=400)).isoformat()
    shown = text_of(as_user(sora).get(reverse("supply:on_day"), {"day": day}))
    assert f"Stock at the end of {date_format(today)}" in shown
    assert "Nobody knows the stock of a day to come" in shown


def test_page_costs_the_same_for_one_and_for_thirty(as_user, sora, django_assert_num_queries):
    client = as_user(sora)
    for number in (1, 29):
        many_places(number)
        with django_assert_num_queries(10):
            shown = text_of(client.get(reverse("supply:on_day")))
    assert "30 rows" in shown
