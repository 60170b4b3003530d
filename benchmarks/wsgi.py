"""The app with the bare views beside it, for the web server of a benchmark."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from benchmarks.harness import at_depth

settings.ROOT_URLCONF = "benchmarks.bare"
_app = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    return at_depth(int(environ.get("HTTP_X_DEPTH", 0)), lambda: _app(environ, start_response))()
