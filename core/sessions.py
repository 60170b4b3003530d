"""Sessions whose rows do not log anybody in: the table holds a hash of what the browser's cookie says.

Whoever reads the table (an injection, a dump) cannot make a cookie of it. Nor does a copy of somebody's
row under another key open: what it holds is signed for its own.
"""

import hashlib
from typing import Any

from django.contrib.sessions.backends import db
from django.core.exceptions import SynchronousOnlyOperation
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone

from core.prepared import Asked, Prepared

ROW_KEY_BYTES = 20  # as hexadecimal digits, what the 40 characters of Django's column hold


def row_key_of(session_key: str | None) -> str:
    """What stands in the database for a session id; "" for none.

    A session id is random (32 of 36 characters, 165 bits): a hash needs neither salt nor key to be one-way.
    """
    if not session_key:
        return ""
    return hashlib.blake2b(session_key.encode(), digest_size=ROW_KEY_BYTES).hexdigest()


def _alive() -> QuerySet:
    sessions = SessionStore.get_model_class().objects
    return sessions.filter(
        session_key=Asked("key", CharField()), expire_date__gt=Asked("now", DateTimeField())
    )


_ALIVE = Prepared(_alive)


class SessionStore(db.SessionStore):
    """Django's own, with `row_key_of` between cookie and row. The app is WSGI: the async half is closed."""

    @property
    def row_key(self) -> str:
        """What other rows may keep of this session; "" while it has none."""
        return row_key_of(self.session_key)

    @property
    def key_salt(self) -> str:
        return f"{super().key_salt}:{self.row_key}"

    def _get_session_from_db(self) -> Any:
        found = _ALIVE.first(key=self.row_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return super().exists(row_key_of(session_key))

    def create_model_instance(self, data: dict) -> Any:
        row = super().create_model_instance(data)
        row.session_key = self.row_key
        return row

    def delete(self, session_key: str | None = None) -> None:
        if row_key := row_key_of(session_key or self.session_key):
            super().delete(row_key)

    async def _aget_session_from_db(self) -> Any:
        raise SynchronousOnlyOperation("Sessions are read in the request's own thread: use load().")

    async def aexists(self, session_key: str) -> bool:
        raise SynchronousOnlyOperation("Use exists().")

    async def acreate_model_instance(self, data: dict) -> Any:
        raise SynchronousOnlyOperation("Use save().")

    async def adelete(self, session_key: str | None = None) -> None:
        raise SynchronousOnlyOperation("Use delete().")
