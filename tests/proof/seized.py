"""A server of a test's own, used and then seized: everything of it that can be looked through."""

import contextlib
import io
import logging
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import redis
from django.contrib.sessions.models import Session
from django.core import mail

from core.backup import servers
from core.logs import Formatter
from core.models import OutboxMessage
from lfnkr.celery import app
from scripts.stack.roles import APP, BACKUP
from scripts.stack.servers import DATABASE, Servers, make_roles
from tests import clusters
from tests.backups import working_on
from tests.proof.searching import files_in
from tests.sessions import held_in

COLLECTED = ("logging_collector = on", "log_directory = 'log'", "log_rotation_size = 0")


@dataclass
class Site:
    """The servers, and what the application wrote outside them."""

    own: Servers
    temporary: Path
    backups: Path
    log: io.StringIO = field(default_factory=io.StringIO)

    @property
    def queue(self) -> str:
        return f"redis+socket://{self.own.places.redis_socket}?virtual_host=0"

    @property
    def cache(self) -> str:
        return f"unix://{self.own.places.redis_socket}?db=1"

    def redis(self, database: int) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.own.places.redis_socket), db=database)

    def superuser(self):
        return contextlib.closing(clusters.as_superuser(self.own, DATABASE))

    def write_everything_down(self) -> None:
        """What the servers still hold in memory goes to their files."""
        with self.superuser() as connection:
            servers.run(connection, "CHECKPOINT")
            servers.ask(connection, "SELECT pg_switch_wal()")
        self.redis(0).save()
        time.sleep(0.3)  # the collector of PostgreSQL's log writes on its own

    def places(self) -> dict[str, Iterator[bytes]]:
        """Place → the contents to look through."""
        data = self.own.places.postgres_data
        return {
            "dump": iter([self._dump()]),
            "files of PostgreSQL": files_in(data),
            "log of PostgreSQL": files_in(data / "log"),
            "memory of Redis": self._memory(),
            "files of Redis": files_in(self.own.places.redis_data),
            "sessions": (repr(held_in(session)).encode() for session in Session.objects.all()),
            "mail": iter([_posted(), repr(mail.outbox).encode()]),
            "log of the application": iter([self.log.getvalue().encode()]),
            "temporary files": files_in(self.temporary),
            "backup": files_in(self.backups),
        }

    def _dump(self) -> bytes:
        address = clusters.address(self.own, "postgres", DATABASE)
        command = [servers.program("pg_dump", at_least=18), f"--dbname={servers.dsn(address)}"]
        return subprocess.run(command, check=True, capture_output=True).stdout

    def _memory(self) -> Iterator[bytes]:
        for database in (0, 1):
            client = self.redis(database)
            for key in client.scan_iter(count=1000):
                yield key + b" " + (client.dump(key) or b"")


@contextlib.contextmanager
def site(*, like: str, folder: Path) -> Iterator[Site]:
    """A running server with an empty database made like that one."""
    with clusters.bare_servers(postgres_settings=COLLECTED) as own:
        make_roles(own.places.postgres_sockets, may_create_databases=False)
        _copy(like, own)
        running = Site(own, folder / "temporary", folder / "backups")
        running.temporary.mkdir()
        # A secret in a compressed value could not be found; and every command goes into a file.
        running.redis(0).config_set("rdbcompression", "no")
        running.redis(0).config_set("appendonly", "yes")
        yield running


def _copy(name: str, own: Servers) -> None:
    """The tests' own database, as it is: tables, rights and the secret of identities."""
    source = servers.address_of("BACKUP_DATABASE") | {"NAME": name}
    target = clusters.address(own, "postgres", DATABASE)
    dump = [servers.program("pg_dump", at_least=18), f"--dbname={servers.dsn(source)}", "--format=custom"]
    restore = [servers.program("pg_restore", at_least=18), f"--dbname={servers.dsn(target)}"]
    content = subprocess.run(dump, check=True, capture_output=True).stdout
    subprocess.run([*restore, "--exit-on-error"], check=True, input=content)


@contextlib.contextmanager
def at_work(running: Site, settings, monkeypatch) -> Iterator[None]:
    """The application works on that server: database, cache, queue, log and temporary files."""
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": running.cache}}
    settings.BACKUP_DATABASE = clusters.address(running.own, BACKUP, DATABASE)
    monkeypatch.setattr(tempfile, "tempdir", str(running.temporary))
    handler = logging.StreamHandler(running.log)
    handler.setFormatter(Formatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with _queue_at(running.queue), working_on(clusters.address(running.own, APP, DATABASE)):
            yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


@contextlib.contextmanager
def _queue_at(address: str) -> Iterator[None]:
    def go_to(url: str) -> None:
        app.conf.broker_url = url
        app._pool = app.amqp._producer_pool = None

    before = app.conf.broker_url
    go_to(address)
    try:
        yield
    finally:
        go_to(before)


def _posted() -> bytes:
    """Every mail of the outbox as its row and as it is read."""
    texts = [message.body for message in OutboxMessage.objects.all()]
    return repr([*texts, *OutboxMessage.objects.values()]).encode()
