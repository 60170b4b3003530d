"""The registers of the coordinator and the auditor."""

import re
from html import unescape

import pytest
from django.urls import reverse

from supply import services
from tests import factories as f
from tests.factories import receive

pytestmark = pytest.mark.django_db


def text_of(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def many_places(number):
    for item in f.ItemFactory.create_batch(number):
        f.PackFactory(item=item)
        receive(f.PlaceFactory(), item, 10)


def many_routes(number):
    for route in f.RouteFactory.create_batch(number):
        f.RouteStatusFactory(route=route)
        f.RouteTargetFactory(route=route)
        f.MovementFactory(route=route, destination=f.RecipientFactory().place)


@pytest.mark.parametrize(
    ("name", "make", "queries"),
    [
        ("supply:start", many_places, 11),
        ("supply:movements", many_places, 10),
        ("supply:items", many_places, 9),
        ("supply:routes", many_routes, 8),
        ("supply:recipients", lambda n: f.RecipientFactory.create_batch(n), 8),
    ],
)
def test_register_costs_the_same_for_one_and_for_thirty(
    name, make, queries, as_user, sora, django_assert_num_queries
):
    client = as_user(sora)
    for number in (1, 29):
        make(number)
        with django_assert_num_queries(queries):
            response = client.get(reverse(name))
    assert "30 rows" in text_of(response)


def test_stock_shows_what_is_there(as_user, sora, stocked, hana, rice):
    shown = text_of(as_user(sora).get(reverse("supply:start")))
    assert "ST-WILLOW" in shown
    assert "100 kg" in shown


def test_movements_are_found_and_mistakes_marked(as_user, sora, stocked, rice, hana, entry, today):
    mistake = services.log_use(by=hana, place=stocked.store, **entry(quantity=7, document="slip 12"))
    services.reverse_movement(by=hana, movement=mistake, today=today, reason="wrong item")
    receive(f.PlaceFactory(code="DEPOT"), f.ItemFactory(code="TEA"), 3)
    client = as_user(sora)
    by_place = {"place": stocked.store.pk}
    for query, rows in (
        ({}, 4), (by_place, 3), ({"q": "slip 12"}, 1), ({"reason": "corrected"}, 1), ({"q": "TEA"}, 1),
        ({"since": today}, 3), ({"until": today, "item": rice.pk}, 3),
    ):  # fmt: skip
        assert f"{rows} row" in text_of(client.post(reverse("supply:movements"), query, follow=True))
    assert client.get(reverse("supply:movements")).content.decode().count("✓") == 2


def test_export_is_what_is_filtered(as_user, sora, stocked, rice, maple):
    receive(maple.store, rice, 2500)
    client = as_user(sora)
    found = client.post(reverse("supply:start"), {"q": "MAPLE"}).url
    response = client.get(f"{found}&export=csv")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "2500,kg" in lines[1]


def test_auditor_reads_movements_without_routes(as_user, otto, sora, warehouse):
    f.MovementFactory(route=f.RouteFactory(code="RN-77"), destination=warehouse)
    for query in ({}, {"export": "csv"}):
        assert "RN-77" in as_user(sora).get(reverse("supply:movements"), query).content.decode()
        assert "RN-77" not in as_user(otto).get(reverse("supply:movements"), query).content.decode()


def test_sealed_values_of_routes_and_recipients_do_not_show(as_user, sora):
    f.RouteFactory(code="RN-01", drop_points="behind the mill")
    f.RecipientFactory(
        code="R-9", publishable_place="a northern town", real_name="St. Secret", address="Lane 5"
    )
    for name, there in (("supply:routes", "RN-01"), ("supply:recipients", "a northern town")):
        client = as_user(sora)
        pages = [client.get(reverse(name), query) for query in ({}, {"export": "csv"})]
        pages += [client.post(reverse(name), {"q": word}, follow=True) for word in ("mill", "Secret")]
        for page in (answer.content.decode() for answer in pages):
            assert "behind the mill" not in page
            assert "St. Secret" not in page
            assert "Lane 5" not in page
        assert there in as_user(sora).get(reverse(name)).content.decode()


def test_route_register_shows_plan_and_actual(as_user, sora, today, warehouse):
    route = f.RouteFactory(code="RN-01", region="the north")
    f.RouteStatusFactory(route=route, state="at_risk")
    f.RouteTargetFactory(route=route, kilograms_a_month=5000)
    f.MovementFactory(route=route, quantity=1250, destination=f.RecipientFactory().place, occurred_on=today)
    shown = text_of(as_user(sora).get(reverse("supply:routes"), {"state": "at_risk"}))
    assert re.search(r"RN-01 food regular the north at risk 5,000 1,250 0", shown)
    assert "0 rows" in text_of(as_user(sora).get(reverse("supply:routes"), {"state": "lost"}))


def test_items_with_packs_and_totals(as_user, otto, stocked, rice):
    shown = text_of(as_user(otto).get(reverse("supply:items")))
    assert "bag of 25 kg" in shown
    assert re.search(r"RICE Rice 米 food kg bag of 25 kg — 100", shown)
