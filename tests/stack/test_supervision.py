"""The runner under everything that happens to it: Ctrl-C, kill -9, two at once, odd folders."""

import os
import pty
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stack.checkout import Checkout, clean_environment, eventually, sql_code

pytestmark = [
    pytest.mark.slow_stack,
    pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc"),
]
UP = ("-m", "scripts.stack", "up")
EXEC = ("-m", "scripts.stack", "exec", "--")
SLEEP = "import time; time.sleep(60)"
COUNT_TABLES = "select count(*) from pg_tables where schemaname = 'public'"


# --- up ---------------------------------------------------------------------------------------


def test_two_checkouts_run_side_by_side_and_each_only_once(make_used_checkout):
    first, second = make_used_checkout("first"), make_used_checkout("second")
    one = first.up(PORT="8900")
    two = second.up(PORT="8900")
    assert one.health() == two.health() == 200
    assert one.address() != two.address()
    assert "Port 8900 is in use" in two.output

    again = first.run(*UP)
    assert again.returncode == 1
    assert again.stderr.splitlines() == ["It is already running in this checkout."]

    assert first.sql("select current_user").stdout == "lfnkr_app\n"
    for running, number in ((one, signal.SIGTERM), (two, signal.SIGHUP)):
        running.process.send_signal(number)
        assert running.wait() == 0, running.output
    first.wait_until_empty(0.5)
    second.wait_until_empty(0.5)


def test_ctrl_c_in_a_terminal_through_make_ends_all_and_keeps_the_data(checkout):
    ours, theirs = pty.openpty()
    with open(ours, "r+b", buffering=0) as terminal:
        make = subprocess.Popen(
            ["make", "run"],
            cwd=checkout.path,
            env=clean_environment(PORT="8910"),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            preexec_fn=_own_terminal,
        )
        os.close(theirs)
        seen = b""
        while b"Ctrl-C stops it" not in seen:
            seen += terminal.read(4096)
        before = checkout.sql(COUNT_TABLES).stdout
        terminal.write(b"\x03")
        checkout.wait_until_empty(12)
        make.wait(5)
    assert int(before) > 5
    assert checkout.sql(COUNT_TABLES).stdout == before


def _own_terminal() -> None:
    os.setsid()
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_kill_9_leaves_nothing_and_the_next_start_works_at_once(used_checkout):
    used_checkout.up(PORT="8920").kill()
    again = used_checkout.up(PORT="8920")
    assert again.health() == 200
    again.kill()
    used_checkout.wait_until_empty(6)


@pytest.mark.parametrize("victim", ["lfnkr --quiet worker", "bin/postgres -D"])
def test_the_end_of_one_process_stops_the_whole(used_checkout, victim):
    running = used_checkout.up(PORT="8930")
    os.kill(min(used_checkout.pids(victim)), signal.SIGKILL)
    assert running.wait() == 1
    assert "ended by itself" in running.output
    used_checkout.wait_until_empty(3)


@pytest.mark.parametrize("milestone", ["Starting PostgreSQL", "prepare |"])
def test_a_stop_during_the_start_leaves_nothing(checkout, milestone):
    running = checkout.start(*UP, PORT="8940")
    running.wait_for(milestone)
    running.process.send_signal(signal.SIGINT)
    assert running.wait() == 0, running.output
    checkout.wait_until_empty(3)
    assert "Ready" not in running.output


def test_a_wrong_port_is_one_sentence(checkout):
    refused = checkout.run(*UP, PORT="eighty")
    assert (refused.returncode, refused.stderr) == (1, "PORT=eighty is not a port number.\n")


def test_localhost_taken_on_ipv6_counts_as_taken(used_checkout):
    if not socket.has_ipv6:
        pytest.skip("no IPv6")
    with socket.socket(socket.AF_INET6) as other:
        other.bind(("::1", 8950))
        other.listen()
        assert used_checkout.up(PORT="8950").address() == "http://localhost:8951/"


# --- manage.py --------------------------------------------------------------------------------


def test_several_commands_at_once_share_servers_that_end_with_the_last(checkout):
    code = sql_code("select current_user")
    commands = [checkout.start("manage.py", "shell", "-v", "0", "-c", code) for _ in range(4)]
    assert [command.wait(60) for command in commands] == [0] * 4
    assert sum("making its tables" in command.output for command in commands) == 1
    assert all("lfnkr_app\n" in command.output for command in commands)
    checkout.wait_until_empty(6)


def test_commands_without_a_database_start_no_server(checkout):
    assert checkout.run("manage.py", "version").returncode == 0
    assert checkout.run("manage.py", "migrate", "--help").returncode == 0
    assert not (checkout.path / ".local" / "postgres").exists()


