"""Is each part of the stack alive? The worker and beat tell it themselves, through Redis."""

import time
from threading import Event

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection
from django.utils.module_loading import import_string
from redis.exceptions import RedisError

from core import grants

SILENT_AFTER_SECONDS = 30

log = structlog.get_logger(__name__)
_walls_stood = Event()


def heard_from(part: str, host: str) -> None:
    cache.set(f"health:{part}", {"host": host, "at": time.time()}, timeout=SILENT_AFTER_SECONDS)


def state() -> dict[str, bool]:
    """Part → alive. Redis gone: worker and beat cannot be heard either."""
    try:
        alive = {part: cache.get(f"health:{part}") is not None for part in ("worker", "beat")}
        redis = True
    except RedisError:
        alive, redis = {"worker": False, "beat": False}, False
    return {"database": _database_answers(), "redis": redis, **alive, "walls": _walls_stand()}


def told() -> dict[str, str]:
    """What else an operator should know: line → a word. It stops nobody from working."""
    try:
        return {line: import_string(path)() for line, path in settings.HEALTH_TELLS.items()}
    except OperationalError:
        return {}


def _walls_stand() -> bool:
    """Whether every table is guarded as the code expects. Once they stand, only a migration changes that."""
    if not _walls_stood.is_set():
        try:
            faults = grants.faults()
        except OperationalError:
            return False
        if faults:
            log.error("walls.missing", faults=faults)
            return False
        _walls_stood.set()
    return True


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return cursor.fetchone() == (1,)
    except OperationalError:
        return False
