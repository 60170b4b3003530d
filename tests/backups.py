"""What tests of backups share: a bare machine, a filled database, and its backup."""

import contextlib
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from factory import SubFactory
from PIL import Image

from core.backup.age import make_key_file
from core.backup.making import make_backup
from core.keyring import KeysLocked
from core.sealed import CannotOpen, SealedField, open_value
from foster import services as foster
from scripts.stack import roles, servers
from tests import clusters, factories

NOW = datetime(2026, 11, 20, 3, 15, tzinfo=UTC)
RESTORED = "lfnkr"


@pytest.fixture(scope="session")
def bare_machine() -> Iterator[servers.Servers]:
    with clusters.bare_servers() as own:
        yield own


@pytest.fixture
def machine(bare_machine, settings) -> Iterator[servers.Servers]:
    """A second machine: PostgreSQL runs, and nothing of ours is there, roles neither."""
    settings.RESTORE_DATABASE = clusters.address(bare_machine, roles.SUPERUSER, RESTORED)
    yield bare_machine
    clusters.make_bare(bare_machine)


@pytest.fixture
def identity(tmp_path, settings) -> Path:
    """The private key, in a file that the server does not have."""
    file = tmp_path / "identity.txt"
    settings.BACKUP_RECIPIENTS = [make_key_file(file, now=NOW)]
    return file


@pytest.fixture
def backup_role(transactional_db, settings) -> dict:
    """Backups are of the tests' own database."""
    name = connection.settings_dict["NAME"]
    settings.BACKUP_DATABASE = django_settings.BACKUP_DATABASE | {"NAME": name}
    return settings.BACKUP_DATABASE


@pytest.fixture
def filled(backup_role) -> None:
    """A record of every model, ledger rows, a photo, and more than twenty sealed values."""
    fill()


@dataclass
class Saved:
    """A backup, the key to it, and what was sealed in the database when it was made."""

    path: Path
    identity: Path
    sealed: dict[tuple[str, str, str], bytes]

    def restore(self, *options: str, identity: Path | None = None) -> str:
        """What `manage.py restore` said, with its refusal."""
        return said("restore", str(self.path), "--identity", str(identity or self.identity), *options)


@pytest.fixture
def saved(filled, identity, tmp_path) -> Saved:
    made = make_backup(tmp_path / "backups", now=NOW)
    return Saved(made.path, identity, sealed_values())


def said(*command: str) -> str:
    """What a command printed, with the sentence of its refusal."""
    out = io.StringIO()
    try:
        call_command(*command, stdout=out, stderr=out)
    except CommandError as refusal:
        out.write(f"refused: {refusal}\n")
    return out.getvalue()


def fill(residents: int = 12) -> None:
    for factory in factories_of_records():
        if not factory._meta.model._default_manager.exists():
            one_of(factory)
    for number in range(residents):
        stay = factories.StayFactory(resident__real_name=f"Secret Guest {number}")
        factories.receive(stay.shelter.store, factories.ItemFactory(code="RICE"), 40 + number)
    Session.objects.create(session_key="x" * 32, session_data="somebody", expire_date=NOW + timedelta(1))
    draft = factories.ChildUpdateFactory()
    foster.add_photo(by=draft.author, update=draft, key=uuid.uuid4(), content=picture())


def factories_of_records() -> list:
    named = vars(factories).values()
    return [
        one for one in named if isinstance(one, type) and getattr(getattr(one, "_meta", None), "model", None)
    ]


def one_of(factory: Any) -> Any:
    """A record; beside the records there are, where there can be only one of what it hangs on."""
    try:
        with transaction.atomic():
            return factory()
    except IntegrityError:
        parents = {
            name: part.get_factory()._meta.model._default_manager.first()
            for name, part in factory._meta.base_declarations.items()
            if isinstance(part, SubFactory)
        }
        return factory(**{name: parent for name, parent in parents.items() if parent})


def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((320, 200), 80).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def sealed_values() -> dict[tuple[str, str, str], bytes]:
    """Every sealed value that opens with the key mounted now: (model, UUID, field) → its bytes."""
    found = {}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                for record in model._default_manager.filter(**{f"{field.name}__isnull": False}):
                    with contextlib.suppress(CannotOpen, KeysLocked):
                        value = open_value(record, field.name)
                        found[model._meta.label, str(record.uuid), field.name] = value or b""
    return found


@contextlib.contextmanager
def working_on(address: dict) -> Iterator[None]:
    """Django's connection goes to another database, past every row policy when the role may."""
    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict.update({part: address[part] for part in ("HOST", "USER", "PASSWORD", "NAME")})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
