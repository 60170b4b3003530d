"""Sealed fields: text and bytes that only `accounts.services.reveal` opens.

Each subject (a person, a shelter, a route) has a data key of 256 bits, kept wrapped by the installation's
key-encryption key. A value is AES-256-GCM under its subject's data key, padded to 64 bytes, and bound to
the model, column and UUID of its row: copied elsewhere, it does not open. Deleting a data key makes every
value of that subject unreadable, history included. Shape and traps: docs/adr/0004-sealed-fields.md.
"""

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.utils.translation import gettext as _

from core.enums import Holds
from core.keyring import KeyRing, ring

if TYPE_CHECKING:
    from core.models import DataKey

VERSION = b"\x01"
NONCE_BYTES = 12
PADDING_BYTES = 64
SEALED = "[sealed]"  # what stands in the place of a value, wherever it is printed
KEY_COLUMNS = ("subject", "wrapped_by", "wrapped")


class CannotOpen(Exception):
    """The key is missing, is another one, or the value was tampered with or moved."""

    def __str__(self) -> str:
        return _("This value cannot be opened: its key is missing or the value was changed.")


class Sealed:
    """What a sealed field gives: shows nothing, and refuses to travel.

    `plain` is only held between assignment and save; `home` is the field it belongs to, from the first
    assignment on.
    """

    __slots__ = ("_ciphertext", "_home", "_plain")

    def __init__(self, *, ciphertext: bytes | None = None, plain: bytes | None = None) -> None:
        self._ciphertext = ciphertext
        self._plain = plain
        self._home: _Home | None = None

    def __str__(self) -> str:
        return SEALED

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return SEALED

    @property
    def mark(self) -> str:
        """Another one each time it is sealed; it leads nowhere."""
        return hashlib.sha256(self._ciphertext or b"").hexdigest()

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    def __reduce__(self) -> Any:
        raise TypeError("A sealed value cannot be pickled: not for a cache, a session or a queue.")

    def __deepcopy__(self, memo: dict) -> "Sealed":
        return self


class _Home(NamedTuple):
    """Where a value opens. A record is known by either key: one is not loaded, the other not given yet."""

    label: str
    field: str
    pk: Any
    uuid: uuid.UUID | None

    def is_that_of(self, other: "_Home") -> bool:
        is_same_record = (self.pk is not None and self.pk == other.pk) or (
            self.uuid is not None and self.uuid == other.uuid
        )
        return is_same_record and self[:2] == other[:2]


