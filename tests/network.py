"""No test talks to the world: a socket to anything but this machine or its own servers is refused."""

import ipaddress
import os
import sys
from urllib.parse import urlsplit


class OutsideWorld(Exception):
    """Not an OSError: no `except OSError` for a server that is away may swallow it."""


def _own_servers() -> set[str]:
    addresses = (os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL"))
    return {host for address in addresses if (host := urlsplit(address).hostname)}


def _is_here(host: object) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name in ("localhost", *_own_servers()):
        return True
    try:
        return ipaddress.ip_address(name.split("%")[0]).is_loopback
    except ValueError:
        return False


def _watch(event: str, arguments: tuple) -> None:
    if event == "socket.connect" and isinstance(arguments[1], tuple) and not _is_here(arguments[1][0]):
        raise OutsideWorld(f"A test wanted to connect to {arguments[1][0]}.")
    if event == "socket.getaddrinfo" and not _is_here(arguments[0]):
        raise OutsideWorld(f"A test wanted to look up {arguments[0]}.")


def block_the_world() -> None:
    sys.addaudithook(_watch)  # sees every socket of this process, whatever library opens it