def test_up_and_a_command_use_the_same_servers_and_neither_ends_the_other(used_checkout):
    used_checkout.sql("select 1")
    code = sql_code("select 'in'", SLEEP)
    command = used_checkout.start("manage.py", "shell", "-v", "0", "-c", code)
    command.wait_for("in\n")
    running = used_checkout.up(PORT="8960")
    assert len(used_checkout.pids("bin/postgres -D")) == 1
    running.process.send_signal(signal.SIGTERM)
    assert running.wait() == 0
    assert command.process.poll() is None
    assert used_checkout.pids("bin/postgres -D")
    command.kill()
    used_checkout.wait_until_empty(6)


def test_a_killed_keeper_is_replaced(used_checkout):
    used_checkout.sql("select 1")
    command = used_checkout.start("manage.py", "shell", "-v", "0", "-c", sql_code("select 'in'", SLEEP))
    command.wait_for("in\n")
    os.kill(used_checkout.pids("scripts.stack keep")[0], signal.SIGKILL)
    assert used_checkout.sql("select 'again'").stdout == "again\n"
    command.kill()
    used_checkout.wait_until_empty(6)


def test_one_address_alone_is_one_sentence(checkout):
    for command in (("manage.py", "shell"), UP, (*EXEC, "true")):
        refused = checkout.run(*command, REDIS_URL="redis://localhost")
        assert refused.returncode == 1
        assert refused.stderr == ("REDIS_URL is set but DATABASE_URL is not: set both, or neither.\n")


# --- exec -------------------------------------------------------------------------------------


def test_exec_hands_on_the_exit_code_and_leaves_nothing(checkout):
    done = checkout.run(*EXEC, "sh", "-c", "echo $DATABASE_URL; ls -d ${SEALING_KEY_FILE%/*}; exit 7")
    assert done.returncode == 7
    address, folder = done.stdout.splitlines()
    assert address.startswith("postgres://lfnkr_app@")
    assert not Path(folder).exists()
    checkout.wait_until_empty(0.5)


def test_exec_uses_the_servers_that_are_named(checkout):
    inner = f"{checkout.python} {' '.join(EXEC)} sh -c 'echo $DATABASE_URL'"
    done = checkout.run(*EXEC, "sh", "-c", f"echo $DATABASE_URL; {inner}")
    outside, inside = done.stdout.splitlines()
    assert outside == inside


def test_a_killed_exec_takes_all_along_and_the_next_one_sweeps(checkout):
    with tempfile.TemporaryDirectory(prefix="sweep", dir="/tmp") as temporary:
        os.chmod(temporary, 0o755)  # PostgreSQL's account must get in, as into /tmp
        running = checkout.start(*EXEC, "sh", "-c", "echo in; exec sleep 60", TMPDIR=temporary)
        running.wait_for("in\n")
        running.kill()
        checkout.wait_until_empty(5)
        (left,) = Path(temporary).glob("lfnkr-exec-*")
        os.utime(left, (0, 0))
        assert checkout.run(*EXEC, "true", TMPDIR=temporary).returncode == 0
        assert not list(Path(temporary).glob("lfnkr-*"))


# --- odd places -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ['a space, 日本, a comma and a "quote', "deep" * 30])
def test_any_folder_will_do(make_checkout: Callable[..., Checkout], name):
    checkout = make_checkout(name)
    assert checkout.sql("select current_user").stdout == "lfnkr_app\n"
    checkout.wait_until_empty(6)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_root_under_a_home_closed_to_others_keeps_data_and_mode(make_checkout, open_folder):
    home = open_folder / "root's home"
    home.mkdir(mode=0o700)
    checkout = make_checkout(f"{home.name}/checkout")
    tables = checkout.sql(COUNT_TABLES).stdout
    checkout.wait_until_empty(6)
    assert checkout.sql(COUNT_TABLES).stdout == tables
    assert checkout.run("-m", "scripts.stack", "exec", "--", "true").returncode == 0
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    checkout.wait_until_empty(6)
    assert checkout.run("-m", "scripts.stack", "clean").returncode == 0
    assert not (checkout.path / ".local").exists()


def test_clean_refuses_while_it_runs(used_checkout):
    used_checkout.sql("select 1")
    command = used_checkout.start("manage.py", "shell", "-v", "0", "-c", sql_code("select 'in'", SLEEP))
    command.wait_for("in\n")
    refused = used_checkout.run("-m", "scripts.stack", "clean")
    assert (refused.returncode, refused.stderr) == (
        1,
        "It is running in this checkout: stop it first.\n",
    )
    command.kill()
    assert eventually(lambda: not used_checkout.processes(), 6)
    assert used_checkout.run("-m", "scripts.stack", "clean").returncode == 0
