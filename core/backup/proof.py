"""Whether our own server made a backup.

Everybody who has the public key can encrypt something to it, so that it opens proves nothing. A fresh key,
wrapped like a data key, signs the contents: nobody without the sealing key can make such a proof.
"""

import base64
import hashlib
import hmac
import uuid

from core.backup.problems import PartChanged
from core.models import DataKey
from core.sealed import CannotOpen, new_wrapped_key, unwrap

Proof = dict[str, str]


def prove(text: str) -> Proof:
    subject = uuid.uuid4()
    wrapped = new_wrapped_key(subject)
    return {
        "subject": str(subject),
        "wrapped": base64.b64encode(wrapped).decode(),
        "mac": _mac(subject, wrapped, text),
    }


def holds(text: str, proof: Proof) -> bool:
    """Whether the proof was made with the sealing key mounted here. Raises PartChanged for another text."""
    subject, wrapped = uuid.UUID(proof["subject"]), base64.b64decode(proof["wrapped"])
    try:
        mac = _mac(subject, wrapped, text)
    except CannotOpen:
        return False
    if not hmac.compare_digest(mac, proof["mac"]):
        raise PartChanged("contents.age")
    return True


def _mac(subject: uuid.UUID, wrapped: bytes, text: str) -> str:
    key = unwrap(DataKey(subject=subject, wrapped=wrapped))
    return hmac.new(key, b"backup|" + text.encode(), hashlib.sha256).hexdigest()
