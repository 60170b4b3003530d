"""Several people at once: each thread with a connection of its own, all starting together."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, NamedTuple

from django.db import connection, transaction


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """Run the actions in parallel; what each returned, or the exception it raised."""
    start = Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        start.wait(timeout=30)
        try:
            return action()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


class Second(NamedTuple):
    """What came of the second of two: `waited` for the first; its answer, or the exception it raised."""

    waited: bool
    answer: Any


def one_before_the_other(first: Callable[[], Any], second: Callable[[], Any]) -> Second:
    """Begin the second on a connection of its own while the first is done and not yet committed."""

    def run() -> Any:
        try:
            return second()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            other = pool.submit(run)
            waited = until_they_wait(1, but=other.done)
        return Second(waited, other.result(timeout=30))


def until_they_wait(number: int, but: Callable[[], bool] = lambda: False) -> bool:
    """Whether so many connections wait for another's lock; False: `but` came first, or it took too long."""
    for _try in range(500):
        if _waiting() >= number:
            return True
        if but():
            return False
        time.sleep(0.02)
    return False


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction sees who was there at first
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN "
            "(SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
        )
        return cursor.fetchone()[0]
