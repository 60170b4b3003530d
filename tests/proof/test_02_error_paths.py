"""Test 2: a hundred forced errors with secrets around them: none in a log, a mail, a page or Redis."""

import base64
import io
import logging.config
import re
import shutil
import tempfile
from contextlib import closing, suppress
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import psycopg2
import pytest
import redis
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils.crypto import get_random_string
from django.utils.log import DEFAULT_LOGGING

from core import logs
from core.models import Job, OutboxMessage
from scripts.stack.places import places_in
from scripts.stack.processes import Stop
from scripts.stack.servers import APP, DATABASE, POSTGRES, SUPERUSER, Servers, connect
from scripts.stack.throwaway import _programs
from tests.proof import scale
from tests.proof.faults import FAULTS
from tests.proof.faults_of_pages import OF_PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.proof.faults")]

LEVELS = ("INFO", "DEBUG") if scale.WHOLE else ("DEBUG",)


def a_secret() -> str:
    return "Zq" + get_random_string(14, "abcdefghjkmnprstuvwxyz")


def shapes_of(secret: str) -> list[str]:
    """As it is, in hexadecimal, and in the three ways base64 may show it."""
    raw = secret.encode()
    parts = [base64.b64encode(b"x" * shift + raw).decode()[4 if shift else 0 : -4] for shift in range(3)]
    return [secret, secret.lower(), raw.hex(), *parts]


def holds(text: str, secret: str) -> bool:
    return any(shape in text for shape in shapes_of(secret))


@pytest.fixture
def log(settings):
    """What the real configuration writes; `log(level)` starts it anew."""
    written = io.StringIO()

    def configure(level: str) -> io.StringIO:
        configuration = logs.configuration(level)
        configuration["handlers"]["console"]["stream"] = written
        logging.config.dictConfig(configuration)
        return written

    yield configure
    logging.config.dictConfig(settings.LOGGING)


def in_redis() -> str:
    """Every key and value of both databases, texts and lists as they are, else as they would be saved."""
    path = urlsplit(django_settings.REDIS_URL).path
    found = []
    for number in (0, 1):
        with closing(redis.Redis(unix_socket_path=path, db=number)) as server:
            for key in server.scan_iter():
                match server.type(key):
                    case b"string":
                        value = server.get(key)
                    case b"list":
                        value = server.lrange(key, 0, -1)
                    case _:
                        value = server.dump(key)
                found.append(f"{key!r} {value!r}")
    return "\n".join(found)


def in_rows() -> str:
    texts = [message.body for message in OutboxMessage.objects.all()]
    rows = [*texts, *OutboxMessage.objects.values_list(), *Job.objects.values_list("title", "trouble")]
    sent = [str(message.message()) for message in mail.outbox]
    return f"{rows} {sent}"


def of_answer(response) -> str:
    return "" if response is None else f"{response.content.decode()} {dict(response.headers)}"


def provoke(kind: str, secret: str) -> str:
    """The fault, and what its answer shows."""
    client = Client(raise_request_exception=False)
    response = FAULTS[kind](client, secret)
    if response is not None:
        assert response.status_code >= 400, kind
    return of_answer(response)


@pytest.mark.parametrize("level", LEVELS)
def test_no_secret_of_a_failure_is_told_anywhere(level, log, capfd, tally):
    written, told = log(level), {}
    for kind in FAULTS:
        secret = a_secret()
        before = len(written.getvalue())
        answer = provoke(kind, secret)
        captured = capfd.readouterr()
        places = {
            "log": written.getvalue()[before:],
            "answer": answer,
            "mail": in_rows(),
            "redis": in_redis(),
            "output": captured.out + captured.err,
        }
        told |= {(kind, where): text for where, text in places.items() if holds(text, secret)}
    assert sorted(told) == []
    assert len(FAULTS) >= 100
    tally(
        f"test 02: {len(FAULTS)} different errors ({len(OF_PAGES)} by our own pages) at log level {level}, "
        f"secrets told in {len(places)} places: {len(told)}"
    )


def test_a_failure_can_be_found_by_the_code_on_its_page(log):
    written = log("INFO")
    page = provoke("code: no number", a_secret())
    code = re.search(r"tell the operator this code: <strong>(\w{8})</strong>", page)[1]
    lines = [line for line in written.getvalue().splitlines() if code in line]
    assert len(lines) == 2
    assert "builtins.ValueError" in lines[0]
    assert "faults.py" in lines[0]
    assert '"code": 500' in lines[1]


