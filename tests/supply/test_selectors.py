from contextlib import closing
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from supply import selectors, services
from supply.enums import PlaceKind
from tests import database, factories
from tests.factories import MovementFactory, receive

pytestmark = pytest.mark.django_db


def test_only_what_is_there_is_listed(stocked, maple, rice, sora, hana, entry):
    services.log_use(by=hana, place=stocked.store, **entry(quantity=100))
    receive(maple.store, rice, 8)
    assert [(line.place.code, line.quantity) for line in selectors.balances(sora)] == [("ST-MAPLE", 8)]
    assert not selectors.balances(hana).exists()
    assert not selectors.movements(hana).exists()


def test_totals_add_up_lots(warehouse, rice):
    receive(warehouse, rice, 5)
    MovementFactory(item=rice, lot=factories.LotFactory(item=rice), quantity=2, destination=warehouse)
    tea = factories.ItemFactory()
    assert selectors.totals([warehouse.pk], [rice.pk, tea.pk]) == {(warehouse.pk, rice.pk): Decimal(7)}


def test_route_plan_against_actual(warehouse, store, rice, hana):
    """What arrives counts, once, in kilograms; a mistake and its reversal do not."""
    today = date(2026, 3, 20)
    route = factories.RouteFactory(code="RN-01")
    factories.RouteTargetFactory(route=route, from_month=date(2026, 1, 1), kilograms_a_month=5000)
    factories.RouteTargetFactory(route=route, from_month=date(2026, 3, 1), kilograms_a_month=6000)
    factories.RouteTargetFactory(route=route, from_month=date(2026, 4, 1), kilograms_a_month=7000)
    factories.RouteStatusFactory(route=route, state="open", since=date(2026, 1, 1))
    factories.RouteStatusFactory(route=route, state="at_risk", since=date(2026, 3, 19))
    factories.RouteStatusFactory(route=route, state="lost", since=date(2026, 3, 21))
    transit = factories.PlaceFactory(kind=PlaceKind.TRANSIT)
    spice = factories.ItemFactory(base_unit="g")
    shoes = factories.ItemFactory(base_unit="piece")

    def carry(item, quantity, source, destination, day, **values):
        return MovementFactory(
            item=item, quantity=quantity, source=source, destination=destination, route=route,
            occurred_on=day, **values,
        )  # fmt: skip

    giver, recipient = factories.sink(PlaceKind.SUPPLIER), factories.RecipientFactory().place
    carry(rice, 900, giver, transit, date(2026, 3, 1))
    carry(rice, 700, transit, store, date(2026, 3, 31))
    mistake = carry(rice, 100, transit, recipient, date(2026, 3, 4))
    carry(rice, 100, recipient, transit, date(2026, 3, 4), reverses=mistake)
    carry(spice, 500, giver, recipient, date(2026, 3, 5))
    carry(shoes, 40, giver, recipient, date(2026, 3, 5))
    carry(rice, 20, giver, recipient, date(2026, 2, 28))
    found = selectors.routes(today).get()
    assert (found.state, found.target) == ("at_risk", 6000)
    assert (found.carried, found.carried_before) == (Decimal("700.5"), 20)


def test_route_without_anything(db, today):
    factories.RouteFactory()
    found = selectors.routes(today).get()
    assert (found.state, found.target, found.carried, found.carried_before) == (None, None, 0, 0)


def test_recipient_knows_its_last_delivery(warehouse, rice, today, hana, entry):
    receive(warehouse, rice, 10)
    recipient = factories.RecipientFactory()
    assert selectors.recipients().get().last_served_on is None
    services.deliver(by=hana, source=warehouse, recipient=recipient, **entry())
    assert selectors.recipients().get().last_served_on == today


def test_ledger_checks_out(stocked, hana, entry):
    services.log_use(by=hana, place=stocked.store, **entry())
    out = StringIO()
    call_command("check_ledger", stdout=out)
    assert out.getvalue().strip() == "0 differences"


@pytest.mark.django_db(transaction=True)
def test_tampering_by_the_owner_is_found(stocked, rice, today):
    """Past the triggers, as only the owner of the database can."""
    with closing(database.owner_connection(database_name())) as owner, owner.cursor() as cursor:
        cursor.execute("UPDATE supply_balance SET quantity = 90")
    (difference,) = selectors.check_ledger()
    assert (difference.place, difference.item, difference.lot) == ("ST-WILLOW", "RICE", None)
    assert (difference.ledger, difference.balance, difference.day) == (100, 90, None)
    out = StringIO()
    with pytest.raises(SystemExit) as error:
        call_command("check_ledger", stdout=out)
    assert error.value.code == 1
    assert out.getvalue().splitlines() == ["ST-WILLOW RICE: ledger 100, balance 90", "1 difference"]


@pytest.mark.django_db(transaction=True)
def test_day_below_zero_is_found(stocked, rice, today):
    with closing(database.owner_connection(database_name())) as owner, owner.cursor() as cursor:
        cursor.execute("ALTER TABLE supply_movement DISABLE TRIGGER append_only")
        cursor.execute("UPDATE supply_movement SET occurred_on = %s", [today])
        cursor.execute("ALTER TABLE supply_movement ENABLE TRIGGER append_only")
    assert selectors.check_ledger() == []
    MovementFactory(item=rice, quantity=10, source=stocked.store, destination=factories.sink(PlaceKind.LOST))
    with closing(database.owner_connection(database_name())) as owner, owner.cursor() as cursor:
        cursor.execute("ALTER TABLE supply_movement DISABLE TRIGGER append_only")
        cursor.execute(
            "UPDATE supply_movement SET occurred_on = %s WHERE reason = 'bought' AND quantity = 10",
            [today - timedelta(days=2)],
        )
        cursor.execute("ALTER TABLE supply_movement ENABLE TRIGGER append_only")
    (difference,) = selectors.check_ledger()
    assert (difference.day, difference.ledger) == (today - timedelta(days=2), -10)


def database_name():
    from django.db import connection

    return connection.settings_dict["NAME"]
