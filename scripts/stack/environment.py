"""The settings given to every process of the product. What the user set himself wins."""

import base64
import contextlib
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import quote

from scripts.stack.places import ROOT, Places

SERVERS = ("DATABASE_URL", "REDIS_URL")


def own_servers() -> bool:
    """Whether the user named servers of his own; SystemExit when he named only one of the two."""
    named = [name for name in SERVERS if os.environ.get(name)]
    if len(named) == 1:
        missing = next(name for name in SERVERS if name not in named)
        raise SystemExit(f"{named[0]} is set but {missing} is not: set both, or neither.")
    return bool(named)


def load_env_file() -> None:
    """Take `.env` into the environment where nothing is set yet, unless servers are named there.

    So a command under `exec` (the tests) never meets the database that `.env` names.
    """
    if any(os.environ.get(name) for name in SERVERS):
        return
    from dotenv import load_dotenv  # a bare Python gets as far as the sentences

    load_dotenv(ROOT / ".env")


def addresses(places: Places) -> dict[str, str]:
    """The addresses of the two servers under these places."""
    host = quote(str(places.postgres_sockets), safe="")
    return {
        "DATABASE_URL": f"postgres://lfnkr_app@{host}/lfnkr",
        "OWNER_DATABASE_URL": f"postgres://lfnkr_owner@{host}/lfnkr",
        "BACKUP_DATABASE_URL": f"postgres://lfnkr_backup@{host}/lfnkr",
        "REDIS_URL": f"unix://{quote(str(places.redis_socket))}",
    }


def superuser_address(environment: Mapping[str, str]) -> str:
    """RESTORE_DATABASE_URL, for `manage.py restore` alone: it makes roles and the database again."""
    return environment["OWNER_DATABASE_URL"].replace("lfnkr_owner@", "postgres@")


def settings(secrets_in: Path) -> dict[str, str]:
    """The settings of a trial on this machine; its three secrets are made in that folder once.

    A trial keeps the private key of its backups beside them. A server must not: docs/backup.md.
    """
    key_file = secrets_in / "sealing.key"
    kept_secret(key_file, lambda: base64.b64encode(secrets.token_bytes(32)).decode())
    return {
        "SECRET_KEY": kept_secret(secrets_in / "secret_key", lambda: secrets.token_urlsafe(50)),
        "SEALING_KEY_FILE": str(key_file),
        "BACKUP_RECIPIENTS": _public_key_of(kept_secret(secrets_in / "backup.key", _new_backup_key)),
        "DEBUG": "false",
        "SAMPLE": "true",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "PORT": "8000",
        "LOG_LEVEL": "WARNING",  # the log-ins just printed stay in sight
    }


def _new_backup_key() -> str:
    from pyrage.x25519 import Identity  # a bare Python gets as far as the sentences

    return str(Identity.generate())


def _public_key_of(private: str) -> str:
    from pyrage.x25519 import Identity

    return str(Identity.from_str(private).to_public())


def with_users_own(ours: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a child: the user's, and ours where he set nothing."""
    theirs = {name: value for name, value in os.environ.items() if value or name not in ours}
    return {**ours, **theirs}


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """The secret in that file, made when missing; two starts at once agree on one."""
    if not path.exists():
        work = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(work, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(make() + "\n")
        with contextlib.suppress(FileExistsError):
            os.link(work, path)  # unlike a rename, it never replaces what is there
        work.unlink()
    return path.read_text().strip()
