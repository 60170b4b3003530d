"""What the database itself refuses, whoever writes: asked as the app's own role."""

import uuid
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from supply import selectors
from supply.enums import PlaceKind, Reason
from supply.models import Balance, Item, Movement
from tests import factories
from tests import factories as f
from tests.factories import MovementFactory, PlaceFactory, receive

pytestmark = pytest.mark.django_db


@contextmanager
def breaks(name):
    """The statements inside break this rule and no other, and nothing of them stays."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        yield error
    assert name in error.value.__cause__.diag.constraint_name


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supply_movement SET quantity = 1",
        "DELETE FROM supply_movement",
        "TRUNCATE supply_movement CASCADE",
        "UPDATE supply_stockcount SET counted = 1",
        "DELETE FROM supply_stockcount",
        "UPDATE supply_routestatus SET state = 'open'",
        "DELETE FROM supply_routestatus",
    ],
)
def test_history_cannot_be_changed(statement, stocked):
    with pytest.raises(ProgrammingError, match="permission denied"):
        sql(statement)
    assert Movement.objects.get().quantity == 100


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE supply_balance SET quantity = 1000",
        "DELETE FROM supply_balance",
        "INSERT INTO supply_balance (place_id, item_id, quantity) SELECT id, 1, 5 FROM supply_place",
        "ALTER TABLE supply_movement DISABLE TRIGGER balances_follow",
        "SET LOCAL session_replication_role = replica",
    ],
)
def test_balances_are_written_by_the_ledger_alone(statement, stocked):
    with pytest.raises(ProgrammingError, match="permission denied|must be owner"):
        sql(statement)
    assert Balance.objects.get().quantity == 100


def test_raw_row_changes_both_balances(stocked, rice, warehouse):
    sql(
        "INSERT INTO supply_movement (uuid, item_id, quantity, source_id, destination_id, reason,"
        " occurred_on, by_id, typed, document, key)"
        " SELECT gen_random_uuid(), item_id, 30, destination_id, %s, 'transfer', occurred_on, by_id, '', '',"
        " gen_random_uuid() FROM supply_movement",
        warehouse.pk,
    )
    assert selectors.held(stocked.store, rice) == 70
    assert selectors.held(warehouse, rice) == 30


def test_rows_in_bulk_change_the_balances_as_one(warehouse, store, rice, today, hana):
    giver = factories.sink(PlaceKind.SUPPLIER)
    rows = [
        (giver, warehouse, 100, 3), (warehouse, store, 60, 2), (warehouse, store, 40, 1),
    ]  # fmt: skip
    Movement.objects.bulk_create(
        Movement(
            item=rice, source=source, destination=destination, quantity=Decimal(quantity), by=hana,
            reason=Reason.TRANSFER, occurred_on=today - timedelta(days=days_ago),
        )
        for source, destination, quantity, days_ago in reversed(rows)
    )  # fmt: skip
    assert (selectors.held(warehouse, rice), selectors.held(store, rice)) == (0, 100)
    assert selectors.check_ledger() == []


def test_bulk_rows_are_checked_against_each_other(warehouse, store, rice, today, hana):
    """Later rows of the same statement must not make an earlier day look covered."""
    receive(warehouse, rice, 100, days_ago=5)
    later = [(store, 100, 8), (store, 20, 1)]
    rows = [
        Movement(
            item=rice, source=warehouse, destination=place, quantity=Decimal(quantity), by=hana,
            reason=Reason.TRANSFER, occurred_on=today - timedelta(days=days_ago),
        )
        for place, quantity, days_ago in later
    ]  # fmt: skip
    rows.append(
        Movement(
            item=rice, source=factories.sink(PlaceKind.SUPPLIER), destination=warehouse, quantity=Decimal(20),
            by=hana, reason=Reason.BOUGHT, occurred_on=today - timedelta(days=2),
        )
    )  # fmt: skip
    with breaks("movement_covered_every_day") as error:
        Movement.objects.bulk_create(rows)
    assert error.value.__cause__.diag.message_detail == str(today - timedelta(days=8))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("movement_moves_something", {"quantity": 0}),
        ("movement_moves_something", {"quantity": -1}),
        ("balance_never_negative", {"source": "store", "destination": "warehouse", "quantity": 1}),
        ("movement_lot_of_its_item", {"lot": "foreign_lot"}),
        ("movement_whole_units", {"item": "blanket", "quantity": Decimal("1.5")}),
    ],
)
def test_movement_rules(name, values, warehouse, store):
    records = {
        "warehouse": warehouse,
        "store": store,
        "foreign_lot": factories.LotFactory(),
        "blanket": factories.ItemFactory(code="BLANKET", base_unit="piece"),
    }
    values = {
        key: records.get(value, value) if isinstance(value, str) else value for key, value in values.items()
    }
    with breaks(name):
        MovementFactory(**values)
    assert not Balance.objects.exclude(quantity=0).exists()


def test_movement_is_between_two_places(warehouse):
    with breaks("movement_between_two_places"):
        MovementFactory(source=warehouse, destination=warehouse)


def test_key_books_once(warehouse):
    key = uuid.uuid4()
    MovementFactory(key=key)
    with breaks("movement_one_per_key"):
        MovementFactory(key=key)


def test_every_day_since_is_covered(warehouse, store, rice, today):
    """100 came ten days ago, 90 left three days ago: 20 five days ago was covered then, not later."""
    receive(warehouse, rice, 100, days_ago=10)
    MovementFactory(
        item=rice, source=warehouse, destination=store, quantity=90, occurred_on=today - timedelta(days=3)
    )
    receive(warehouse, rice, 50, days_ago=1)
    with breaks("movement_covered_every_day") as error:
        MovementFactory(
            item=rice, source=warehouse, destination=store, quantity=20, occurred_on=today - timedelta(days=5)
        )
    assert error.value.__cause__.diag.message_detail == str(today - timedelta(days=3))
    assert selectors.held(warehouse, rice) == 60


def mirror(movement, **changes):
    values = {
        "item": movement.item, "quantity": movement.quantity, "source": movement.destination,
        "destination": movement.source, "reverses": movement, "reason": Reason.CORRECTED,
    }  # fmt: skip
    return MovementFactory(**values | changes)


def test_reversal_mirrors_its_row(warehouse, rice):
    movement = receive(warehouse, rice, 10)
    for changes in ({"quantity": 5}, {"destination": PlaceFactory()}):
        with breaks("movement_reversal_mirrors"):
            mirror(movement, **changes)


def test_reversal_is_not_reversed(warehouse, rice):
    reversal = mirror(receive(warehouse, rice, 10))
    with breaks("movement_reversal_mirrors"):
        mirror(reversal)


def test_a_row_is_reversed_once(warehouse, rice):
    movement = receive(warehouse, rice, 10)
    receive(warehouse, rice, 10)
    mirror(movement)
    with breaks("reverses_id"):
        mirror(movement)


def test_what_the_ledger_leans_on_is_kept(warehouse, rice):
    lot = factories.LotFactory(item=rice)
    MovementFactory(item=rice, lot=lot, destination=warehouse)
    for record, field, value, name in (
        (rice, "base_unit", "g", "item_unit_is_kept"),
        (lot, "item", factories.ItemFactory(), "lot_item_is_kept"),
        (warehouse, "kind", PlaceKind.SUPPLIER, "place_kind_is_kept"),
    ):
        setattr(record, field, value)
        with breaks(name):
            record.save()


def test_what_is_not_in_the_ledger_yet_may_change(db):
    item = factories.ItemFactory(base_unit="kg")
    item.base_unit = "g"
    item.save()
    item.refresh_from_db()
    assert item.base_unit == "g"


def test_sinks_keep_no_balance(stocked, rice):
    MovementFactory(item=rice, source=stocked.store, destination=factories.sink(PlaceKind.CONSUMED))
    assert list(Balance.objects.values_list("place__code", "quantity")) == [("ST-WILLOW", Decimal(90))]


# --- the registers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("supply_item_code_key", lambda: [Item(code="TEA").save() for _ in "12"]),
        ("pack_holds_something", lambda: f.PackFactory(quantity=0)),
        ("pack_one_name_an_item", lambda: _twice(f.PackFactory, item=f.ItemFactory(), name="bag")),
        (
            "pack_one_japanese_name_an_item",
            lambda: _of_one_item(f.PackFactory, name_ja="袋"),
        ),
        ("lot_one_code_an_item", lambda: _twice(f.LotFactory, item=f.ItemFactory(), code="A")),
        ("place_one_of_each_sink", lambda: _twice(PlaceFactory, kind=PlaceKind.CONSUMED)),
        ("place_one_of_each_sink", lambda: _twice(PlaceFactory, kind=PlaceKind.LOST)),
        ("place_one_of_each_sink", lambda: _twice(PlaceFactory, kind=PlaceKind.COUNTED)),
        ("route_one_code_a_kind", lambda: _twice(f.RouteFactory, code="RN-01")),
        ("route_status_once", lambda: _twice(f.RouteStatusFactory, route=f.RouteFactory())),
        ("route_target_one_a_month", lambda: _twice(f.RouteTargetFactory, route=f.RouteFactory())),
        ("route_target_not_negative", lambda: f.RouteTargetFactory(kilograms_a_month=-1)),
        ("stock_count_one_per_key", lambda: _twice(f.StockCountFactory, key=uuid.uuid4())),
        ("stock_count_not_negative", lambda: f.StockCountFactory(counted=-1, expected=-1)),
        ("stock_count_difference_is_a_movement", lambda: f.StockCountFactory(counted=1)),
        (
            "stock_count_difference_is_a_movement",
            lambda: f.StockCountFactory(movement=f.MovementFactory()),
        ),
    ],
)  # fmt: skip
def test_register_rules(name, make):
    with breaks(name):
        make()


def _twice(factory, **values):
    factory(**values)
    factory(**values)


def _of_one_item(factory, **values):
    item = f.ItemFactory()
    for _time in range(2):
        factory(item=item, **values)


def test_target_starts_with_a_month(today):
    with breaks("route_target_from_a_first"):
        factories.RouteTargetFactory(from_month=today.replace(day=2))


def test_one_code_may_name_routes_of_two_kinds(db):
    factories.RouteFactory(kind="food", code="RN-04")
    factories.RouteFactory(kind="escape", code="RN-04")


def test_every_rule_has_its_test():
    """A new constraint without a test in this folder fails here."""
    from pathlib import Path

    from django.apps import apps

    written = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    names = [c.name for model in apps.get_app_config("supply").get_models() for c in model._meta.constraints]
    assert names
    assert [name for name in names if name not in written] == []


def test_a_line_of_stock_stands_once(warehouse, rice):
    """balance_one_each: only the trigger writes the table, so only it could break the rule."""
    receive(warehouse, rice, 10)
    receive(warehouse, rice, 5)
    assert list(Balance.objects.values_list("quantity", flat=True)) == [15]
