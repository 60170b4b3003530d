"""Every model: a factory, a constraint that a test breaks, keys that point down and protect."""

import re

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction
from django.utils.functional import Promise

from core.sealed import SealedTextField
from tests import factories
from tests.house.source import APPS, ROOT

MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]
APPEND_ONLY = [model for model in MODELS if getattr(model, "append_only", False)]
DELETABLE = [model for model in MODELS if getattr(model, "deletable", False)]
BY_TRIGGER = [model for model in MODELS if getattr(model, "written_by_trigger", False)]
CONSTRAINTS = [constraint.name for model in MODELS for constraint in model._meta.constraints]


def label(model: type[models.Model]) -> str:
    return model._meta.label


def test_every_model_has_a_factory():
    made = {
        thing._meta.model
        for thing in vars(factories).values()
        if isinstance(thing, type) and hasattr(thing, "_meta") and getattr(thing._meta, "model", None)
    }
    assert [label(model) for model in MODELS if model not in made | set(BY_TRIGGER)] == []


def test_every_model_has_a_name_in_each_language():
    """The logs name kinds of records: Django's own name for a model is English."""
    assert [label(model) for model in MODELS if not isinstance(model._meta.verbose_name, Promise)] == []


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_every_constraint_is_broken_by_a_test(name):
    tests = (path.read_text() for path in (ROOT / "tests").rglob("test_*.py") if "house" not in path.parts)
    assert any(re.search(rf"\b{name}\b", text) for text in tests)


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_constraints_are_named_and_known_to_the_database(model, db):
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, model._meta.db_table)
    assert {constraint.name for constraint in model._meta.constraints} <= set(known)


def foreign_keys() -> list:
    return [
        pytest.param(field, id=f"{label(model)}.{field.name}")
        for model in MODELS
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
    ]


@pytest.mark.parametrize("field", foreign_keys())
def test_foreign_keys_point_down_and_protect(field: models.ForeignKey):
    here, there = field.model._meta.app_label, field.related_model._meta.app_label
    assert field.remote_field.on_delete is models.PROTECT
    if here == there:
        return
    assert APPS.index(there) < APPS.index(here)


@pytest.mark.parametrize("model", MODELS, ids=label)
def test_every_record_has_a_uuid_of_its_own_beside_its_key(model):
    """A UUID is made in Python, so that a seal can name its row before the row is there."""
    sealed = [field for field in model._meta.concrete_fields if hasattr(field, "bound_to")]
    if sealed:
        assert model._meta.get_field("uuid").unique
        assert all(field.right for field in sealed if isinstance(field, SealedTextField))


def privileges(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p FROM unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','TRIGGER']) p "
            "WHERE has_table_privilege(current_user, %s, p)",
            [table],
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("model", APPEND_ONLY, ids=label)
def test_append_only_tables_take_no_change(model, db):
    table = model._meta.db_table
    assert privileges(table) == ({"SELECT"} if model in BY_TRIGGER else {"SELECT", "INSERT"})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'append_only' "
            "AND tgenabled IN ('O', 'A')",
            [table],
        )
        assert cursor.fetchone() == (1,)
    for verb in ("DELETE FROM {}", "UPDATE {} SET id = id", "TRUNCATE {}"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(verb.format(table))


@pytest.mark.parametrize("model", BY_TRIGGER, ids=label)
def test_tables_of_triggers_are_only_read(model, db):
    assert privileges(model._meta.db_table) == {"SELECT"}


def test_other_tables_are_written_and_none_can_be_emptied_or_rebuilt(db):
    free = [model for model in MODELS if model not in APPEND_ONLY + BY_TRIGGER]
    odd = {label(model): privileges(model._meta.db_table) for model in free if model not in DELETABLE}
    assert {name: held for name, held in odd.items() if held != {"SELECT", "INSERT", "UPDATE"}} == {}


def test_rows_go_away_only_where_a_model_says_so(db):
    """Parts of payments taken back, photos out of a draft, keys of the forgotten, log-ins that are over."""
    assert {label(model) for model in DELETABLE} == {
        "foster.Allocation",
        "foster.UpdatePhoto",
        "core.DataKey",
        "accounts.Device",
        "accounts.LogInLink",
        "accounts.MailRequest",
    }
    for model in DELETABLE:
        assert privileges(model._meta.db_table) == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_history_is_append_only_where_it_must_be():
    """Taking the mark off a model would silently open its table at the next migrate."""
    assert {"core.AuditEntry", "accounts.RevealEntry", "supply.Movement"} <= set(map(label, APPEND_ONLY))
    assert "supply.Balance" in set(map(label, BY_TRIGGER))
