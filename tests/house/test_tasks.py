"""A message in the queue holds keys and months alone: what a task needs it reads from the database."""

import ast
import inspect
import re

import pytest

from lfnkr.celery import app
from tests.house.source import HOUSE, calls, files, place

app.loader.import_default_modules()
TASKS = {name: app.tasks[name] for name in sorted(app.tasks) if not name.startswith("celery.")}
SENDERS = {"delay", "apply_async", "send_task", "s", "si", "signature", "starmap", "chunks"}
HARMLESS = re.compile(r"(\w+_)?(uuid|month)")
OF_THE_QUEUE = {"retry", "countdown", "eta", "expires"}


def is_a_key(node: ast.AST) -> bool:
    """A constant; `record.pk`, `str(record.uuid)`; a list of these."""
    match node:
        case ast.List() | ast.Tuple():
            return all(map(is_a_key, node.elts))
        case ast.Call(func=ast.Name("str"), args=[inner]):
            return is_a_key(inner)
        case ast.Attribute(attr="uuid" | "pk"):
            return True
    return isinstance(node, ast.Constant)


def told_too_much(call: ast.Call) -> bool:
    more = [keyword.value for keyword in call.keywords if keyword.arg not in OF_THE_QUEUE]
    return not all(map(is_a_key, [*call.args, *more]))


def is_sent(name: str) -> bool:
    return "." in name and name.rsplit(".", 1)[1] in SENDERS


def test_there_are_tasks_to_look_at():
    assert {"core.send_outbox", "foster.send_monthly_reminders", "reports.draft_annual_report"} <= set(TASKS)


@pytest.mark.parametrize("name", TASKS)
def test_a_task_takes_keys_and_months_alone(name):
    for parameter in inspect.signature(TASKS[name].run).parameters.values():
        assert HARMLESS.fullmatch(parameter.name)
        assert parameter.annotation in (str, str | None)


@pytest.mark.parametrize("name", TASKS)
def test_a_task_gives_back_a_number_at_most(name):
    assert inspect.signature(TASKS[name].run).return_annotation in (None, int)


def test_results_are_kept_nowhere():
    assert app.conf.result_backend is None
    assert app.conf.task_ignore_result
    assert not app.conf.worker_send_task_events
    assert not app.conf.task_send_sent_event


def test_what_is_sent_to_the_queue_is_keys():
    sent = [(path, node) for path in files(*HOUSE) for name, node in calls(path) if is_sent(name)]
    assert len(sent) >= 3
    assert [place(path, node) for path, node in sent if told_too_much(node)] == []


@pytest.mark.parametrize(
    "planted",
    [
        "task.delay(person.name)",
        "task.apply_async([str(run.uuid), body])",
        "task.s(person)",
        "task.delay(to=mail)",
    ],
)
def test_a_planted_name_is_found(planted):
    call = ast.parse(planted).body[0].value
    assert is_sent(ast.unparse(call.func))
    assert told_too_much(call)
