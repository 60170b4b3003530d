"""Migrations: named, in one line, and free of the app's code, which will have moved on."""

import ast
import re

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from tests.house.source import APPS, ROOT, place, tree

FILES = [path for app in APPS for path in sorted((ROOT / app / "migrations").glob("0*.py"))]
# A field class is code that migrations must name; it stays where it is.
FIELDS = {"core.models", "core.sealed"}


@pytest.mark.parametrize("path", FILES, ids=place)
def test_migration_is_named(path):
    assert re.fullmatch(r"\d{4}_[a-z]+(_[a-z]+)*", path.stem)
    assert not re.search(r"\d{4}_(auto|initial|alter|add|remove)_?", path.stem)


@pytest.mark.parametrize("path", FILES, ids=place)
def test_migration_imports_no_app_code(path):
    imported = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    ours = {name for name in imported if name.split(".")[0] in APPS}
    assert ours - FIELDS == set()


@pytest.mark.parametrize("app", APPS)
def test_migrations_stand_in_one_line(app):
    names = [path.stem for path in FILES if path.is_relative_to(ROOT / app)]
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    loader = MigrationLoader(None)
    assert len(loader.graph.leaf_nodes(app)) == 1
    for before, name in zip(names, names[1:], strict=False):
        assert (app, before) in loader.graph.nodes[app, name].dependencies


def test_models_and_migrations_agree(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_database_is_migrated_whole(db):
    loader = MigrationLoader(connection)
    assert set(loader.graph.nodes) - set(loader.applied_migrations) == set()
