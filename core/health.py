"""Is each part of the stack alive? The worker and beat tell it themselves, through Redis."""

import time

from django.core.cache import cache
from django.db import OperationalError, connection
from redis.exceptions import RedisError

SILENT_AFTER_SECONDS = 30


def heard_from(part: str, host: str) -> None:
    cache.set(f"health:{part}", {"host": host, "at": time.time()}, timeout=SILENT_AFTER_SECONDS)


def state() -> dict[str, bool]:
    """Part → alive. Redis gone: worker and beat cannot be heard either."""
    try:
        alive = {part: cache.get(f"health:{part}") is not None for part in ("worker", "beat")}
        redis = True
    except RedisError:
        alive, redis = {"worker": False, "beat": False}, False
    return {"database": _database_answers(), "redis": redis, **alive}


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except OperationalError:
        return False
