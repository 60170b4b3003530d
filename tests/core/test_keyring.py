"""The key file: there, away, another one, broken, typed at start."""

import base64
import gc
import secrets
import weakref
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from core import addresses, keyring
from core.keyring import KeysLocked, parsed, ring
from core.management.commands import unlock_keys
from core.sealed import CannotOpen, open_value
from shelters.models import Shelter

ADDRESS = "14 Plum Lane"


def a_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


@pytest.fixture
def key_file(settings, tmp_path) -> Path:
    path = tmp_path / "sealing.key"
    path.write_text(Path(settings.SEALING_KEY_FILE).read_text())
    settings.SEALING_KEY_FILE = str(path)
    return path


@pytest.fixture
def hideout(key_file, willow):
    willow.address = ADDRESS
    willow.save()
    return Shelter.objects.get(pk=willow.pk)


def test_key_taken_away_locks_and_put_back_opens_without_a_restart(hideout, key_file):
    text = key_file.read_text()
    key_file.unlink()
    with pytest.raises(KeysLocked, match="is not on this server"):
        open_value(hideout, "address")
    key_file.write_text(text)
    assert open_value(hideout, "address") == ADDRESS.encode()


@pytest.mark.parametrize("lock", [Path.unlink, lambda file: file.write_text("")])
def test_once_found_locked_the_process_holds_no_key_any_more(lock, key_file):
    held = weakref.ref(ring())
    assert held() is not None
    lock(key_file)
    with pytest.raises(KeysLocked):
        ring()
    gc.collect()
    assert held() is None


@pytest.mark.parametrize("text", ["", "short", "!" * 44, base64.b64encode(b"x" * 31).decode()])
def test_a_file_without_a_key_is_locked(hideout, key_file, text):
    key_file.write_text(text)
    with pytest.raises(KeysLocked):
        open_value(hideout, "address")


def test_another_installations_key_opens_nothing(hideout, key_file):
    """A dump opened beside another key: each value says that its key is not here."""
    key_file.write_text(a_key())
    with pytest.raises(KeysLocked):
        open_value(hideout, "address")


def test_key_of_before_the_ring_opens_with_any_key_of_the_file(hideout, key_file):
    from core.models import DataKey

    DataKey.objects.update(wrapped_by="")
    key_file.write_text(f"{a_key()}\n{key_file.read_text()}")
    assert open_value(hideout, "address") == ADDRESS.encode()
    key_file.write_text(a_key())
    with pytest.raises(CannotOpen):
        open_value(hideout, "address")


def test_while_locked_sealed_pages_say_so_and_all_others_work(hideout, key_file, as_user, hana, momo, miki):
    from tests.factories import ChildUpdateFactory, UpdatePhotoFactory

    photo = UpdatePhotoFactory(update=ChildUpdateFactory(child=momo))
    key_file.unlink()
    client = as_user(miki)
    key = addresses.key_for(reader=miki, thing=photo.uuid)
    locked = client.get(reverse("foster:draft_photo", args=[photo.uuid, key]))
    assert locked.status_code == 503
    assert "Sealed values are locked" in locked.content.decode()
    for name in ("foster:start", "foster:children", "foster:updates", "foster:sponsors"):
        assert client.get(reverse(name)).status_code == 200
    assert as_user(hana).get(reverse("shelters:stock", args=[hideout.uuid])).status_code == 200


def test_nothing_is_sealed_while_locked(key_file, maple):
    key_file.unlink()
    maple.contact = "somebody"
    with pytest.raises(KeysLocked):
        maple.save()


def test_fingerprint_tells_keys_apart_and_nothing_of_them():
    one, other = (base64.b64decode(a_key()) for _ in range(2))
    assert keyring.fingerprint(one) != keyring.fingerprint(other)
    assert one.hex()[:8] not in keyring.fingerprint(one)


# --- typed at start --------------------------------------------------------------------------------------


def test_typed_key_opens_and_lock_closes(hideout, key_file, monkeypatch):
    text = key_file.read_text()
    key_file.unlink()
    monkeypatch.setattr(keyring, "IN_MEMORY", (disk_of(key_file),))
    monkeypatch.setattr(unlock_keys, "getpass", lambda prompt: text)
    call_command("unlock_keys", verbosity=0)
    assert open_value(hideout, "address") == ADDRESS.encode()
    assert key_file.stat().st_mode & 0o077 == 0
    call_command("unlock_keys", lock=True)
    assert not key_file.exists()
    with pytest.raises(KeysLocked):
        ring()


def disk_of(path: Path) -> str:
    return keyring.kind_of_disk(path.resolve(), Path("/proc/mounts").read_text())


def test_a_key_is_not_typed_onto_a_disk(key_file, monkeypatch):
    monkeypatch.setattr(keyring, "IN_MEMORY", ("a file system that is not here",))
    before = key_file.read_text()
    with pytest.raises(CommandError, match="lies on a disk"):
        call_command("unlock_keys")
    assert key_file.read_text() == before


def test_what_is_no_key_is_refused_and_changes_nothing(key_file, monkeypatch):
    monkeypatch.setattr(keyring, "IN_MEMORY", (disk_of(key_file),))
    monkeypatch.setattr(unlock_keys, "getpass", lambda prompt: "my birthday")
    before = key_file.read_text()
    with pytest.raises(CommandError, match="That is no key"):
        call_command("unlock_keys")
    assert key_file.read_text() == before


def test_the_mount_point_that_lies_closest_names_the_disk():
    mounts = "a / ext4 rw\nb /run tmpfs rw\nc /run/my\\040keys ramfs rw\n"
    assert keyring.kind_of_disk(Path("/run/lfnkr/key"), mounts) == "tmpfs"
    assert keyring.kind_of_disk(Path("/run/my keys/key"), mounts) == "ramfs"
    assert keyring.kind_of_disk(Path("/etc/key"), mounts) == "ext4"


def test_rotation_without_a_key_says_that_nothing_was_lost(hideout, key_file):
    key_file.unlink()
    with pytest.raises(CommandError, match="Nothing was lost"):
        call_command("rotate_keys", new_key=True)


def test_two_lines_in_the_file_wrap_with_the_last(key_file):
    key_file.write_text(f"{key_file.read_text()}{a_key()}\n")
    assert ring() == parsed(key_file.read_text())
    assert len(ring().keys) == 2
