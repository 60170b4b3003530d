"""Seeds of second factors, sealed for the person whose they are.

AES-256-GCM under a key derived from SECRET_KEY, bound to the person's UUID: a seed pasted into the row of
another person does not open. SECRET_KEY and not the sealing key: people must be able to log in while sealed
fields are locked, and both stand outside the database. Why and what it costs: docs/adr/0011.
"""

import base64
import binascii
import os
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.models import User

NONCE_BYTES = 12
PURPOSE = b"lfnkr: seeds of second factors"


class SeedCannotBeOpened(Exception):
    """SECRET_KEY was changed without its fallback, or the seed was changed or is another person's."""

    def __str__(self) -> str:
        return _(
            "This second factor cannot be read any more. Ask the administrator to let you set up a new one."
        )


def seal(seed: str, person: "User") -> str:
    """ASCII text for a JSON column or a session."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = _key(settings.SECRET_KEY).encrypt(nonce, seed.encode(), _bound_to(person))
    return base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, person: "User") -> str:
    """Raises SeedCannotBeOpened."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        seed = _try(secret, sealed, person)
        if seed is not None:
            return seed
    raise SeedCannotBeOpened


def is_under_an_old_key(sealed: str, person: "User") -> bool:
    return _try(settings.SECRET_KEY, sealed, person) is None


def _try(secret: str, sealed: str, person: "User") -> str | None:
    try:
        whole = base64.b64decode(sealed, validate=True)
        nonce, rest = whole[:NONCE_BYTES], whole[NONCE_BYTES:]
        return _key(secret).decrypt(nonce, rest, _bound_to(person)).decode()
    except (InvalidTag, ValueError, binascii.Error):  # ValueError: too short to hold a nonce
        return None


def _bound_to(person: "User") -> bytes:
    return PURPOSE + b"|" + person.uuid.bytes


@lru_cache(maxsize=8)
def _key(secret: str) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(secret.encode()))
