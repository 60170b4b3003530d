"""A log line tells the kind and place of an error and the shape of a sentence, never a value."""

import json
import logging

import pytest
import structlog
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from core.logs import Formatter

TYPED = "Yamada Hanako"


def told(*, error=None, **values) -> dict:
    """The line of a library that logs this."""
    record = logging.makeLogRecord({"name": "some.library", "levelno": logging.WARNING} | values)
    if error is not None:
        record.exc_info = (type(error), error, error.__traceback__)
    return json.loads(Formatter().format(record))


def caught(raise_it) -> BaseException:
    try:
        raise_it()
    except Exception as error:
        return error
    raise AssertionError("nothing was raised")


def fail_with_a_cause():
    try:
        int(TYPED)
    except ValueError as error:
        raise KeyError(TYPED) from error


def test_an_error_is_its_kind_and_place_and_so_is_its_cause():
    line = told(msg="Broken", error=caught(fail_with_a_cause))
    kinds = [one for one in line["exception"].splitlines() if not one.startswith(" ")]
    assert kinds == ["builtins.KeyError", "builtins.ValueError"]
    assert "test_logs.py" in line["exception"]
    assert "fail_with_a_cause" in line["exception"]
    assert "Yamada" not in str(line)


def test_a_broken_constraint_is_named_without_its_row(hana):
    def insert_again():
        with transaction.atomic():
            User.objects.create(name=TYPED, email=hana.email)

    error = caught(insert_again)
    assert isinstance(error, IntegrityError)
    assert hana.email in str(error)  # else the test could not fail
    exception = told(msg="Broken", error=error)["exception"]
    assert "psycopg2.errors.UniqueViolation [23505 user_one_per_email]" in exception
    assert hana.email not in exception


def test_the_text_of_a_statement_is_not_told(db):
    def ask():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT %s::uuid", [TYPED])

    error = caught(ask)
    assert TYPED in str(error)
    assert TYPED not in str(told(msg="Broken", error=error))


def test_errors_in_a_ring_come_to_an_end():
    first, second = ValueError(TYPED), KeyError(TYPED)
    first.__cause__, second.__cause__ = second, first
    assert told(msg="Broken", error=first)["exception"] == "builtins.ValueError\nbuiltins.KeyError"


def test_our_own_line_tells_the_error_alike(caplog):
    try:
        int(TYPED)
    except ValueError:
        structlog.get_logger("ours").exception("it.failed", run="1")
    line = json.loads(Formatter().format(caplog.records[-1]))
    assert (line["event"], line["run"], line["level"]) == ("it.failed", "1", "error")
    assert line["exception"].startswith("builtins.ValueError")
    assert TYPED not in str(line)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"msg": "Worker ready"}, "Worker ready"),
        ({"msg": "Booting worker with pid: %s", "args": (12,)}, "Booting worker with pid: 12"),
        ({"msg": "Not Found: %s", "args": (f"/{TYPED}/",)}, "Not Found: …"),
        ({"msg": "%r after %.1f s", "args": (TYPED, 1.25)}, "'…' after 1.2 s"),
        ({"msg": "%d people", "args": (TYPED,)}, "%d people"),
        ({"msg": "ERROR: x\nDETAIL: Key (name)=(Yamada)"}, "ERROR: x\n…"),
        ({"msg": ValueError(TYPED)}, "ValueError"),
        ({"msg": f"Invalid HTTP_HOST header: {TYPED}", "name": "django.security.DisallowedHost"}, "…"),
        ({"msg": f"Invalid request from ip=203.0.113.7: {TYPED}", "name": "gunicorn.error"}, "…"),
        (
            {
                "msg": "Task %(name)s[%(id)s] %(description)s: %(exc)s",
                "args": ({"name": "a.task", "id": "1-2", "description": "raised unexpected", "exc": TYPED},),
            },
            "Task a.task[1-2] raised unexpected: …",
        ),
        (
            {
                "msg": "Task %(name)s[%(id)s] succeeded in %(runtime)ss: %(return_value)s",
                "args": ({"name": "a.task", "id": "1-2", "runtime": 0.5, "return_value": TYPED},),
            },
            "Task a.task[1-2] succeeded in 0.5s: …",
        ),
    ],
)
def test_a_librarys_sentence_keeps_its_numbers_alone(values, sentence):
    if isinstance(values.get("args", ((),))[0], dict):  # as logging itself unpacks it
        values = values | {"args": values["args"][0]}
    assert told(**values)["event"] == sentence


def test_a_librarys_warning_says_where_it_comes_from():
    line = told(msg="Careful", module="trace", lineno=7)
    assert (line["logger"], line["place"]) == ("some.library", "trace:7")
