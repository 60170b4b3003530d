"""Test 5: the database alone. Every filter of the app removed, each role sees its rows and no other's."""

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from accounts.enums import RoleName
from core.identity import SETTING, Scope, act_as, acting_as, sealed, seeing
from core.models import DataKey, TrailEntry
from core.sealed import CannotOpen, open_value
from foster.models import Child
from lfnkr.walls.table import GUARDS
from shelters.models import Shelter
from tests import factories
from tests.access import PLAYERS as ROLE_PLAYERS
from tests.middleware import nobody
from tests.proof.expected_rows import DIFFERS, EXPECTED
from tests.proof.matrix import COLUMNS, KINDS, rows_read
from tests.proof.world import PLAYERS, two_halves

CELLS = [
    (model, who, said)
    for model, line in EXPECTED.items()
    for who, said in zip(COLUMNS, line.split(), strict=True)
]


@pytest.fixture
def world(request):
    made = two_halves(request.getfixturevalue)
    for who in PLAYERS:
        request.getfixturevalue(who)
    return made


def seen(model: str) -> set[int]:
    """Every key of the table that the database shows, asked without any filter of ours."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT id FROM "{apps.get_model(model)._meta.db_table}"')
        return {row[0] for row in cursor.fetchall()}


def wanted(world: dict, model: str, said: str) -> set[int]:
    own, foreign = world[model]["own"], world[model]["foreign"]
    rows = {
        "–": [],
        "own": own,
        "told": own[:1],
        "paying": [*own, *foreign[:1]],
        "all": [*own, *foreign],
    }[said]
    return {row.pk for row in rows}


def test_each_role_sees_its_rows_and_no_others(world, request, tally):
    wrong = []
    for model, who, said in CELLS:
        with acting_as(request.getfixturevalue(ROLE_PLAYERS[who]) if who in ROLE_PLAYERS else None):
            found = seen(model) & wanted(world, model, "all")
        if found != wanted(world, model, said):
            wrong.append(f"{who} at {model}: {len(found)} rows instead of {said}")
    assert wrong == []
    tally(f"test 05: {len(CELLS)} cells of {len(EXPECTED)} tables x {len(COLUMNS)}, {len(wrong)} wrong")


def differing(cells: list[tuple[str, str, str]]) -> set[tuple[str, str]]:
    """Where the table above says something else than the matrix."""
    return {(model, who) for model, who, said in cells if said != rows_read(GUARDS[model].kind, who)}


def test_the_table_follows_from_the_matrix_but_for_what_is_said(tally):
    said = {(model, who) for model, reasons in DIFFERS.items() for who in reasons}
    assert differing(CELLS) == said
    # What is wider than the matrix stands in the guard of the table, role by role.
    wider = {(model, who) for model, who, rows in CELLS if (model, who) in said and rows != "–"}
    for model, who in wider:
        guard = GUARDS[model]
        assert who in guard.also or who in guard.own or "SELECT" in guard.writes, (model, who)
    tally(f"test 05: {len(CELLS) - len(said)} cells follow from the matrix, {len(said)} from a reason given")


@pytest.mark.parametrize(("model", "who"), [("shelters.Stay", "field_staff"), ("donations.Donor", "sponsor")])
def test_a_matrix_that_was_changed_alone_is_noticed(model, who, monkeypatch):
    """Control."""
    before = differing(CELLS)
    monkeypatch.setitem(KINDS[GUARDS[model].kind], who, "R")
    assert (model, who) in differing(CELLS) - before


def test_every_guarded_table_is_in_the_table_above_and_shows_nothing_to_nobody(world):
    schedule = {model for model in GUARDS if model.startswith("django_celery_beat.")}
    below = {"core.DataKey", "core.TrailEntry"} | schedule
    read_before_log_in = {
        "accounts.LockDown", "shelters.ShelterLockDown",  # tests/proof/test_13_lock_down.py
        "supply.LedgerCheck",  # tests/supply/test_checking.py
    }  # fmt: skip
    assert set(GUARDS) - set(EXPECTED) == below | read_before_log_in
    with acting_as(None):
        assert [model for model in EXPECTED if seen(model)] == []


def test_the_table_would_notice_a_wall_that_is_down(world, hana):
    """Control: as the owner of the tables, whom no policy binds, everybody's rows are there."""
    assert seen("shelters.Shelter") >= wanted(world, "shelters.Shelter", "all")
    with acting_as(hana):
        assert not seen("shelters.Shelter") >= wanted(world, "shelters.Shelter", "all")


