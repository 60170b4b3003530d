"""Children of the programme who live at a shelter: the app that keeps them tells of them."""

from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import User
from shelters.models import Evacuation


def children_left(user: User, evacuation: Evacuation) -> list[tuple[UUID, str]]:
    """UUID and code of those of whom nobody has said yet where they go; none for who may not see them."""
    living = import_string(settings.CHILDREN_AT)(user, evacuation.shelter_id)
    said = set(evacuation.children.values_list("subject", flat=True)) if living else set()
    return [one for one in living if one[0] not in said]
