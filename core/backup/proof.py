"""Whether our own server made a backup.

Everybody who has the public key can encrypt something to it, so that it opens proves nothing. A fresh key,
wrapped like a data key, signs the contents: nobody without the sealing key can make such a proof.
"""

import base64
import hashlib
import hmac
import uuid

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.backup.problems import PartChanged
from core.keyring import KeysLocked, ring
from core.models import DataKey
from core.sealed import CannotOpen, unwrap, wrapped

Proof = dict[str, str]


def prove(text: str) -> Proof | None:
    """None while the sealing key is not on the server: a backup is made all the same."""
    try:
        keys = ring()
    except KeysLocked:
        return None
    key, subject = AESGCM.generate_key(256), uuid.uuid4()
    return {
        "subject": str(subject),
        "wrapped_by": keys.current,
        "wrapped": base64.b64encode(wrapped(key, subject, keys)).decode(),
        "mac": _mac(key, text),
    }


def holds(text: str, proof: Proof | None) -> bool:
    """Whether the proof was made with the sealing key mounted here. Raises PartChanged for another text."""
    if proof is None:
        return False
    kept = DataKey(
        subject=uuid.UUID(proof["subject"]),
        wrapped_by=proof["wrapped_by"],
        wrapped=base64.b64decode(proof["wrapped"]),
    )
    try:
        key = unwrap(kept)
    except (KeysLocked, CannotOpen):
        return False
    if not hmac.compare_digest(_mac(key, text), proof["mac"]):
        raise PartChanged("contents.age")
    return True


def _mac(key: bytes, text: str) -> str:
    return hmac.new(key, b"lfnkr backup|" + text.encode(), hashlib.sha256).hexdigest()
