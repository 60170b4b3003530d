"""The key in the address of a photo: for one person, one photo and some minutes, none of which it names.

A copied address is worth nothing to anybody else and soon nothing at all. The right is asked for besides.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner

GOOD_FOR = timedelta(minutes=10)


def key_for(*, reader: Any, thing: UUID) -> str:
    """A fresh key, of letters that may stand in an address."""
    return _signer(reader, thing).sign("").removeprefix(":")


def opens(key: str, *, reader: Any, thing: UUID) -> bool:
    try:
        _signer(reader, thing).unsign(f":{key}", max_age=GOOD_FOR)
    except BadSignature:  # made up, somebody else's, or too old
        return False
    return True


def _signer(reader: Any, thing: UUID) -> TimestampSigner:
    # Both stand in the salt, so that neither stands in the key.
    return TimestampSigner(salt=f"core.addresses:{reader.pk}:{thing}")
