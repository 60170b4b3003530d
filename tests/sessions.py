"""What a real log-in leaves behind, for clients that were logged in by force."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.contrib.sessions.serializers import JSONSerializer
from django.core import signing
from django.test import Client

from accounts import selectors
from accounts.models import User
from tests import factories

LONG_AGO = 3600  # seconds


def enter(client: Client, user: User, *, enrolled: bool = True, fresh: bool = True) -> None:
    """The client is logged in as this person, with a second factor and just now, unless asked otherwise."""
    client.force_login(User.objects.get(pk=user.pk))  # as of now: log-ins may have been ended since
    log_in(client.session, user, fresh=fresh)
    if enrolled and user.is_staff_member and not selectors.factors_of(user).exists():
        factories.app_of(user)


def log_in(session: SessionBase, user: User, *, fresh: bool = True) -> None:
    """The device of the session, and when its person last proved who they are."""
    at = time.time() - (0 if fresh else LONG_AGO)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": at}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session.save()
    factories.DeviceFactory(user=user, session_key=session.row_key)


def held_in(row: Session) -> dict:
    """What a session holds, as its row in the database has it."""
    salt = f"django.contrib.sessions.SessionStore:{row.pk}"
    return signing.loads(row.session_data, salt=salt, serializer=JSONSerializer)
