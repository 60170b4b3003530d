"""Every form that changes a record in place carries what its page showed (core/meanwhile.py)."""

import ast
import importlib

from core.meanwhile import ChangeForm
from tests.house.source import ROOT, dotted, functions, rooms, tree

APPS = ("supply", "shelters")
VERBS = ("change_", "end_", "set_", "write_")
# Nothing that stood there is written over, or the service itself compares what the page showed.
OTHERWISE = {
    "change_route_status": "a new row of its history",
    "change_lines": "compares the mark of the lines",
    "set_ration": "a new row of its history",
    "write_counts": "of the one who counts",
    "set_count_aside": "a count ends once",
    "write_down": "a new person",
}


def changing():
    """App, service and the names of the forms in each view that calls it."""
    for app in APPS:
        for path in rooms("views"):
            if not path.is_relative_to(ROOT / app):
                continue
            for view in (node for node in tree(path).body if isinstance(node, ast.FunctionDef)):
                called = {dotted(node.func) for node in ast.walk(view) if isinstance(node, ast.Call)}
                for name in called:
                    if name.startswith("services.") and name.split(".")[1].startswith(VERBS):
                        forms = {one.split(".")[-1] for one in called if one.endswith("Form")}
                        yield app, path, view.name, name.split(".")[1], forms


def test_a_form_that_changes_a_record_carries_what_was_shown():
    found = list(changing())
    bare = []
    for app, path, view, service, forms in found:
        if service in OTHERWISE:
            continue
        offered = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        known = [
            getattr(offered, name, None) or getattr(getattr(offered, "forms", None), name) for name in forms
        ]
        is_told = [issubclass(form, ChangeForm) and bool(form.compared) for form in known]
        if not any(is_told) or not _names_its_record(path, view):
            bare.append(f"{app}: {view} calls {service} without it")
    assert bare == []
    # It looks at something, and no exception is left over.
    assert len(found) > 12
    assert OTHERWISE.keys() <= {name for app in APPS for name in services_of(app)}


def _names_its_record(path, view):
    [node] = [one for one in functions(path) if one.name == view]
    made = [one for one in ast.walk(node) if isinstance(one, ast.Call) and dotted(one.func).endswith("Form")]
    return any(keyword.arg == "record" for one in made for keyword in one.keywords)


def services_of(app):
    paths = [path for path in rooms("services") if path.is_relative_to(ROOT / app)]
    return {node.name for path in paths for node in functions(path)}
