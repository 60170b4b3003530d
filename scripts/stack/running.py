"""`up`: the whole product on this machine, until Ctrl-C."""

import contextlib
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from scripts.stack.environment import (
    addresses,
    load_env_file,
    own_servers,
    settings,
    with_users_own,
)
from scripts.stack.keeper import LOG, Lease, preparing
from scripts.stack.locks import Lock, wait_until
from scripts.stack.places import LOCAL, ROOT, make_local
from scripts.stack.processes import Child, Stop, Stopped, say, stop_all

PORTS = 50  # how many ports to try from the wished one on
READY_SECONDS = 120
LOG_INS = LOCAL / "log-ins.txt"
# Right in production, noise in a trial on one machine: Celery as root, static files not collected.
QUIET = ("ignore:You're running the worker with superuser privileges", "ignore:No directory at")


def up() -> int:
    """Run everything until a stop is asked for (0) or a process ends by itself (1)."""
    started = time.monotonic()
    stop = Stop()
    load_env_file()
    theirs = own_servers()
    lock = Lock(make_local() / "up.lock")
    if not lock.take():
        raise SystemExit("It is already running in this checkout.")
    with contextlib.suppress(Stopped), _web_socket() as web, contextlib.ExitStack() as at_end:
        lease = None
        if not theirs:
            say("Starting PostgreSQL and Redis …")
            lease = Lease(stop)
            at_end.callback(lease.release)
        living = _wait_for_earlier_processes(stop)
        environment = _environment(web, lease)
        _prepare(environment, living, stop)
        children = _start(environment, living, web)
        at_end.callback(stop_all, children)
        _wait_until_healthy(environment, children, stop)
        web.close()  # the web server has it now
        _greet(environment, time.monotonic() - started)
        return _watch(children, lease, stop)
    say("Stopped.")
    return 0


@contextlib.contextmanager
def _web_socket() -> Iterator[socket.socket]:
    """The port of the web server, bound before anything starts: nobody else can take it then."""
    host = os.environ.get("HOST") or "127.0.0.1"
    first = _wished_port()
    for port in range(first, first + PORTS):
        with contextlib.suppress(OSError), contextlib.ExitStack() as on_failure:
            web = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
            on_failure.callback(web.close)
            web.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            web.bind((host, port))
            web.listen(128)
            if _answers_on_ipv6(web.getsockname()[1]):
                continue
            on_failure.pop_all()
            if port != first:
                say(f"Port {first} is in use: taking {port}.")
            with web:
                yield web
            return
    raise SystemExit(f"No free port for {host} from {first} to {first + PORTS - 1}.")


def _wished_port() -> int:
    wished = os.environ.get("PORT") or "8000"
    if not wished.isdecimal() or int(wished) > 65535 - PORTS:
        raise SystemExit(f"PORT={wished} is not a port number.")
    return int(wished)


