"""Texts that the database keeps and must not be able to read, sealed under a key derived from SECRET_KEY.

AES-256-GCM; each text is bound to what it belongs to and does not open anywhere else. SECRET_KEY and not the
sealing key: people must be able to log in, and alarms to leave, while sealed fields are locked; both keys
stand outside the database. What it costs: docs/adr/0011.
"""

import base64
import binascii
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12


class CannotOpen(Exception):
    """SECRET_KEY was changed without its fallback, or the text was changed or belongs elsewhere."""


def seal(text: str, *, purpose: str, bound_to: bytes) -> str:
    """ASCII text for a column, a JSON column or a session."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = _key(settings.SECRET_KEY, purpose).encrypt(nonce, text.encode(), _bound(purpose, bound_to))
    return base64.b64encode(nonce + sealed).decode()


def unseal(sealed: str, *, purpose: str, bound_to: bytes) -> str:
    """Raises CannotOpen."""
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        text = _try(secret, sealed, purpose, bound_to)
        if text is not None:
            return text
    raise CannotOpen


def is_under_an_old_key(sealed: str, *, purpose: str, bound_to: bytes) -> bool:
    return _try(settings.SECRET_KEY, sealed, purpose, bound_to) is None


def _try(secret: str, sealed: str, purpose: str, bound_to: bytes) -> str | None:
    try:
        whole = base64.b64decode(sealed, validate=True)
        nonce, rest = whole[:NONCE_BYTES], whole[NONCE_BYTES:]
        return _key(secret, purpose).decrypt(nonce, rest, _bound(purpose, bound_to)).decode()
    except (InvalidTag, ValueError, binascii.Error):  # ValueError: too short to hold a nonce
        return None


def _bound(purpose: str, bound_to: bytes) -> bytes:
    return purpose.encode() + b"|" + bound_to


@lru_cache(maxsize=16)
def _key(secret: str, purpose: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
    return AESGCM(derived)
