"""What the house itself writes into a log: a word of the code and keys, through the one formatter."""

import ast

import pytest
from django.conf import settings

from core.logs import Formatter
from tests.house.source import HOUSE, calls, files, place
from tests.house.test_tasks import is_a_key

LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
# What stands for a page, a status, a key, the tables that lack a wall.
HARMLESS = {"page_of(request)", "response.status_code", "_who_was_looked_up(request)", "faults"}
LOGGERS = ("logging.getLogger", "getLogger", "structlog.get_logger")


def is_logged(name: str) -> bool:
    return name.split(".")[0] in ("log", "logger") and name.rsplit(".", 1)[-1] in LEVELS


def tells_too_much(call: ast.Call) -> bool:
    values = [*call.args, *(keyword.value for keyword in call.keywords)]
    return not all(is_a_key(value) or ast.unparse(value) in HARMLESS for value in values)


def test_the_house_logs_keys_alone():
    logged = [(path, node) for path in files(*HOUSE) for name, node in calls(path) if is_logged(name)]
    assert logged
    assert [place(path, node) for path, node in logged if tells_too_much(node)] == []


@pytest.mark.parametrize(
    "planted", ["log.info('it', name=user.name)", "log.exception(f'{user}')", "log.error('%s' % body)"]
)
def test_a_planted_name_is_found(planted):
    call = ast.parse(planted).body[0].value
    assert is_logged(ast.unparse(call.func))
    assert tells_too_much(call)


def test_every_logger_is_called_log():
    """By its name the test above finds what is logged; nothing is printed past it but by commands."""
    assigned = [
        (path, node)
        for path in files(*HOUSE)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith(LOGGERS)
    ]
    assert [place(path, node) for path, node in assigned if ast.unparse(node.targets[0]) != "log"] == []
    printed = [place(path, node) for path in files(*HOUSE) for name, node in calls(path) if name == "print"]
    assert printed == []


def test_all_lines_go_through_the_formatter_and_none_becomes_a_mail():
    handlers = settings.LOGGING["handlers"].values()
    assert {handler["class"] for handler in handlers} == {"logging.StreamHandler"}
    formatters = {settings.LOGGING["formatters"][handler["formatter"]]["()"] for handler in handlers}
    assert formatters == {f"{Formatter.__module__}.{Formatter.__name__}"}
    assert settings.ADMINS == settings.MANAGERS == []
