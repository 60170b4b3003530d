"""Each line of code in its room: no writes in views, no clock below them, services of one shape."""

import ast
import importlib
from pathlib import Path

import pytest

from tests.house.source import APPS, HOUSE, ROOT, calls, dotted, files, functions, place, rooms, tree

WRITES = {
    "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "update", "delete", "save",
}  # fmt: skip
# Verbs of things that are no record: a dict, a session, a cookie, a context.
NO_RECORDS = {"context", "values", "initial", "attrs", "kwargs", "options", "headers", "session", "query"}
CLOCK = {"now", "today", "localdate", "localtime", "utcnow", "time", "time_ns"}
CLOCKS = {"timezone", "datetime", "date", "time"}


def test_views_forms_tasks_and_tables_write_nothing():
    found = [
        f"{place(path, node)} {name}"
        for path in rooms("views", "entry", "door", "gate", "forms", "tasks", "tables", "templatetags")
        for name, node in calls(path)
        if "." in name and name.rsplit(".", 1)[1] in WRITES and name.split(".")[-2] not in NO_RECORDS
    ]
    assert found == []


def test_models_selectors_and_services_read_no_clock():
    found = [
        f"{place(path, node)} {name}"
        for path in rooms("models", "selectors", "services", "enums")
        for name, node in calls(path)
        if len(parts := name.split(".")) > 1 and parts[-1] in CLOCK and parts[-2] in CLOCKS
    ]
    # The one column that has a default of today, in Tokyo.
    assert [line for line in found if not line.startswith("shelters/models")] == []
    assert len(found) <= 1


def services_of(app: str) -> dict[str, tuple[Path, ast.FunctionDef]]:
    """Every function of the app's services, by its name."""
    paths = [path for path in rooms("services") if path.is_relative_to(ROOT / app)]
    return {
        node.name: (path, node)
        for path in paths
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef)
    }


def offered_by(app: str) -> set[str]:
    """What other rooms call: the names a package exports, or the public ones of a module."""
    package = ROOT / app / "services" / "__init__.py"
    if not package.exists():
        return {name for name in services_of(app) if not name.startswith("_")}
    imports = [node for node in tree(package).body if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports for alias in node.names}


def calls_in(node: ast.FunctionDef) -> list[str]:
    return [dotted(part.func) for part in ast.walk(node) if isinstance(part, ast.Call)]


def is_write(call: str) -> bool:
    by_hand = call in ("audit.record", "outbox.post") or ".filter().update" in call
    return by_hand or ("." in call and call.rsplit(".", 1)[1] in WRITES - {"update"})


def writers_of(app: str) -> set[str]:
    """The functions in which something is written, directly or through one another."""
    called = {name: calls_in(node) for name, (_path, node) in services_of(app).items()}
    writing = {name for name, names in called.items() if any(map(is_write, names)) or "save_record" in names}
    while more := {name for name, names in called.items() if writing & set(names)} - writing:
        writing |= more
    return writing


def only_passes_on(app: str, node: ast.FunctionDef) -> bool:
    """One call of a service that writes, which is atomic itself, and no writing of its own."""
    names = calls_in(node)
    services = {"save_record", "save_values"} | (offered_by(app) & writers_of(app))
    return not any(map(is_write, names)) and sum(name in services for name in names) == 1


# What must commit bit by bit while the work goes on, so that a page can watch it and a kill loses little.
BIT_BY_BIT = {"begin_job", "advance_job", "finish_job", "queue_job", "carry_out_run"}
SERVICES = [
    pytest.param(app, services_of(app)[name][1], id=f"{app}:{name}")
    for app in APPS
    if (ROOT / app / "services.py").exists() or (ROOT / app / "services").is_dir()
    for name in sorted(offered_by(app) & writers_of(app) - BIT_BY_BIT)
]


@pytest.mark.parametrize(("app", "node"), SERVICES)
def test_service_takes_names_only_with_by_first_and_says_what_it_gives(app: str, node: ast.FunctionDef):
    arguments = node.args
    assert arguments.args == arguments.posonlyargs == []
    assert arguments.vararg is None
    assert [argument.arg for argument in arguments.kwonlyargs][:1] == ["by"]
    assert all(argument.annotation is not None for argument in arguments.kwonlyargs)
    assert node.returns is not None


@pytest.mark.parametrize(("app", "node"), SERVICES)
def test_service_is_whole_or_did_not_happen(app: str, node: ast.FunctionDef):
    is_atomic = any("atomic" in ast.unparse(decorator) for decorator in node.decorator_list)
    assert is_atomic or only_passes_on(app, node)


def test_no_signal_receivers_and_no_save_overrides():
    """Order, failure and audit stay visible: domain logic is called, never triggered."""
    overrides = [
        place(path, node)
        for path in rooms("models")
        for node in functions(path)
        if node.name in ("save", "delete")
    ]
    receivers = [
        place(path, node)
        for path in files(*APPS)
        for name, node in calls(path)
        if name.split(".")[0] in ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed")
    ]
    assert overrides == receivers == []


def test_no_admin_is_mounted():
    assert [place(path) for path in rooms("admin")] == []


def test_files_are_short():
    long = [place(path) for path in files(*HOUSE, "tests", "scripts") if path.read_text().count("\n") > 400]
    # A factory per model stands in one file.
    assert [name for name in long if name != "tests/factories.py"] == []


def test_functions_are_short():
    found = [
        f"{place(path, node)} {node.name}"
        for path in files(*HOUSE, "scripts")
        for node in functions(path)
        if node.end_lineno - node.lineno >= 40
    ]
    assert found == []


def test_no_star_imports_and_no_unfinished_work():
    words = ("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error", "import " + "*")
    found = [
        f"{place(path)} {word}"
        for path in files(*HOUSE, "scripts", "tests")
        for word in words
        if word in path.read_text()
    ]
    assert found == []


@pytest.mark.parametrize("folder", ["benchmarks", "scripts"])
def test_what_no_test_calls_finds_all_it_imports(folder):
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.stem != "__init__"
    ]
    assert modules
    for module in modules:
        importlib.import_module(module)
