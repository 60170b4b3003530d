"""The walls say what the matrix says, and no table with something to hide stands outside them."""

import pytest
from django.apps import apps
from django.conf import settings

from accounts.describing import MARK, described
from accounts.roles import MATRIX
from core.sealed import SealedField
from lfnkr.walls import sql
from lfnkr.walls.table import GUARDS
from tests.house.source import APPS

MODELS = [model for app in APPS for model in apps.get_app_config(app).get_models()]
# Read before there is a person (docs/adr/0020).
BEFORE_LOG_IN = {"accounts.User", "accounts.Device", "accounts.LogInLink", "core.OutboxMessage"}


def test_every_table_that_seals_or_tells_of_persons_is_guarded():
    hiding = {
        model._meta.label
        for model in MODELS
        if getattr(model, "personal", False)
        or any(isinstance(field, SealedField) for field in model._meta.concrete_fields)
    }
    assert hiding - set(GUARDS) - BEFORE_LOG_IN == set()


def test_every_guard_is_of_a_kind_in_the_matrix_and_of_a_model_that_is_there():
    kinds = {name.split()[0] for name in MATRIX}
    assert {guard.kind for guard in GUARDS.values()} <= kinds
    assert set(GUARDS) <= {model._meta.label for model in apps.get_models()}


@pytest.mark.parametrize(
    ("kind", "role", "operation", "may"),
    [
        ("D2", "administrator", "INSERT", True),
        ("D2", "auditor", "SELECT", True),
        ("D2", "auditor", "UPDATE", False),
        ("D2", "sponsor", "SELECT", False),
        ("D3", "field_staff", "SELECT", False),  # "V": opening is not reading
        ("D10", "sponsor", "UPDATE", True),
        ("D14", "field_staff", "SELECT", True),  # a lone "o"
        ("D14", "field_staff", "UPDATE", False),
        ("D16", "administrator", "SELECT", False),  # "2" alone
    ],
)
def test_letters_of_the_matrix_become_operations(kind, role, operation, may):
    assert sql._may(kind, role, operation) is may


def test_own_is_said_wherever_the_matrix_says_own():
    """A role with "o" and no condition for it would silently see nothing."""
    missing = [
        (name, role)
        for name, guard in GUARDS.items()
        for role in sql.ROLES
        if sql.is_own(guard.kind, role) and sql._may(guard.kind, role, "SELECT") and role not in guard.own
    ]
    assert missing == []


def test_page_of_roles_is_up_to_date():
    page = (settings.BASE_DIR / "docs" / "roles.md").read_text()
    assert MARK + page.partition(MARK)[2] == described(), "run: manage.py describe_roles"
