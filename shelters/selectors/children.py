"""Children of the programme who live at a shelter: the app that keeps them tells of them."""

from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User
from shelters.models import Evacuation, Shelter


class Children(NamedTuple):
    """`number` of all; UUID and code of those whom the reader may see."""

    number: int
    seen: list[tuple[UUID, str]]


def children_at(user: User, shelter: Shelter) -> Children:
    return Children(*import_string(settings.CHILDREN_AT)(user, shelter.pk))


def children_left(user: User, evacuation: Evacuation) -> Children:
    """Those of whom nobody has said yet where they go. Whoever sees none of them has the number of all."""
    number, seen = children_at(user, evacuation.shelter)
    said = set(evacuation.children.values_list("subject", flat=True)) if number else set()
    return Children(
        number - len(said & {one for one, _code in seen}), [one for one in seen if one[0] not in said]
    )