# --- the control: Django as it comes ------------------------------------------------------------------------


@pytest.fixture
def as_django_comes(settings):
    """Its own log configuration, with mails to the administrators and their locals."""
    written = io.StringIO()
    handlers = {
        "mail_admins": DEFAULT_LOGGING["handlers"]["mail_admins"] | {"include_html": True},
        "console": {"class": "logging.StreamHandler", "stream": written},
    }
    loggers = {"django": {"handlers": ["console", "mail_admins"], "level": "INFO"}}
    configuration = DEFAULT_LOGGING | {"handlers": handlers, "loggers": loggers}
    settings.ADMINS = [("Admin", "admin@example.org")]
    logging.config.dictConfig(configuration)
    yield written
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.parametrize("kind", ["database: duplicate", "code: no number", "request: foreign host"])
def test_control_djangos_own_log_tells_it(kind, as_django_comes):
    secret = a_secret()
    provoke(kind, secret)
    assert holds(as_django_comes.getvalue(), secret)


def test_control_a_mail_to_the_administrators_tells_it(as_django_comes):
    secret = a_secret()
    provoke("code: no number", secret)
    assert any(holds(str(message.message()), secret) for message in mail.outbox)


# --- PostgreSQL's own log -----------------------------------------------------------------------------------


class NeverStopped(Stop):
    """Leaves the signals to the test run."""

    def __init__(self) -> None:
        self.asked = Event()


@pytest.fixture
def server():
    """A server started as the product's is; its log is what it prints."""
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="lfnkr-log-", dir=programs.base))
    folder.chmod(0o711)
    servers = Servers(places_in(folder), programs, [], throwaway=True)
    try:
        servers.start(NeverStopped())
        yield servers
    finally:
        servers.stop()
        shutil.rmtree(folder, ignore_errors=True)


STATEMENTS = (
    "INSERT INTO people VALUES (%s), (%s)",
    "INSERT INTO people VALUES (%s || repeat('x', 99))",
    "SELECT %s::uuid",
    "SELECT 1 / (length(%s) - length(%s))",
    'SELECT "%s"',
    "DO $$ BEGIN RAISE EXCEPTION 'no %%', %s; END $$",
    "SELECT pg_sleep(0.01), %s",
)


def fail_in(servers: Servers, role: str, *settings: str) -> tuple[str, str]:
    """A secret and what the server wrote while statements with it failed."""
    secret = a_secret()
    log = []
    with closing(connect(servers.places.postgres_sockets, role, DATABASE)) as connected:
        cursor = connected.cursor()
        for setting in settings:
            cursor.execute(setting)
        cursor.execute("CREATE TEMPORARY TABLE people (name varchar(30) UNIQUE)")
        for statement in STATEMENTS:
            values = [secret] * (statement.count("%s"))
            with suppress(psycopg2.Error):
                cursor.execute(statement, values)
            log += list(servers.children[1].lines)
    log.append(servers.children[1].last_words())
    return secret, "\n".join(log)


def test_postgres_writes_no_failed_statement_down(server, tally):
    secret, log = fail_in(server, APP)
    assert "LOG:" in log  # it does write, but of itself alone
    assert not holds(log, secret)
    loud = (
        "SET log_min_messages = 'warning'",
        "SET log_min_error_statement = 'error'",
        "SET log_error_verbosity = 'default'",
    )
    secret, log = fail_in(server, SUPERUSER, *loud)
    assert holds(log, secret)  # the control
    tally(f"test 02: {len(STATEMENTS)} failed statements, secrets in PostgreSQL's log: 0")


def test_the_server_of_this_run_and_of_production_are_set_alike():
    with connection.cursor() as cursor:
        for name, value in POSTGRES.items():
            if name.startswith("log_"):
                cursor.execute("SELECT current_setting(%s)", [name])
                assert cursor.fetchone()[0] == value
    composed = (django_settings.BASE_DIR / "docker-compose.yml").read_text()
    for name, value in POSTGRES.items():
        assert f"-c{name}={value}" in composed or not name.startswith("log_")
