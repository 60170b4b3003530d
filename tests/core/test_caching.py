"""Nothing that stands in Redis is ever run, and nothing sealed gets there."""

import pickle
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.core.cache.backends.redis import RedisCache

from core.sealed import Sealed
from tests import factories


class Trap:
    """Bytes that touch a file when they are unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def put_by_hand(name: str, value: bytes) -> None:
    """As somebody who reached Redis would."""
    cache._cache.get_client(name, write=True).set(cache.make_key(name), value)


@pytest.fixture
def trap(tmp_path):
    put_by_hand("trap", pickle.dumps(Trap(tmp_path / "sprung")))
    return tmp_path / "sprung"


def test_bytes_put_into_redis_are_not_run(trap):
    with pytest.raises(ValueError, match="decode|JSON|Expecting|codec"):
        cache.get("trap")
    assert not trap.exists()


def test_djangos_own_way_would_run_them(trap, settings):
    own = settings.CACHES["default"]
    careless = RedisCache(own["LOCATION"], {"KEY_PREFIX": own["KEY_PREFIX"]})
    careless.get("trap")
    assert trap.exists()


@pytest.mark.parametrize("value", [3, True, None, 1.5, "x", [1.5, 2], {"host": "a", "at": 1.5}])
def test_what_the_house_keeps_there_comes_back(value):
    cache.set("x", value)
    assert cache.get("x") == value
    assert type(cache.get("x")) is type(value)


def test_a_number_can_be_counted_up():
    cache.set("n", 1)
    assert cache.incr("n") == 2


@pytest.mark.parametrize("make", [lambda: Sealed(plain=b"a name"), factories.ItemFactory.build])
def test_neither_a_sealed_value_nor_a_record_is_kept(make):
    with pytest.raises(TypeError, match="not JSON serializable"):
        caches["default"].set("x", {"found": make()})
