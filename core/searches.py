"""What people search for, names above all, stays out of addresses: histories, logs and proxies keep those.

The words travel in the body of a form and stand in the session, sealed with a key of their own. The address
holds that key alone (`?find=…`): it says nothing without the session, and a dump of the sessions nothing
without it.
"""

import hashlib
import json

from cryptography.fernet import Fernet, InvalidToken
from django.http import HttpRequest

IN_ADDRESS = "find"
IN_SESSION = "searches"
MOST_KEPT = 20  # the oldest go first
LONGEST = 200  # letters of one word


def keep(request: HttpRequest, words: dict[str, str]) -> str:
    """The key to put into the address. `words`: name of a field → what was typed."""
    key = Fernet.generate_key().decode()
    kept = request.session.get(IN_SESSION, {})
    kept[_place(key)] = Fernet(key).encrypt(json.dumps(words).encode()).decode()
    request.session[IN_SESSION] = dict(list(kept.items())[-MOST_KEPT:])
    return key


def opened(request: HttpRequest) -> dict[str, str] | None:
    """The words that the address asks for; none when it asks for none; None when they have gone."""
    key = request.GET.get(IN_ADDRESS)
    if not key:
        return {}
    try:
        return json.loads(Fernet(key).decrypt(request.session[IN_SESSION][_place(key)]))
    except (KeyError, ValueError, InvalidToken):  # of another session, pushed out by newer ones, or made up
        return None


def _place(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]