# --- the keys of sealed values -----------------------------------------------------------------------------

# Whose data keys of the two halves: the shelter's, the resident's, the child's, the child's photos.
KEYS = {
    "yuki": {"foster.child photos"},
    "hana": {
        "shelters.shelter",
        "shelters.resident",
        "shelters.incident",
        "foster.child",
        "foster.child photos",
    },
    "sora": set(),
    "miki": {"foster.child", "foster.child photos"},
    "kenji": set(),
    "aya": set(),
    "otto": set(),
}


@pytest.mark.parametrize("who", PLAYERS)
def test_keys_are_shown_to_who_may_open(world, who, request):
    own = {row.uuid for rows in world.values() for row in rows["own"] if hasattr(row, "uuid")}
    with acting_as(request.getfixturevalue(who)):
        found = list(DataKey.objects.values_list("owner", "kind"))
    assert {kind for owner, kind in found if owner in own} == KEYS[who]
    foreign = {kind for owner, kind in found if owner not in own}
    assert foreign == (KEYS["miki"] if who == "miki" else set())  # a foster officer has no "own"


def test_sponsor_reads_the_photo_of_their_child_but_no_name(world, yuki):
    with acting_as(yuki):
        child = Child.objects.get()
        photo = world["foster.UpdatePhoto"]["own"][0]
        assert open_value(photo, "image")
        with pytest.raises(CannotOpen):
            open_value(child, "real_name")


# --- writing -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "statement"),
    [
        ("yuki", "UPDATE foster_child SET called = 'x'"),
        ("yuki", "UPDATE foster_childupdate SET state = 'published'"),
        ("hana", "UPDATE foster_sponsor SET name = 'x'"),
        ("sora", "UPDATE shelters_shelter SET capacity = 0"),
        ("kenji", "UPDATE foster_child SET called = 'x'"),
        ("otto", "UPDATE donations_donation SET note = 'x'"),
        ("otto", "UPDATE shelters_shelter SET capacity = 0"),
        ("miki", "UPDATE donations_donor SET name = 'x'"),
        ("aya", "UPDATE foster_child SET called = 'x'"),
        ("aya", "UPDATE core_datakey SET wrapped = ''"),
        ("hana", "DELETE FROM core_datakey"),
        ("hana", "UPDATE supply_item SET name = 'x'"),
        ("yuki", "UPDATE supply_place SET code = 'x'"),
        ("kenji", "UPDATE reports_section SET text = 'x'"),
        ("aya", "UPDATE django_celery_beat_periodictask SET enabled = false"),
    ],
)
def test_who_may_not_write_changes_nothing(world, who, statement, request):
    with acting_as(request.getfixturevalue(who)), connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount == 0


def test_field_staff_change_their_own_shelter_alone(world, hana):
    with acting_as(hana):
        assert Shelter.objects.update(contact=None) == 1


def test_auditor_adds_nothing(world, otto):
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(otto):
        factories.DonorFactory()


def test_stock_is_moved_by_field_staff_at_their_own_shelter_alone(world, hana, willow, maple):
    item = world["supply.Item"]["own"][0]
    with acting_as(hana):
        factories.MovementFactory(item=item, destination=willow.store, by=hana)
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(hana):
        factories.MovementFactory(item=item, destination=maple.store, by=hana)


def test_the_nightly_work_is_nobodys_but_the_systems(otto):
    every = IntervalSchedule.objects.create(every=1, period="days")
    PeriodicTask.objects.create(name="nightly", task="core.send_outbox", interval=every)
    assert PeriodicTask.objects.exists()  # control: the tests act as the system
    with acting_as(otto):
        assert not PeriodicTask.objects.exists()
        assert not IntervalSchedule.objects.exists()


