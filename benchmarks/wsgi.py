"""The app with the bare views beside it, for the web server of a benchmark."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from benchmarks.harness import at_depth

settings.ROOT_URLCONF = "benchmarks.bare"
_app = get_wsgi_application()

from django.contrib.auth.backends import ModelBackend  # noqa: E402 - once the apps are there

from accounts.entry.backends import NotLockedDown  # noqa: E402
from core.sessions import SessionStore  # noqa: E402


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    asked = at_depth(int(environ.get("HTTP_X_DEPTH", 0)), lambda: _app(environ, start_response))
    if not environ["PATH_INFO"].startswith("/bare/"):
        return asked()
    with _any_log_in():
        return asked()


@contextmanager
def _any_log_in() -> Iterator[None]:
    """Session and person are looked up as Django itself does it, by a statement written anew: what our pages
    gain there is theirs. One request is asked at a time."""
    with (
        patch.object(SessionStore, "_get_session_from_db", _session),
        patch.object(NotLockedDown, "get_user", ModelBackend.get_user),
    ):
        yield


def _session(store: SessionStore) -> Any:
    """As django.contrib.sessions.backends.db."""
    return store.model.objects.get(session_key=store.row_key, expire_date__gt=timezone.now())
