import logging
from contextlib import closing
from threading import Event

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from core import grants, health
from core.logs import WithoutHealthChecks
from tests.conftest import TEST_DATABASE
from tests.database import owner_connection


@pytest.fixture
def all_alive(db):
    health.heard_from("worker", "here")
    health.heard_from("beat", "here")


def test_all_alive_is_200(all_alive):
    response = Client().get("/healthz")
    assert response.status_code == 200
    alive = dict.fromkeys(("database", "redis", "worker", "beat", "walls"), "ok")
    assert response.json() == alive | {"ledger": "not checked"}


@pytest.mark.parametrize("silent", ["worker", "beat"])
def test_silent_part_is_503_and_named(all_alive, silent):
    cache.delete(f"health:{silent}")
    response = Client().get("/healthz")
    assert response.status_code == 503
    assert [part for part, state in response.json().items() if state == "down"] == [silent]


def test_redis_gone_is_503_and_named(all_alive, settings):
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": "unix:///nowhere/redis.sock"}}
    response = Client().get("/healthz")
    assert response.status_code == 503
    assert response.json()["redis"] == "down"
    assert response.json()["database"] == "ok"


@pytest.mark.django_db(transaction=True)
def test_database_gone_is_503_and_named(settings):
    health.heard_from("worker", "here")
    health.heard_from("beat", "here")
    port = connection.settings_dict["HOST"]
    connection.close()
    connection.settings_dict["HOST"] = "/nowhere"
    try:
        response = Client().get("/healthz")
    finally:
        connection.close()
        connection.settings_dict["HOST"] = port
    assert response.status_code == 503
    assert response.json()["database"] == "down"
    assert response.json()["redis"] == "ok"


OFF_AND_ON = [
    ("foster_child", "{} ROW LEVEL SECURITY", "foster.Child: 4 of 4 row policies"),
    ("supply_item", "{} TRIGGER trail", "supply.Item: no trail"),
    ("core_auditentry", "{} TRIGGER append_only", "core.AuditEntry: no append_only"),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("table", "change", "fault"), OFF_AND_ON)
def test_a_wall_that_is_down_is_503_and_named(table, change, fault, monkeypatch):
    monkeypatch.setattr(health, "_walls_stood", Event())
    with closing(owner_connection(TEST_DATABASE)) as owner, owner.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} {change.format('DISABLE')}")
        try:
            assert grants.faults() == [fault]
            assert Client().get("/healthz").json()["walls"] == "down"
        finally:
            cursor.execute(f"ALTER TABLE {table} {change.format('ENABLE')}")
    assert Client().get("/healthz").json()["walls"] == "ok"


def test_health_says_nothing_else(all_alive):
    assert b"here" not in Client().get("/healthz").content


def test_health_checks_do_not_bury_the_log():
    keep = WithoutHealthChecks().filter
    asked = logging.makeLogRecord({"msg": {"request": "GET /healthz", "event": "request_finished"}})
    down = logging.makeLogRecord({"msg": "%s: %s", "args": ("Service Unavailable", "/healthz")})
    other = logging.makeLogRecord({"msg": "%s: %s", "args": ("Not Found", "/elsewhere")})
    assert [keep(record) for record in (asked, down, other)] == [False, False, True]
