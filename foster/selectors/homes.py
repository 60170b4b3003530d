from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Q

from accounts.models import User
from foster.enums import LIVING_THERE
from foster.models import Child
from foster.selectors.programme import with_state
from supply.enums import ShutBy
from supply.selectors import Shut


def children_at(user: User, shelter: int) -> list[tuple[UUID, str]]:
    """UUID and code of the children who live at the shelter with this key and whom the person may see; by
    code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT foster_children_at(%s)", [shelter])
        keys = cursor.fetchone()[0]
    seen = Child.objects.visible_to(user).filter(pk__in=keys) if keys else Child.objects.none()
    return list(seen.order_by("code").values_list("uuid", "code"))


def children_in_danger(user: User, day: date, shut: Mapping[int, Shut]) -> list[tuple[Child, Shut]]:
    """Those whom the person may see who live at a shelter that is exposed or being evacuated, and why; by
    code. `shut`: as the shelters' `why_shut` says."""
    places = [key for key, why in shut.items() if why.why != ShutBy.CLOSED]
    found = with_state(Child.objects.visible_to(user).filter(shelter__in=places), day)
    found = found.filter(Q(state__in=LIVING_THERE) | Q(state__isnull=True))
    return [
        (child, shut[child.shelter_id or 0]) for child in found.select_related("shelter").order_by("code")
    ]