def _answers_on_ipv6(port: int) -> bool:
    """Whether somebody has this port on ::1, where a browser would look for `localhost` first."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as other:
        other.settimeout(0.5)
        return other.connect_ex(("::1", port)) == 0
    return False


def _wait_for_earlier_processes(stop: Stop) -> Lock:
    """The lock that web, worker and beat hold while they live; those of a killed start end first."""
    living = Lock(LOCAL / "processes.lock")
    if not living.take_within(20, stop):
        raise SystemExit("Web, worker or beat of an earlier start are still running here.")
    return living


def _environment(web: socket.socket, lease: Lease | None) -> dict[str, str]:
    """The environment of web, worker and beat."""
    host, port = web.getsockname()[:2]
    # `localhost` rather than its number: a browser gives passkeys to names only.
    name = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::1", "::") else host
    ours = settings(LOCAL) | {"SITE_URL": f"http://{name}:{port}"}
    if lease is not None:
        ours |= addresses(lease.places)
    quiet = ",".join(filter(None, (os.environ.get("PYTHONWARNINGS"), *QUIET)))
    fixed = {"PORT": str(port), "PYTHONUNBUFFERED": "1", "PYTHONWARNINGS": quiet}
    environment = with_users_own(ours) | fixed
    environment.pop("DATABASE_ROLE", None)  # web, worker and beat are never the owner
    return environment


def _prepare(environment: dict[str, str], living: Lock, stop: Stop) -> None:
    """Migrate, compile the catalogues, load the sample: one process, as each start of Django costs."""
    command = [sys.executable, ROOT / "manage.py", "prepare_stack"]
    with preparing(stop):
        child = Child("prepare", command, env=environment, cwd=ROOT, keep_open=[living.fd])
        try:
            if child.wait(stop):
                raise SystemExit("The database could not be prepared; the reason stands above.")
        finally:
            stop_all([child])


def _commands(web: socket.socket) -> dict[str, list[str]]:
    """What runs beside the servers. Requests are logged by the app itself, without query strings."""
    celery = [sys.executable, "-m", "celery", "-A", "lfnkr", "--quiet"]
    gunicorn = [sys.executable, "-m", "gunicorn", "lfnkr.wsgi", "--bind", f"fd://{web.fileno()}"]
    return {
        "worker": [*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle"],
        "beat": [*celery, "beat", "--pidfile="],
        "web": [*gunicorn, "--workers", "2", "--threads", "4", "--no-control-socket"],
    }


def _start(environment: dict[str, str], living: Lock, web: socket.socket) -> list[Child]:
    """Worker, beat and web, in this order."""
    # Killed ourselves, we cannot wait for tasks and answers to be finished: SIGQUIT ends at once.
    at_our_death = {"worker": signal.SIGQUIT, "web": signal.SIGQUIT, "beat": signal.SIGTERM}
    return [
        Child(
            name,
            command,
            env=environment,
            cwd=ROOT,
            death_signal=at_our_death[name],
            keep_open=[living.fd, web.fileno()] if name == "web" else [living.fd],
        )
        for name, command in _commands(web).items()
    ]


def _wait_until_healthy(environment: dict[str, str], children: list[Child], stop: Stop) -> None:
    """Wait for 200 of /healthz; SystemExit with the reason when a process ends or none comes."""

    def settled() -> bool:
        return any(child.ended() for child in children) or _is_healthy(environment)

    in_time = wait_until(settled, READY_SECONDS, stop, every=0.3)
    for child in children:
        if child.ended():
            raise SystemExit(f"{_ending(child)}\n{child.last_words()}")
    if not in_time:
        raise SystemExit(f"/healthz is not green after {READY_SECONDS} s: {_health(environment)[1]}")


def _is_healthy(environment: dict[str, str]) -> bool:
    return _health(environment)[0] == 200


def _health(environment: dict[str, str]) -> tuple[int, str]:
    """Status (0: no answer) and text of /healthz."""
    host = environment.get("HOST") or "127.0.0.1"
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    address = f"[{near}]" if ":" in near else near
    allowed = environment["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
    request = urllib.request.Request(f"http://{address}:{environment['PORT']}/healthz")
    if allowed and allowed != "*":
        request.add_header("Host", allowed)
    # No proxy: a user's own would be asked for his own machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=2) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")[:500]
    except OSError as error:
        return 0, str(error)


def _greet(environment: dict[str, str], seconds: float) -> None:
    """Say where it is, how to get in and how to stop."""
    say(f"\nReady after {seconds:.1f} s:  {environment['SITE_URL']}/\n")
    if LOG_INS.exists():
        say(LOG_INS.read_text().rstrip() + "\n")
    say("Ctrl-C stops it. The data stays in .local/ until `make clean`.\n")


def _watch(children: list[Child], lease: Lease | None, stop: Stop) -> int:
    """Wait for a stop (Stopped) or for the end of any process (1)."""
    while True:
        stop.check()
        for child in children:
            if child.ended():
                say(f"{_ending(child)} Stopping the rest.")
                return 1
        if lease is not None and not lease.alive():
            say(f"PostgreSQL or Redis ended by itself (see {LOG}). Stopping the rest.")
            return 1
        time.sleep(0.2)


def _ending(child: Child) -> str:
    return f"{child.name} ended by itself with code {child.process.returncode}."
