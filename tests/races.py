"""Several people at once: each thread with a connection of its own, all starting together."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


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


def somebody_waits() -> bool:
    """Whether one of this database waits for another to let go of what is held for a whole step."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        return cursor.fetchone()[0]


def until(is_so: Callable[[], bool]) -> None:
    """Raises AssertionError after six seconds."""
    for _moment in range(300):
        if is_so():
            return
        time.sleep(0.02)
    raise AssertionError("it never came to that")
