"""Test 8: whatever writes a row, the trail has an entry of it; nothing the app's role can say silences it."""

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from accounts.selectors import system_user
from core import grants, triggers
from core.identity import acting_as
from core.models import TrailEntry
from donations.models import Donor
from shelters.models import Shelter
from supply.models import Item, Movement
from tests import factories as f
from tests.conftest import TEST_DATABASE
from tests.database import migrate, owner_connection
from tests.house.source import APPS
from tests.proof.conftest import COUNTS
from tests.proof.ways import WAYS, written

TRACKED = [
    model for app in APPS for model in apps.get_app_config(app).get_models() if triggers.is_tracked(model)
]
FACTORIES = {
    thing._meta.model: thing
    for thing in vars(f).values()
    if isinstance(thing, type) and getattr(getattr(thing, "_meta", None), "model", None)
}


def entries(**wanted) -> int:
    return TrailEntry.objects.filter(**wanted).count()


@pytest.fixture(scope="module")
def counted(pytestconfig) -> Iterator[Counter]:
    counter: Counter = Counter()
    yield counter
    pytestconfig.stash.setdefault(COUNTS, []).append(
        f"test 08: {counter['tables']} tables x {1 + len(WAYS)} ways to write: {counter['written']} written, "
        f"each with its entry; {counter['refused']} refused by the database"
    )


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model._meta.label)
def test_every_way_to_write_a_row_of_ours_leaves_an_entry_or_is_refused(model, counted, db):
    made = FACTORIES[model]()
    label, key = model._meta.label_lower, str(made.pk)
    assert entries(record_type=label, record_id=key, operation="insert") == 1
    counted.update(tables=1, written=1)
    silent = []
    for way in WAYS:
        with transaction.atomic():
            before = entries(record_type=label, record_id=key, operation=way.operation)
            got_through = written(FACTORIES[model]._meta.model._base_manager.get(pk=made.pk), way)
            after = entries(record_type=label, record_id=key, operation=way.operation)
            transaction.set_rollback(True)
        if after - before != got_through:
            silent.append(f"{way.name}: {after - before} entries")
        counted.update(written=1) if got_through else counted.update(refused=1)
    assert silent == []


def test_most_tables_take_changes_and_logs_of_work_do_not(db):
    """What keeps the product above from being empty: it writes where the app writes."""
    takes = {model for model in (Item, Shelter, Donor) if written(FACTORIES[model](), WAYS[4])}
    assert takes == {Item, Shelter, Donor}
    assert not any(written(FACTORIES[Movement](), way) for way in WAYS)


# --- what the entries say ---------------------------------------------------------------------------------


def raw(statement: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def by_save(item):
    item.name = "Brown rice"
    item.save()


def by_update(item):
    Item.objects.filter(pk=item.pk).update(name="Brown rice")


def by_bulk_update(item):
    item.name = "Brown rice"
    Item.objects.bulk_update([item], ["name"])


def by_update_or_create(item):
    Item.objects.update_or_create(code=item.code, defaults={"name": "Brown rice"})


def by_raw_update(item):
    raw("UPDATE supply_item SET name = 'Brown rice' WHERE id = %s", item.pk)


def by_upsert(item):
    raw(
        "INSERT INTO supply_item (uuid, code, name, name_ja, kind, base_unit) "
        "SELECT gen_random_uuid(), code, name, name_ja, kind, base_unit FROM supply_item WHERE id = %s "
        "ON CONFLICT (code) DO UPDATE SET name = 'Brown rice'",
        item.pk,
    )


CHANGES = [by_save, by_update, by_bulk_update, by_update_or_create, by_raw_update, by_upsert]


@pytest.mark.parametrize("write", CHANGES, ids=lambda write: write.__name__)
def test_every_way_to_change_a_row_leaves_an_entry(write, rice):
    write(rice)
    entry = TrailEntry.objects.filter(record_uuid=rice.uuid, operation="update").get()
    assert entry.changes == {"name": ["Rice", "Brown rice"]}


def by_bulk_create():
    Item.objects.bulk_create(
        [Item(code=f"NEW{n}", name="New", kind="food", base_unit="kg") for n in range(3)]
    )


def by_raw_insert():
    raw(
        "INSERT INTO supply_item (uuid, code, name, name_ja, kind, base_unit) "
        "SELECT gen_random_uuid(), 'NEW' || n, 'New', '', 'food', 'kg' FROM generate_series(0, 2) AS n"
    )


def by_copy():
    lines = "".join(f"NEW{n}\tNew\t\tfood\tkg\t00000000-0000-0000-0000-00000000000{n}\n" for n in range(3))
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY supply_item (code, name, name_ja, kind, base_unit, uuid) FROM STDIN", io.StringIO(lines)
        )


NEW = [by_bulk_create, by_raw_insert, by_copy]


