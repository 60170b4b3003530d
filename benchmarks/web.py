"""A web server as production has it, and people with browsers at it."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from accounts.models import User
from scripts.stack.environment import ROOT
from tests.sessions import enter

PATIENCE = 60  # seconds until the server answers


@contextmanager
def served(database: str) -> Iterator[int]:
    """The app and the bare views at this database. Its port at 127.0.0.1.

    One worker with one thread: what is measured is asked one at a time.
    """
    address = re.sub(r"/[^/?]*(?=\?|$)", f"/{database}", os.environ["DATABASE_URL"], count=0)
    with socket.create_server(("127.0.0.1", 0)) as web:
        port = web.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "benchmarks.wsgi", "--bind", f"fd://{web.fileno()}"]
        command += ["--workers", "1", "--threads", "1", "--keep-alive", "60", "--no-control-socket"]
        environment = os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "lfnkr.settings"}
        server = subprocess.Popen(command, cwd=ROOT, env=environment, pass_fds=[web.fileno()])
        try:
            _wait_for(port, server)
            yield port
        finally:
            server.terminate()
            server.wait()


def _wait_for(port: int, server: subprocess.Popen) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        connection = HTTPConnection("localhost", port, timeout=PATIENCE)
        try:
            connection.request("GET", "/healthz")
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
        self._connection = HTTPConnection("localhost", port)
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
        self._connection.request(method, address, body, headers)
        response = self._connection.getresponse()
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, value = cookie.split(";", 1)[0].split("=", 1)
            self._cookies[name] = value
        return response.status, response.read().decode()
