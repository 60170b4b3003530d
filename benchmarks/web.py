"""A web server as production has it, and people with browsers at it."""

import os
import re
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.models import User
from scripts.stack.environment import ROOT
from scripts.stack.processes import Child, stop_all
from tests.sessions import enter

QUIET = "ignore:No directory at"  # of collected static files; nobody asks for them
PATIENCE = 60  # seconds until the server answers


@contextmanager
def served(database: str) -> Iterator[int]:
    """The app and the bare views at this database. Its port at 127.0.0.1.

    One worker: what is measured is asked one at a time.
    """
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    with socket.create_server(("127.0.0.1", 0)) as web:
        port = web.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "benchmarks.wsgi", "--bind", f"fd://{web.fileno()}"]
        command += ["--workers", "1", "--threads", "4", "--keep-alive", "60", "--no-control-socket"]
        environment = os.environ | {"DATABASE_URL": address, "PYTHONWARNINGS": QUIET}
        server = Child("web", command, env=environment, cwd=ROOT, keep_open=[web.fileno()])
        try:
            _wait_for(port, server)
            yield port
        finally:
            stop_all([server])


def _wait_for(port: int, server: Child) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not server.ended():
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request("GET", reverse("account_login"))
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            connection.close()
    raise SystemExit("The web server does not answer.")


class Browser:
    """Somebody who is logged in. `client` asks without a server, for what the database is asked."""

    def __init__(self, user: User, port: int) -> None:
        self.user, self.client = user, Client(SERVER_NAME="localhost")
        enter(self.client, user)
        self._connection = HTTPConnection("127.0.0.1", port)
        session = self.client.cookies[settings.SESSION_COOKIE_NAME].value
        self._cookies = {settings.SESSION_COOKIE_NAME: session}
        self._token = ""

    def page(self, address: str, depth: int = 0) -> str:
        status, page = self._ask("GET", address, depth)
        if status != 200:
            raise SystemExit(f"{address} answered {status}.")
        if token := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page):
            self._token = token[1]
        return page

    def send(self, address: str, form: Mapping[str, str], depth: int = 0) -> int:
        """The status of the answer. `page` was asked before: it has the token of forms."""
        return self._ask("POST", address, depth, urlencode(form | {"csrfmiddlewaretoken": self._token}))[0]

    def _ask(self, method: str, address: str, depth: int, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        headers |= {"X-Depth": str(depth), "Content-Type": "application/x-www-form-urlencoded"}
        try:
            self._connection.request(method, address, body, headers)
            response = self._connection.getresponse()
        except ConnectionError:  # kept alive too long: a million rows were written meanwhile
            self._connection.close()
            self._connection.request(method, address, body, headers)
            response = self._connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, value = cookie.split(";", 1)[0].split("=", 1)
            self._cookies[name] = value
        return response.status, response.read().decode()
