"""Who passes the door to sealed values: one table, from which code and tests come (the door: test 24)."""

import pytest

from accounts.enums import RoleName, SecondPerson
from accounts.openings import sealed_columns
from accounts.permissions import Right
from accounts.roles import MATRIX, NOT_BUILT, OPENS, ROLES, second_person
from tests.house.test_models import MODELS, label

HUMANS = [role for role in RoleName if role != RoleName.SYSTEM]


@pytest.mark.parametrize("right", OPENS)
@pytest.mark.parametrize("role", HUMANS)
def test_who_has_a_right_to_open_is_who_the_matrix_lets_open(role, right):
    opens = second_person(role, right) is not None
    if right == Right.BREAK_GLASS or right == Right.REVEAL_SHELTER_ADDRESS:
        # One cell for both: the administrator's is for emergencies alone.
        opens = opens and (role == RoleName.ADMINISTRATOR) == (right == Right.BREAK_GLASS)
    if "V" in NOT_BUILT.get(OPENS[right].split()[0], {}).get(role, ""):
        assert opens or right == Right.BREAK_GLASS
        opens = False
    assert (right in ROLES[role].rights) == opens


@pytest.mark.parametrize("model", [model for model in MODELS if sealed_columns(model)], ids=label)
def test_every_sealed_column_belongs_to_a_row_of_the_matrix(model):
    rights = {Right(column.right) for column in sealed_columns(model)}
    assert rights <= set(OPENS)
    assert len(rights) == 1  # the page of a record names one right
    assert all(str(column.verbose_name) for column in sealed_columns(model))
    assert hasattr(model.objects.all(), "visible_to")


def test_every_cell_that_lets_open_has_a_right():
    opening = {kind for kind, cells in MATRIX.items() for cell in cells.values() if "V" in cell}
    assert opening == set(OPENS.values())


@pytest.mark.parametrize(
    ("role", "right", "mode"),
    [
        ("field_staff", Right.REVEAL_SHELTER_ADDRESS, SecondPerson.WHILE_SET),
        ("field_staff", Right.REVEAL_RESIDENT_IDENTITY, SecondPerson.NEVER),
        ("field_staff", Right.REVEAL_CHILD_IDENTITY, SecondPerson.NEVER),
        ("foster_officer", Right.REVEAL_CHILD_IDENTITY, SecondPerson.ALWAYS),
        ("supply_coordinator", Right.REVEAL_ROUTE, SecondPerson.NEVER),
        ("administrator", Right.BREAK_GLASS, SecondPerson.ALWAYS),
        ("sponsor", Right.REVEAL_CHILD_IDENTITY, None),
    ],
)
def test_the_marks_of_the_matrix_are_read(role, right, mode):
    assert second_person(role, right) == mode
