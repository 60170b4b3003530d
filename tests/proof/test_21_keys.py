"""Test 21: keys rotated while the site runs, and a person forgotten."""

import threading
import time
import uuid
from collections.abc import Iterable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts import services
from accounts.enums import Outcome
from accounts.models import User
from core import rotation
from core.keyring import KeyRing, KeysLocked, ring
from core.models import DataKey, Record, TrailEntry
from core.sealed import CannotOpen, open_value, wrapped
from shelters.models import Shelter
from tests import factories as f
from tests.openings import agree
from tests.proof import scale


@pytest.fixture
def key_file(settings, tmp_path) -> Path:
    """A key file of this test's own."""
    path = tmp_path / "sealing.key"
    path.write_text(Path(settings.SEALING_KEY_FILE).read_text())
    path.chmod(0o600)
    settings.SEALING_KEY_FILE = str(path)
    return path


def forget(somebody: Record, by: User, second: User) -> None:
    """Asked for by one administrator, agreed to by another, carried out by the first."""

    def ask() -> services.Answer:
        return services.forget(by=by, subject=somebody, reason="asked us to", now=timezone.now())

    agree(second, ask().request)
    assert ask().outcome == Outcome.FORGOTTEN


@pytest.fixture
def bo(db) -> User:
    """A second administrator."""
    return f.UserFactory(name="Bo", role="administrator")


def many_keys(number: int) -> None:
    keys = ring()
    for start in range(0, number, 5_000):
        names = [uuid.uuid4() for _ in range(min(5_000, number - start))]
        DataKey.objects.bulk_create(
            DataKey(
                subject=name, owner=name, kind="shelters.resident", wrapped_by=keys.current,
                wrapped=wrapped(AESGCM.generate_key(256), name, keys),
            )
            for name in names
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_keys_are_rotated_while_others_go_on_reading(key_file, willow, tally):
    number = scale.of(100_000, 2_000)
    willow.address = "14 Plum Lane"
    willow.save()
    many_keys(number)
    before = ring().current
    failed: list[str] = []
    opened = 0
    over = threading.Event()

    def read() -> None:
        nonlocal opened
        while not over.is_set():
            try:
                assert open_value(Shelter.objects.get(pk=willow.pk), "address") == b"14 Plum Lane"
                opened += 1
            except Exception as error:
                failed.append(repr(error))
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    started = time.monotonic()
    call_command("rotate_keys", new_key=True, drop_old=True, verbosity=0)
    seconds = time.monotonic() - started
    over.set()
    reader.join()
    assert failed == []
    assert opened > 0
    assert ring().current != before
    assert set(DataKey.objects.values_list("wrapped_by", flat=True)) == {ring().current}
    assert list(ring().keys) == [ring().current]
    tally(f"test 21: {number} data keys rotated in {seconds:.1f} s, {opened} openings meanwhile, 0 failed")


def test_the_former_key_opens_nothing_after_it(key_file, willow, db):
    willow.address = "14 Plum Lane"
    willow.save()
    former = key_file.read_text()
    call_command("rotate_keys", new_key=True, drop_old=True, verbosity=0)
    assert open_value(Shelter.objects.get(pk=willow.pk), "address") == b"14 Plum Lane"
    key_file.write_text(former)
    with pytest.raises(KeysLocked):
        open_value(Shelter.objects.get(pk=willow.pk), "address")


def test_a_rotation_broken_off_is_taken_up_again(key_file, willow, maple, monkeypatch, db):
    for shelter in (willow, maple):
        shelter.address = shelter.code
        shelter.save()
    monkeypatch.setattr(rotation, "BATCH", 1)
    rotation.add_key(key_file)
    keys = ring()
    [first] = next(rotation._batches(keys))
    rotation._rewrap_batch([first], keys)
    # Both keys are in the file: what was re-wrapped and what was not opens alike.
    for shelter in Shelter.objects.all():
        assert open_value(shelter, "address") == shelter.code.encode()
    call_command("rotate_keys", verbosity=0)
    assert not DataKey.objects.exclude(wrapped_by=keys.current).exists()


def test_somebody_forgotten_during_a_rotation_stays_forgotten(key_file, aya, bo):
    resident = f.ResidentFactory(real_name="Secret Name")
    rotation.add_key(key_file)
    keys = ring()
    batch = next(rotation._batches(keys))
    forget(resident, aya, bo)
    rotation._rewrap_batch(batch, keys)
    assert not DataKey.objects.filter(owner=resident.uuid).exists()


def test_rotation_touches_no_row_but_the_keys(key_file, willow, db):
    willow.address = "14 Plum Lane"
    willow.save()
    before = TrailEntry.objects.filter(record_type="shelters.shelter").count()
    kept = bytes(Shelter.objects.get().address._ciphertext)
    call_command("rotate_keys", new_key=True, verbosity=0)
    assert bytes(Shelter.objects.get().address._ciphertext) == kept
    assert TrailEntry.objects.filter(record_type="shelters.shelter").count() == before


# --- forgetting --------------------------------------------------------------------------------------------


def openable(people: Iterable[Record]) -> int:
    found = 0
    for somebody in people:
        try:
            open_value(type(somebody).objects.get(pk=somebody.pk), "real_name")
            found += 1
        except CannotOpen:
            continue
    return found


def test_forgotten_people_are_unreadable_and_everybody_else_is_not(aya, bo, tally):
    number = scale.of(200, 20)
    makers = (f.ResidentFactory, f.ChildFactory)
    people = [maker(real_name=f"Secret {n}") for maker in makers for n in range(number)]
    forgotten, kept = people[::2], people[1::2]
    backup = list(DataKey.objects.filter(owner__in=[one.uuid for one in forgotten]))
    assert openable(people) == len(people)  # control: before, all open
    for somebody in forgotten:
        forget(somebody, aya, bo)
    assert openable(forgotten) == 0
    assert openable(kept) == len(kept)
    DataKey.objects.bulk_create(backup)  # control: a backup that holds the keys brings them back
    assert openable(forgotten) == len(forgotten)
    tally(
        f"test 21: {len(forgotten)} residents and children forgotten by two administrators, "
        f"0 of their names open, {len(kept)} others do"
    )


def test_history_of_a_forgotten_person_is_readable_without_them(aya, bo):
    resident = f.ResidentFactory(code="R-9", real_name="Secret Name", needs="insulin")
    resident.needs = "insulin, soft food"
    resident.save()
    forget(resident, aya, bo)
    told = TrailEntry.objects.filter(record_uuid=resident.uuid)
    of_the_person = told.filter(record_type="shelters.resident").order_by("id")
    assert [entry.operation for entry in of_the_person] == ["insert", "update"]
    assert "insulin" not in " ".join(str(entry.changes) for entry in told)
    assert "Secret" not in " ".join(str(entry.changes) for entry in told)


def test_key_ring_of_two_lines_names_the_last_as_current():
    made = KeyRing({"a" * 16: b"1" * 32, "b" * 16: b"2" * 32})
    assert made.current == "b" * 16