@pytest.mark.parametrize("write", NEW, ids=lambda write: write.__name__)
def test_every_way_to_add_rows_leaves_an_entry_each(write, db):
    write()
    labels = TrailEntry.objects.filter(record_type="supply.item", operation="insert")
    assert set(labels.values_list("record_label", flat=True)) == {"NEW0", "NEW1", "NEW2"}


@pytest.mark.django_db(transaction=True)
def test_a_deletion_leaves_an_entry_even_by_the_owner(rice):
    with closing(owner_connection(TEST_DATABASE)) as owner, owner.cursor() as cursor:
        cursor.execute("DELETE FROM supply_pack; DELETE FROM supply_item")
    entry = TrailEntry.objects.get(record_type="supply.item", operation="delete")
    assert (entry.record_label, entry.by_id, entry.role) == ("RICE", None, "lfnkr_owner")


def test_a_write_that_changes_nothing_is_no_news(rice):
    before = TrailEntry.objects.count()
    rice.save()
    assert TrailEntry.objects.count() == before


def test_entry_names_who_proved_to_be_there_whatever_the_app_says(hana, stocked):
    with acting_as(hana):
        Shelter.objects.update(blocked_places=2)
    entry = TrailEntry.objects.filter(record_type="shelters.shelter", operation="update").latest("id")
    assert (entry.by_id, entry.role, entry.record_label) == (hana.pk, "field_staff", "WILLOW")


def test_sealed_values_and_persons_data_never_enter_it(hana, willow, momo, kenji):
    willow.contact = "14 Plum Lane"
    willow.save()
    Donor.objects.create(code="D-9", name="Sato Mayumi")
    momo.likes = "red bags"
    momo.save()
    kept = " ".join(str(entry.changes) for entry in TrailEntry.objects.all())
    for word in ("Plum", "Sato", "red bags", hana.password):
        assert word not in kept
    change = TrailEntry.objects.filter(record_uuid=willow.uuid, operation="update").latest("id").changes
    assert change == {"contact": [None, "[withheld]"]}


# --- no switch -----------------------------------------------------------------------------------------

SILENCERS = [
    "SET pgtrigger.ignore = '{trail}'",
    "SET pgtrigger.ignore = '{supply_item:trail}'",
    "SELECT set_config('app.identity', '', true)",
    "SET search_path = pg_temp",
    "SET LOCAL jit = off",
]


@pytest.mark.parametrize("silencer", SILENCERS)
def test_nothing_the_apps_role_may_set_silences_it(silencer, rice):
    raw(silencer)
    raw("UPDATE public.supply_item SET name = 'Quiet' WHERE id = %s", rice.pk)
    raw("SET search_path = public")
    with acting_as(system_user()):
        assert entries(record_uuid=rice.uuid, operation="update") == 1


REFUSED = [
    "SET session_replication_role = replica",
    "ALTER TABLE supply_item DISABLE TRIGGER trail",
    "DROP TRIGGER trail ON supply_item",
    "CREATE OR REPLACE FUNCTION core_write_trail() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
    "ALTER FUNCTION core_write_trail() SECURITY INVOKER",
    "CREATE RULE quiet AS ON INSERT TO core_trailentry DO INSTEAD NOTHING",
]


@pytest.mark.parametrize("silencer", REFUSED)
def test_what_would_silence_it_is_refused(silencer, db):
    with pytest.raises(DatabaseError), transaction.atomic():
        raw(silencer)


@pytest.mark.django_db(transaction=True)
def test_migrating_again_puts_up_every_trigger_hardened(tally):
    assert grants.faults() == []
    with closing(owner_connection(TEST_DATABASE)) as owner, owner.cursor() as cursor:
        cursor.execute("DROP TRIGGER trail ON supply_item")
        cursor.execute("ALTER TABLE foster_child DISABLE TRIGGER trail")
        cursor.execute("DROP TRIGGER append_only ON supply_movement")
    missing = {"supply.Item: no trail", "foster.Child: no trail", "supply.Movement: no append_only"}
    assert set(grants.faults()) == missing  # control: the check notices
    migrate(TEST_DATABASE)
    assert grants.faults() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosecdef FROM pg_proc WHERE proname = 'core_write_trail'")
        assert cursor.fetchall() == [(True,)]
    tally(f"test 08: {len(SILENCERS)} settings without effect, {len(REFUSED)} statements refused")


@pytest.mark.django_db(transaction=True)
def test_without_its_trigger_a_table_would_leave_nothing(rice):
    """Control: what the entries above come from."""
    with closing(owner_connection(TEST_DATABASE)) as owner, owner.cursor() as cursor:
        cursor.execute("ALTER TABLE supply_item DISABLE TRIGGER trail")
        by_raw_update(rice)
        cursor.execute("ALTER TABLE supply_item ENABLE TRIGGER trail")
    assert entries(record_uuid=rice.uuid, operation="update") == 0