def _seal(key: bytes, value: bytes, bound_to: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    length = len(value).to_bytes(4, "big")
    padded = length + value + b"\0" * (-(len(value) + 4) % PADDING_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, padded, bound_to)


def _open(key: bytes, value: bytes, bound_to: bytes) -> bytes:
    nonce, rest = value[1 : 1 + NONCE_BYTES], value[1 + NONCE_BYTES :]
    try:
        padded = AESGCM(key).decrypt(nonce, rest, bound_to)
    except InvalidTag:
        raise CannotOpen from None
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")]


class Subject(NamedTuple):
    """What one data key seals: a record, or a part of it that others may open."""

    owner: uuid.UUID
    kind: str
    part: str = ""

    @property
    def key_name(self) -> uuid.UUID:
        """Under which the key is kept."""
        return uuid.uuid5(self.owner, self.part) if self.part else self.owner

    @property
    def key_kind(self) -> str:
        return f"{self.kind} {self.part}".strip()


def wrapped(key: bytes, subject: uuid.UUID, keys: KeyRing, by: str | None = None) -> bytes:
    """A data key under a key-encryption key (`by`, else the current one), bound to its subject."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(keys.key(by or keys.current)).encrypt(nonce, key, subject.bytes)


def unwrap(row: "DataKey", keys: KeyRing | None = None) -> bytes:
    """The open data key. Raises KeysLocked, CannotOpen."""
    keys, kept = keys or ring(), bytes(row.wrapped)
    # A key of before the ring names none: each may be its own.
    candidates = [keys.key(row.wrapped_by)] if row.wrapped_by else list(keys.keys.values())
    for candidate in candidates:
        try:
            return AESGCM(candidate).decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], row.subject.bytes)
        except InvalidTag:
            continue
    raise CannotOpen


def key_of(subject: Subject, *, create: bool = False) -> bytes:
    """The open data key of a subject.

    Raises KeysLocked, and CannotOpen when the key was deleted, never made, or is not this person's to use.
    """
    from core.models import DataKey

    row = DataKey.objects.filter(subject=subject.key_name).first()
    if row is None and create:
        row = _new_key(subject)
    if row is None:
        raise CannotOpen
    return unwrap(row)


def _new_key(subject: Subject) -> "DataKey":
    """Two first values of one subject at once: the database keeps one key, both use it."""
    from core.models import DataKey

    keys = ring()
    made = DataKey(
        subject=subject.key_name,
        owner=subject.owner,
        kind=subject.key_kind,
        wrapped_by=keys.current,
        wrapped=wrapped(AESGCM.generate_key(256), subject.key_name, keys),
    )
    DataKey.objects.bulk_create([made], ignore_conflicts=True)
    return DataKey.objects.get(subject=subject.key_name)


class SealedField(models.BinaryField):
    """Base of the sealed columns. `right`: the right that `reveal` asks for.

    Whose data key seals it, the model says: see `subject_of`.
    """

    def __init__(self, *args: Any, right: str = "", **kwargs: Any) -> None:
        self.right = right
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Wrapping(self))

    def from_db_value(self, value: Any, *_args: Any) -> Sealed | None:
        return None if value is None else Sealed(ciphertext=bytes(value))

    def pre_save(self, instance: models.Model, add: bool) -> Sealed | None:
        value = getattr(instance, self.attname)
        if value is None:
            return None
        self.settle(value, instance)
        if value._ciphertext is None:
            key = key_of(subject_of(instance), create=True)
            value._ciphertext = _seal(key, value._plain, self.bound_to(instance))
            value._plain = None
        return value

    def get_prep_value(self, value: Any) -> Any:
        if value is None:
            return None
        if not isinstance(value, Sealed) or value._ciphertext is None:
            raise TypeError(f"{self.name} is sealed: assign it to a record and save the record.")
        return value._ciphertext

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = value if prepared else self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.name} is sealed: it can only be asked whether it is empty.")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.name} is sealed: it cannot be dumped.")

    def settle(self, value: Sealed, instance: models.Model) -> None:
        """From the first time on it is this record's. Raises TypeError when it is another's already."""
        known = instance.__dict__
        home = _Home(
            instance._meta.label_lower,
            self.attname,
            known.get(instance._meta.pk.attname),
            known.get("uuid"),
        )
        if value._home is None:
            value._home = home
        elif not value._home.is_that_of(home):
            raise TypeError(
                f"{self.name} is sealed: a value of another record or field would never open here. "
                "Assign the text itself."
            )

    def bound_to(self, instance: models.Model) -> bytes:
        return self.bound_to_row(instance._meta.label_lower, instance.uuid)  # type: ignore[attr-defined]

    def bound_to_row(self, label: str, row: uuid.UUID) -> bytes:
        return f"{label}|{self.column}|{row}".encode()


class SealedTextField(SealedField):
    """`holds`: what kind of text it is, so that the leak guard knows in which shapes people repeat it."""

    def __init__(self, *args: Any, holds: Holds = Holds.WORDS, **kwargs: Any) -> None:
        self.holds = holds
        super().__init__(*args, **kwargs)


class SealedBytesField(SealedField):
    pass


class _Wrapping:
    """Wraps at assignment: from then on the value prints [sealed], saved or not."""

    def __init__(self, field: SealedField) -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        return instance.__dict__[self.field.attname]

    def __set__(self, instance: models.Model, value: Any) -> None:
        if isinstance(value, str):
            value = Sealed(plain=value.encode()) if value else None
        elif isinstance(value, bytes | memoryview):
            value = Sealed(plain=bytes(value))
        elif value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.field.name} is sealed: text or bytes only.")
        if value is not None:
            self.field.settle(value, instance)
        instance.__dict__[self.field.attname] = value


def subject_of(instance: models.Model) -> Subject:
    """The person, shelter or route whose data key seals this row.

    A model names it in `sealed_under`, the attribute path to that record (by default itself), and in
    `sealed_part` when the record has another key for it.
    """
    owner: Any = instance
    for name in filter(None, getattr(instance, "sealed_under", "").split(".")):
        owner = getattr(owner, name)
    return Subject(owner.uuid, owner._meta.label_lower, getattr(instance, "sealed_part", ""))


def open_value(instance: models.Model, field_name: str) -> bytes | None:
    """The bytes behind a sealed field. Only the doors in `accounts.services` call this.

    Raises CannotOpen, core.keyring.KeysLocked.
    """
    field = cast(SealedField, instance._meta.get_field(field_name))
    value = getattr(instance, field_name)
    if value is None:
        return None
    if value._ciphertext is None:
        return value._plain
    return _open(key_of(subject_of(instance)), value._ciphertext, field.bound_to(instance))


class SealedRow(NamedTuple):
    """`owner`: the UUID of the record whose key, `key_name`, seals it; `values`: one a field, unopened."""

    uuid: uuid.UUID
    owner: uuid.UUID
    key_name: uuid.UUID
    values: tuple[Sealed | None, ...]


class OpenedRow(NamedTuple):
    """The sealed texts of one row. `texts`: field → text."""

    uuid: uuid.UUID
    owner: uuid.UUID
    texts: dict[str, str]


def sealed_rows(queryset: models.QuerySet, *field_names: str) -> list[SealedRow]:
    """The rows of which at least one of the fields holds something, in one query; nothing is opened."""
    path = getattr(queryset.model, "sealed_under", "")
    part = getattr(queryset.model, "sealed_part", "")
    owner = [f"{path.replace('.', '__')}__uuid"] if path else []
    rows = queryset.order_by().values_list("uuid", *owner, *field_names)
    found = []
    for row, *rest in rows:
        of = rest.pop(0) if path else row
        if any(rest):
            name = Subject(of, "", part).key_name if part else of
            found.append(SealedRow(row, of, name, tuple(rest)))
    return found


def keys_of(names: Iterable[uuid.UUID]) -> dict[uuid.UUID, bytes]:
    """The open data keys of many subjects by their `key_name`, in one query; who has none is not among them.

    Raises KeysLocked, and CannotOpen when a key is wrapped by another key-encryption key.
    """
    from core.models import DataKey

    wanted = set(names)
    if not wanted:
        return {}
    keys = ring()
    rows = DataKey.objects.filter(subject__in=wanted).values_list(*KEY_COLUMNS, named=True)
    return {row.subject: unwrap(row, keys) for row in rows}


def open_rows(
    model: type[models.Model],
    field_names: Sequence[str],
    rows: Iterable[SealedRow],
    keys: Mapping[uuid.UUID, bytes],
) -> Iterator[OpenedRow]:
    """Opens what `sealed_rows` read, with keys loaded before. Rows whose subject has no key are left out.

    Raises CannotOpen when a value does not open with its subject's key.
    """
    label = model._meta.label_lower
    fields = [cast(SealedField, model._meta.get_field(name)) for name in field_names]
    for row in rows:
        if (key := keys.get(row.key_name)) is None:
            continue
        texts = {
            field.name: _open(key, value._ciphertext, field.bound_to_row(label, row.uuid)).decode()
            for field, value in zip(fields, row.values, strict=True)
            if value is not None and value._ciphertext is not None
        }
        yield OpenedRow(row.uuid, row.owner, texts)


def open_values(queryset: models.QuerySet, field_name: str) -> dict[uuid.UUID, str]:
    """UUID of the row → its opened text, in two queries however many rows there are.

    For tests that have to know what is hidden. The app opens one value at a time, through `open_value`, or
    all of them for the leak guard, by the same three steps (core/leaks/collecting.py).

    Raises CannotOpen, core.keyring.KeysLocked.
    """
    rows = sealed_rows(queryset, field_name)
    keys = keys_of(row.key_name for row in rows)
    return {row.uuid: row.texts[field_name] for row in open_rows(queryset.model, [field_name], rows, keys)}
