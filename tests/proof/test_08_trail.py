"""Test 8: whatever writes a row, the trail has an entry of it; nothing the app's role can say silences it."""

from collections import Counter

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.selectors import system_user
from core import grants, triggers
from core.identity import acting_as
from core.models import TrailEntry
from donations.models import Donor
from supply.models import Item
from tests.conftest import TEST_DATABASE
from tests.database import migrate
from tests.factories import FundFactory
from tests.proof.writing import (
    CHANGING,
    TRACKED,
    WAYS,
    Written,
    a_row_of,
    by_owner,
    every_change,
    every_way,
    is_refused,
    run,
)

# Whatever may be said in SQL, in the words of the app's role.
SILENCERS = [
    "SET pgtrigger.ignore = '{trail}'",
    "SET pgtrigger.ignore = '{donations_fund:trail}'",
    "SELECT set_config('app.identity', '', true)",
    "SET search_path = pg_temp",
    "SET LOCAL jit = off",
]
REFUSED = [
    "SET session_replication_role = replica",
    "ALTER TABLE supply_item DISABLE TRIGGER trail",
    "DROP TRIGGER trail ON supply_item",
    "CREATE OR REPLACE FUNCTION core_write_trail() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
    "ALTER FUNCTION core_write_trail() SECURITY INVOKER",
    "CREATE RULE quiet AS ON INSERT TO core_trailentry DO INSTEAD NOTHING",
]


def entries(**wanted) -> int:
    return TrailEntry.objects.filter(**wanted).count()


# --- every table, in every way to write ----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_every_way_to_write_a_row_of_any_table_leaves_an_entry(tally):
    told, unforeseen = Counter(), []
    for model in TRACKED:
        written = a_row_of(model)
        cells = {}
        for operation, way, came in every_way(written):
            cells[operation, way] = came
            if came.is_written == is_refused(model, operation, way):
                unforeseen.append(
                    (model._meta.label, operation, way, "written" if came.is_written else "refused")
                )
            if came.is_written and (came.entries, came.operation) != (1, operation):
                unforeseen.append((model._meta.label, operation, way, f"{came.entries} entries"))
        assert set(cells) == set(WAYS)
        told.update("written" if came.is_written else "refused" for came in cells.values())
    assert unforeseen == []
    assert told.total() == len(TRACKED) * len(WAYS)
    tally(
        f"test 08: {len(TRACKED)} tables x {len(WAYS)} ways to write: {told['written']} left their entry, "
        f"{told['refused']} are refused by the app's rights, 0 went by unseen"
    )


@pytest.mark.django_db(transaction=True)
def test_without_its_trigger_no_change_leaves_anything(rice):
    """Control: what the entries above come from."""
    by_owner("ALTER TABLE supply_item DISABLE TRIGGER trail")
    try:
        came = [told for _way, told in every_change(Written(rice))]
    finally:
        by_owner("ALTER TABLE supply_item ENABLE TRIGGER trail")
    assert [(one.is_written, one.entries) for one in came] == [(True, 0)] * len(CHANGING)


def test_an_entry_says_what_changed_from_what_to_what(rice):
    Item.objects.filter(pk=rice.pk).update(name="Brown rice")
    entry = TrailEntry.objects.get(record_uuid=rice.uuid, operation="update")
    assert entry.changes == {"name": ["Rice", "Brown rice"]}


@pytest.mark.django_db(transaction=True)
def test_a_deletion_leaves_an_entry_even_by_the_owner(rice):
    by_owner("DELETE FROM supply_pack", "DELETE FROM supply_item")
    entry = TrailEntry.objects.get(record_type="supply.item", operation="delete")
    assert (entry.record_label, entry.by_id, entry.role) == ("RICE", None, "lfnkr_owner")


def test_a_write_that_changes_nothing_is_no_news(rice):
    before = TrailEntry.objects.count()
    rice.save()
    assert TrailEntry.objects.count() == before


def test_entry_names_who_proved_to_be_there_whatever_the_app_says(hana, stocked):
    stocked.contact = "14 Plum Lane"
    with acting_as(hana):
        stocked.save()
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


@pytest.mark.parametrize("silencer", SILENCERS)
def test_nothing_the_apps_role_may_set_silences_it(silencer, db):
    """In a table without row policies: in others nobody would change nothing."""
    fund = FundFactory()
    run(silencer)
    run("UPDATE public.donations_fund SET name = 'Quiet' WHERE id = %s", fund.pk)
    run("SET search_path = public")
    with acting_as(system_user()):
        assert entries(record_uuid=fund.uuid, operation="update") == 1


@pytest.mark.parametrize("silencer", REFUSED)
def test_what_would_silence_it_is_refused(silencer, db):
    with pytest.raises(DatabaseError), transaction.atomic():
        run(silencer)


def runs_as_owner() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosecdef FROM pg_proc WHERE proname = 'core_write_trail'")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_migrating_again_puts_every_trigger_back(tally):
    assert grants.faults() == []
    wanted = [(model, name) for model in TRACKED for name in sorted(triggers.missing(model, {"append_only"}))]
    by_owner(*(f'DROP TRIGGER {name} ON "{model._meta.db_table}"' for model, name in wanted))
    assert grants.faults() == [f"{model._meta.label}: no {name}" for model, name in wanted]  # control
    migrate(TEST_DATABASE)
    assert grants.faults() == []
    assert runs_as_owner()
    tally(f"test 08: {len(wanted)} triggers dropped, all back after `migrate`")
    tally(f"test 08: {len(SILENCERS)} settings without effect, {len(REFUSED)} statements refused")
