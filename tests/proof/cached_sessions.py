"""For the controls of test 13: Redis answers for the sessions, their rows are only a copy."""

from django.contrib.sessions.backends import cached_db

from core import sessions


class SessionStore(sessions.SessionStore, cached_db.SessionStore):
    pass