def test_nobody_signs_an_entry_of_a_log_with_anothers_name(hana, jin, willow):
    for author, name in ((jin, jin.name), (hana, jin.name)):
        with pytest.raises(DatabaseError, match="row-level security"), acting_as(hana):
            factories.AuditEntryFactory(by_id=author.pk, by_name=name)
    with pytest.raises(DatabaseError, match="row-level security"), acting_as(hana):
        factories.RevealEntryFactory(by=jin)


# --- who says who it is ------------------------------------------------------------------------------------


def test_identity_slipped_in_by_sql_shows_nothing(world, hana, aya):
    """An attacker who can run SQL may set the setting; without the seal it is worth nothing."""
    genuine = sealed(str(hana.pk), Scope.OWN)
    for forged in (
        str(aya.pk), f"{aya.pk}::", f"{aya.pk}::{genuine.split(':')[2]}", "system", "system::",
        f"system::{'0' * 64}", f"{hana.pk}:guard:{genuine.split(':')[2]}",
    ):  # fmt: skip
        with acting_as(hana), connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, forged])
            cursor.execute("SELECT count(*) FROM shelters_shelter")
            assert cursor.fetchone() == (0,)
    with acting_as(hana), connection.cursor() as cursor:  # control: the genuine one shows Hana's
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, genuine])
        cursor.execute("SELECT count(*) FROM shelters_shelter")
        assert cursor.fetchone() == (1,)


def test_a_wider_sight_is_not_lent_to_a_forged_identity(world, hana, aya):
    """Whoever slipped in another's number gets it neither sealed nor widened."""
    with acting_as(hana), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, f"{aya.pk}::{'0' * 64}"])
        with seeing(Scope.GUARD):
            cursor.execute("SELECT core_who(), core_role()")
            assert cursor.fetchone() == (None, None)


def test_the_secret_of_the_seals_is_nobodys_to_read(db):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT secret FROM core_identitysecret")


def test_a_secret_key_the_database_does_not_know_is_told_at_once(hana, settings):
    settings.SECRET_KEY = settings.SECRET_KEY[::-1]  # put in force without migrate
    with pytest.raises(ImproperlyConfigured, match="run `manage.py migrate`"), transaction.atomic():
        act_as(hana)


def test_closed_log_in_sees_nothing_even_in_a_running_request(world, hana):
    with acting_as(hana):
        assert seen("shelters.Shelter")
        hana.is_active = False
        hana.save()
        assert not seen("shelters.Shelter")


def test_identity_ends_with_its_block_and_its_transaction(world, hana, jin):
    with nobody():
        with acting_as(hana):
            with acting_as(jin):
                inner = seen("shelters.Shelter")
            outer = seen("shelters.Shelter")
        assert seen("shelters.Shelter") == set()
    assert inner == {row.pk for row in world["shelters.Shelter"]["foreign"]}
    assert outer == {row.pk for row in world["shelters.Shelter"]["own"]}


def test_figures_are_read_by_who_reads_reports_alone(world, request):
    for who, sees in {
        "aya": True,
        "kenji": True,
        "otto": True,
        "sora": False,
        "hana": False,
        "yuki": False,
    }.items():
        with acting_as(request.getfixturevalue(who), scope=Scope.FIGURES):
            foreign = {row.pk for row in world["foster.Child"]["foreign"]}
            assert bool(foreign & seen("foster.Child")) is sees


def test_identity_of_a_session_would_leak_to_the_next_request(world, hana):
    """Control: what would happen if the setting outlived its transaction."""
    with nobody():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, sealed(str(hana.pk), Scope.OWN)])
        assert seen("shelters.Shelter")  # nobody logged in, and yet Hana's shelter


def test_trail_is_the_auditors_and_of_accounts_the_administrators(world, request):
    for who in PLAYERS:
        person = request.getfixturevalue(who)
        with acting_as(person):
            kinds = set(TrailEntry.objects.values_list("record_type", flat=True))
        if person.role == RoleName.AUDITOR:
            assert {"shelters.shelter", "foster.child", "accounts.user"} <= kinds
        elif person.role == RoleName.ADMINISTRATOR:
            assert kinds == {"accounts.user", "shelters.posting"}
        else:
            assert kinds == set()
