from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from core.models import TokyoToday
from shelters.models import Posting, Shelter, Stay
from shelters.selectors.registers import with_heads


def heads_on(shelter: Shelter, day: date) -> int:
    return with_heads(Shelter.objects.filter(pk=shelter.pk), day).values_list("heads", flat=True).get()


def staying(user: User, shelter: Shelter, day: date) -> QuerySet[Stay]:
    """Who is there in the night of the day, with the resident; for those alone who may read residents."""
    stays = Stay.objects.visible_to(user).filter(shelter=shelter).on(day)
    return stays.select_related("resident").order_by("resident__code")


def people_at(shelter: Shelter) -> set[UUID]:
    """UUIDs of the residents there in the coming night, by the database's Tokyo day: for the leak guard."""
    tonight = Stay.objects.filter(shelter=shelter, nights__contains=TokyoToday())
    return set(tonight.values_list("resident__uuid", flat=True))


def posted_now(shelters: Iterable[int]) -> dict[int, list[User]]:
    """Shelter id → the people posted there today who may log in, by name. Two queries, however many."""
    postings = Posting.objects.today().filter(shelter__in=list(shelters), user__is_active=True)
    found: dict[int, list[User]] = {}
    for posting in postings.select_related("user").order_by("user__name"):
        found.setdefault(posting.shelter_id, []).append(posting.user)
    return found


def own_stores(user: User) -> list[int]:
    """Keys of the places in the ledger of the person's own shelters."""
    return list(Shelter.objects.visible_to(user).values_list("store_id", flat=True))


def colleagues_of(user: User) -> list[User]:
    """Who is posted today to one of the person's own shelters, without themselves; by name."""
    own = Posting.objects.of(user).values_list("shelter", flat=True)
    people = {person for posted in posted_now(own).values() for person in posted}
    return sorted(people - {user}, key=lambda person: person.name)
