from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import BigIntegerField, Count, DateField, DateTimeField, Q, QuerySet, Value
from django.utils.timezone import make_aware

from accounts.models import User
from accounts.permissions import Right
from core.models import DayAt
from core.prepared import Asked, Prepared
from shelters.models import HeadCount, Posting, Resident, Shelter, Stay
from shelters.selectors.registers import with_heads


def heads_on(shelter: Shelter, day: date) -> int:
    return with_heads(Shelter.objects.filter(pk=shelter.pk), day).values_list("heads", flat=True).get()


def counted_at(shelter: Shelter, day: date) -> Any:
    """The shelter with its `heads` and how many of them are `staying`, where a head count holds that night.

    None where people are registered one by one, and where nobody is.
    """
    found: Any = with_heads(Shelter.objects.filter(pk=shelter.pk), day).get()
    return found if found.heads > found.staying else None


def staying(user: User, shelter: Shelter, day: date) -> QuerySet[Stay]:
    """Who is there in the night of the day, with the resident; for those alone who may read residents."""
    stays = Stay.objects.visible_to(user).filter(shelter=shelter).on(day)
    return stays.select_related("resident").order_by("resident__code")


class Waiting(NamedTuple):
    """How many did not arrive where they were handed on to, did not come and did not leave, by their day."""

    missing: int
    overdue: int
    staying_on: int


class People(NamedTuple):
    """Of a shelter on a day. `left`: of whom it was said on that day what became of them; they had stayed, or
    were handed on and did not arrive."""

    staying: list[Stay]
    expected: list[Stay]
    left: list[Stay]

    def waiting(self, day: date) -> Waiting:
        """As `waiting_at` counts them in the database."""
        missing = sum(stay.is_missing for stay in self.expected)
        overdue = sum(not stay.is_missing and stay.nights.lower < day for stay in self.expected)
        staying_on = sum(stay.leaves_on is not None and stay.leaves_on < day for stay in self.staying)
        return Waiting(missing, overdue, staying_on)


def people_of(user: User, shelter: Shelter, day: date) -> People:
    """`staying`, by code; who is expected and has not come, the next first; and who `left`.

    With the resident, in one query. The caller has seen to it that the shelter may be shown, and the day is
    the shelter's own.
    """
    if not user.may(Right.RESIDENTS_READ):
        return People([], [], [])
    found = _PEOPLE.rows(shelter=shelter.pk, day=day, since=make_aware(datetime.combine(day, time.min)))
    by_code = sorted(found, key=lambda stay: stay.resident.code)
    return People(
        [stay for stay in by_code if not stay.is_planned and stay.said_at is None],
        [stay for stay in found if stay.is_planned and stay.said_at is None],
        [stay for stay in by_code if stay.said_at is not None],
    )


def _people() -> QuerySet[Stay]:
    here = Stay.objects.filter(shelter=Asked("shelter", BigIntegerField()))
    left = here.filter(Q(is_planned=False) | Q(is_missing=True), said_at__gte=Asked("since", DateTimeField()))
    either = here.on(Asked("day", DateField())) | here.expected() | left
    return either.select_related("resident").order_by("nights", "resident__code")


_PEOPLE = Prepared(_people)


def waiting_at(user: User, shelters: Iterable[Shelter], day: date) -> dict[int, Waiting]:
    """Key of the shelter → of whom it has to be said what became; for those alone who may read residents."""
    here = Stay.objects.visible_to(user).filter(shelter__in=[shelter.pk for shelter in shelters])
    expected = Q(is_planned=True, cancelled_at__isnull=True)
    overdue = expected & Q(is_missing=False, nights__startswith__lt=day)
    staying_on = Q(is_planned=False, outcome="", nights__upper_inf=True, leaves_on__lt=day)
    numbers = (
        here.order_by()
        .values_list("shelter")
        .annotate(
            missing=Count("pk", filter=expected & Q(is_missing=True)),
            overdue=Count("pk", filter=overdue),
            staying_on=Count("pk", filter=staying_on),
        )
    )
    return {shelter: Waiting(*counted) for shelter, *counted in numbers}


def stays_of(user: User, resident: Resident) -> QuerySet[Stay]:
    """At the shelters of whoever looks, the newest first."""
    return (
        Stay.objects.visible_to(user).filter(resident=resident).select_related("shelter").order_by("-nights")
    )


def counts_of(shelter: Shelter) -> QuerySet[HeadCount]:
    """The last ten head counts, the newest first."""
    return shelter.head_counts.select_related("by")[:10]


def may_take(resident: Resident) -> bool:
    """Whether whoever the transaction acts for may write a stay for this resident (docs/adr/0025)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT shelters_may_take(%s)", [resident.pk])
        return cursor.fetchone()[0]


def handed_on(stay: Stay, form: UUID) -> str:
    """Code of whom the form with this key handed on from this stay; empty when it did not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT shelters_handed_on(%s, %s)", [stay.pk, form])
        return cursor.fetchone()[0] or ""


def people_at(shelter: Shelter) -> set[UUID]:
    """UUIDs of the residents there in the coming night, by the shelter's day: for the leak guard."""
    tonight = Stay.objects.filter(shelter=shelter, nights__contains=DayAt(Value(shelter.time_zone)))
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


def zones_of_stores(places: Iterable[int]) -> dict[int, str]:
    """Key of a place in the ledger → the time zone of the shelter whose store it is, where it is one."""
    found = Shelter.objects.filter(store__in=list(places)).order_by()
    return dict(found.values_list("store", "time_zone"))


def zones_of(user: User) -> set[str]:
    """The time zones of the person's own shelters."""
    return set(Shelter.objects.visible_to(user).order_by().values_list("time_zone", flat=True).distinct())


def colleagues_of(user: User) -> list[User]:
    """Who is posted today to one of the person's own shelters, without themselves; by name."""
    own = Posting.objects.of(user).values_list("shelter", flat=True)
    people = {person for posted in posted_now(own).values() for person in posted}
    return sorted(people - {user}, key=lambda person: person.name)
