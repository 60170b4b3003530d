"""What a route carried, in kg of rice or the equivalent; what has no equivalent is named beside."""

from decimal import Decimal

import pytest
from django.urls import reverse

from core.fiscal import fiscal_year_of
from supply import selectors
from supply.models import Route
from tests import factories as f
from tests.pages import sent_as_shown
from tests.supply.test_ledger_rules import breaks
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def coats(db):
    return f.ItemFactory(code="COAT", name="Coat", base_unit="set", kind="clothing")


@pytest.fixture
def route(rice, coats, today):
    route = f.RouteFactory(code="RC-1")
    end = f.RecipientFactory().place
    for item, quantity in ((rice, 10), (coats, 12)):
        f.MovementFactory(item=item, quantity=quantity, route=route, destination=end, occurred_on=today)
    return route


def carried(route, today):
    [year] = selectors.board([route], fiscal_year_of(today), today)
    return year.carried, year.not_counted


def test_what_stands_for_no_rice_is_named_beside(client, route, coats, today):
    assert carried(route, today) == (10, [(coats, 12)])
    for url in (reverse("supply:board"), reverse("supply:route", args=[route.uuid])):
        assert "Not counted: 12 sets of Coat An item counts once" in text_of(client.get(url))


def test_item_says_for_how_much_rice_it_stands_and_counts(client, route, coats, rice, today):
    url = reverse("supply:change_item", args=[coats.uuid])
    assert client.post(url, sent_as_shown(client.get(url)) | {"rice_kilograms": "2.5"}).status_code == 302
    assert carried(route, today) == (Decimal(40), [])
    assert "Not counted" not in text_of(client.get(reverse("supply:board")))
    assert 'value="2.5"' in client.get(url).content.decode()
    rows = client.get(reverse("supply:routes"), {"export": "csv"}).content.decode()
    assert ",40" in rows
    assert selectors.routes(today).get(pk=route.pk).carried == 40
    # Also what has a weight may stand for another one of rice.
    rice.rice_kilograms = Decimal(2)
    rice.save()
    assert carried(route, today)[0] == 50
    assert Route.objects.count() == 1


def test_equivalent_is_above_zero(client, coats):
    url = reverse("supply:change_item", args=[coats.uuid])
    for word in ("0", "-1", "much"):
        assert client.post(url, sent_as_shown(client.get(url)) | {"rice_kilograms": word}).status_code == 422
    with breaks("item_stands_for_some_rice"):
        f.ItemFactory(rice_kilograms=Decimal(0))
