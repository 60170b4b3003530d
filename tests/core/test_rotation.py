"""Two who rotate the keys at once, each with a connection of its own: one waits, and no key is lost."""

import base64
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.selectors import system_user
from core import rotation
from core.keyring import KeyRing, parsed, ring
from core.models import DataKey
from core.sealed import open_value
from shelters.models import Shelter
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def key_file(settings, tmp_path) -> Path:
    path = tmp_path / "sealing.key"
    path.write_text(Path(settings.SEALING_KEY_FILE).read_text())
    settings.SEALING_KEY_FILE = str(path)
    return path


@pytest.fixture
def hideout(key_file, willow):
    willow.address = "14 Plum Lane"
    willow.save()
    return willow


def opens(shelter) -> bool:
    return open_value(Shelter.objects.get(pk=shelter.pk), "address") == b"14 Plum Lane"


@contextmanager
def elsewhere(work: Callable[[threading.Event, threading.Event], None]) -> Iterator[None]:
    """Inside, another connection is in the midst of its work; it ends with the block."""
    begun, end = threading.Event(), threading.Event()

    def run() -> None:
        try:
            work(begun, end)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    assert begun.wait(30)
    try:
        yield
    finally:
        end.set()
        thread.join(30)


def rotate_slowly(begun: threading.Event, end: threading.Event) -> None:
    with rotation.alone():
        begun.set()
        end.wait(30)


def test_a_second_rotation_is_refused_before_it_touches_the_key_file(hideout, key_file):
    before = key_file.read_text()
    with (
        elsewhere(rotate_slowly),
        pytest.raises(CommandError, match="Another rotation of the keys"),
    ):
        call_command("rotate_keys", new_key=True, drop_old=True, verbosity=0)
    assert key_file.read_text() == before
    call_command("rotate_keys", new_key=True, drop_old=True, verbosity=0)
    assert opens(hideout)


def test_a_rotation_that_failed_holds_nobody_up(hideout, key_file):
    text = key_file.read_text()
    key_file.unlink()
    with pytest.raises(CommandError, match="Nothing was lost"):
        call_command("rotate_keys", verbosity=0)
    key_file.write_text(text)
    with elsewhere(rotate_slowly):
        pass


def test_two_at_once_leave_every_value_open(hideout, key_file):
    def rotate() -> None:
        call_command("rotate_keys", new_key=True, drop_old=True, verbosity=0)

    outcomes = at_once(rotate, rotate)
    assert outcomes.count(None) >= 1
    assert all(outcome is None or "Another rotation" in str(outcome) for outcome in outcomes)
    assert opens(hideout)
    assert set(DataKey.objects.values_list("wrapped_by", flat=True)) == set(ring().keys)


def test_what_another_has_wrapped_meanwhile_stays_as_it_is(hideout, key_file):
    """As if the lock were not there: this one read the key before the other wrapped it."""
    rotation.add_key(key_file)
    ours = ring()
    batch = next(rotation._batches(ours))
    rotation.add_key(key_file)
    theirs = ring()
    [count] = at_once(lambda: rotation._rewrap_batch(list(DataKey.objects.all()), theirs))
    assert count == len(batch) > 0
    assert rotation._rewrap_batch(batch, ours) == 0
    assert set(DataKey.objects.values_list("wrapped_by", flat=True)) == {theirs.current}
    assert opens(hideout)


def test_a_key_that_a_value_still_needs_is_not_taken_out(hideout, key_file):
    rotation.add_key(key_file)
    before = key_file.read_text()
    needed = DataKey.objects.count()
    with pytest.raises(rotation.StillNeeded, match=f"{needed} data key"):
        rotation.drop_former_keys(key_file)
    assert key_file.read_text() == before
    rotation.rewrap(by=system_user(), keys=ring())
    assert rotation.drop_former_keys(key_file) == 1
    assert opens(hideout)


def test_a_value_that_is_being_sealed_under_the_former_key_is_waited_for(hideout, key_file):
    """Its row is not to be seen yet: taking the key out now would lose it."""
    former: KeyRing = parsed(key_file.read_text())
    rotation.add_key(key_file)
    rotation.rewrap(by=system_user(), keys=ring())

    def seal_slowly(begun: threading.Event, end: threading.Event) -> None:
        with transaction.atomic():
            DataKey.objects.create(
                subject=uuid.uuid4(), wrapped_by=former.current, wrapped=b"sealed just now"
            )
            begun.set()
            end.wait(2)  # time enough for whoever does not wait

    with elsewhere(seal_slowly), pytest.raises(rotation.StillNeeded, match="1 data key is still"):
        rotation.drop_former_keys(key_file)
    assert former.current in ring().keys


def test_a_key_put_in_force_meanwhile_is_not_taken_for_the_one_that_was_wrapped_with(hideout, key_file):
    """A line written by hand between re-wrapping and taking out."""
    rotation.rewrap(by=system_user(), keys=ring())
    key_file.write_text(f"{key_file.read_text()}{base64.b64encode(secrets.token_bytes(32)).decode()}\n")
    with pytest.raises(rotation.StillNeeded):
        rotation.drop_former_keys(key_file)
    assert opens(hideout)
