"""The trail in words: no code of ours reaches the person who reads it."""

import ast
import re

import pytest
from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import override

from accounts import trail
from accounts.permissions import Right
from core import grants, triggers
from core.models import AuditEntry
from lfnkr.celery import app
from tests.house.source import HOUSE, ROOT, calls, files, place, tree

ACTION = re.compile(r"[a-z]+\.[a-z_]*[a-z]")
app.loader.import_default_modules()
# Services that write many rows through one helper give it the verb alone.
THROUGH_A_HELPER = re.compile(r"_(?:record|record_settled|move)\(by, .*?\"([a-z_]+)\"")


def entry(**values):
    return AuditEntry(**{"action": "accounts.changed", "subject_type": "accounts.user"} | values)


def dotted_texts(node):
    """As "room.verb"."""
    found = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
    return {one for one in found if isinstance(one, str) and ACTION.fullmatch(one)}


def actions():
    """Each dotted text in the source whose room is one in which something is recorded."""
    given = [
        keyword.value
        for path in files(*HOUSE)
        for _name, call in calls(path)
        for keyword in call.keywords
        if keyword.arg == "action"
    ]
    rooms = {one.partition(".")[0] for node in given for one in dotted_texts(node)}
    # Columns of the workbook are named through the record that a row hangs from: "plan.day".
    found = {
        one for path in files(*HOUSE) if "/sheets/" not in place(path) for one in dotted_texts(tree(path))
    }
    models = {model._meta.label_lower for model in apps.get_models()}
    modules = {place(path).removesuffix(".py").replace("/", ".") for path in files(*HOUSE)}
    packages = {name.removesuffix(".__init__") for name in modules}
    documents = {path.name for path in (ROOT / "docs").iterdir()}
    not_done = {*app.tasks, *Right, *models, *modules, *packages, *documents}
    return {one for one in found - not_done if one.partition(".")[0] in rooms}


def test_every_action_that_the_source_writes_has_a_word():
    found = {one.partition(".")[2] for one in actions()}
    for path in files(*HOUSE):
        for verb in THROUGH_A_HELPER.findall(path.read_text(encoding="utf-8")):
            found.add(f"update_{verb}" if path.parent.parent.name == "foster" else verb)
    assert {"invited", "used", "update_written", "update_published", "sent_again", "keys_rotated"} <= found
    assert found - set(trail.VERBS) == set()


def changes_told():
    """The names of changes that a service writes by hand, not from the fields of a record."""
    for path in files(*HOUSE):
        for node in ast.walk(tree(path)):
            match node:
                case ast.keyword(arg="changes", value=ast.Dict(keys=names)):
                    yield from names
                case ast.Assign(targets=[ast.Name("changes")], value=ast.Dict(keys=names)):
                    yield from names
                case ast.AnnAssign(target=ast.Name("changes"), value=ast.Dict(keys=names)):
                    yield from names


def test_every_change_that_the_source_tells_has_a_word():
    found = {name.value for name in changes_told() if isinstance(name, ast.Constant)}
    named = {
        field.name
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field.verbose_name, Promise)
    }
    assert {"devices", "state", "wrapped_by"} <= found
    assert found - named - set(trail.TOLD) == set()


def test_every_column_that_the_trail_keeps_has_a_word():
    """Ids and UUIDs are never told."""
    tracked = [model for model in apps.get_models() if grants.is_ours(model) and triggers.is_tracked(model)]
    bare = {
        field.name
        for model in tracked
        for field in model._meta.concrete_fields
        if not isinstance(field.verbose_name, Promise)
    }
    assert bare - {"id", "uuid"} - set(trail.TOLD) == set()


def test_an_action_without_a_word_is_still_read_as_words():
    assert trail.verb_of(entry(action="shelters.roof_mended")) == "roof mended"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"role": ["auditor", "administrator"]}, "role: auditor → administrator"),
        ({"role": [None, "field_staff"]}, "role: shelter field staff"),
        ({"is_active": [True, False]}, "may log in: yes → no"),
        ({"name": ["Hana", ""]}, "name: Hana → —"),
        ({"no_field_of_it": [1, 2]}, "no field of it: 1 → 2"),
    ],
)
def test_changes_are_told_in_words(changes, words):
    assert trail.changes_of(entry(changes=changes)) == words


@pytest.mark.parametrize(
    ("subject", "changes", "words"),
    [
        ("shelters.shelter", {"state": [None, "exposed"]}, "state: exposed"),
        ("supply.stockcount", {"quantity": ["8.100", "40.000"]}, "found: 8.1 → 40"),
    ],
)
def test_what_a_service_tells_is_read_as_the_field_that_it_is(subject, changes, words):
    told = entry(subject_type=subject, changes=changes)
    assert trail.changes_of(told) == words
    with override("ja"):
        assert not re.search("[a-z]", trail.changes_of(told))


def test_amounts_are_told_without_the_zeros_of_the_database():
    told = entry(subject_type="supply.stockalert", changes={"held": ["8.100", "40.000"]})
    assert trail.changes_of(told).endswith(": 8.1 → 40")


def test_a_long_text_is_cut_on_the_page_and_whole_in_a_file():
    told = entry(changes={"name": [None, "x" * 500]})
    assert trail.changes_of(told, longest=trail.LONGEST) == f"name: {'x' * trail.LONGEST}…"
    assert trail.changes_of(told) == f"name: {'x' * 500}"


def test_a_kind_of_record_that_is_no_more_keeps_its_code():
    assert trail.kind_of(entry(subject_type="supply.barrel")) == "supply.barrel"
    assert trail.kind_of(entry()) == "user"
