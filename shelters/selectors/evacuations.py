"""Who and what is still at an exposed shelter, where the others went, and whom to warn."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.enums import RoleName
from accounts.models import User
from shelters.models import Evacuation, EvacuationPerson, Shelter, Stay
from shelters.selectors.people import counted_at, posted_now, staying
from shelters.selectors.registers import with_state
from supply import selectors as supply

if TYPE_CHECKING:
    from supply.models import Movement, Place

CALLED = (RoleName.SUPPLY_COORDINATOR, RoleName.ADMINISTRATOR, RoleName.FOSTER_OFFICER)


def state_on(shelter: Shelter, day: date) -> str | None:
    return with_state(Shelter.objects.filter(pk=shelter.pk), day).values_list("state", flat=True).get()


def evacuation_of(shelter: Shelter) -> Evacuation | None:
    """The one that runs."""
    return Evacuation.objects.running().filter(shelter=shelter).first()


def begun_by(shelter: Shelter, key: UUID) -> Evacuation | None:
    """The one that the form with this key began, or else the one that runs."""
    begun = Evacuation.objects.filter(shelter=shelter, key=key).first()
    return begun or evacuation_of(shelter)


def evacuations_of(user: User) -> QuerySet[Evacuation]:
    """Those that the person may see, with who began and finished them."""
    return Evacuation.objects.visible_to(user).select_related("shelter", "started_by", "finished_by")


def evacuations_running(shelters: Iterable[Shelter]) -> dict[int, Evacuation]:
    """Key of the shelter → the one that runs there."""
    running = Evacuation.objects.running().filter(shelter__in=[shelter.pk for shelter in shelters])
    return {one.shelter_id: one for one in running}


def people_to_warn(shelter: Shelter, but: User) -> list[User]:
    """Who works there today, who handed on a guest who is expected there, who plans the routes there, the
    administrators and the foster officers; by name.

    Officers also where no child lives: whom else one calls would tell where children live.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT shelters_who_handed_on(%s)", [shelter.pk])
        handed_on = cursor.fetchone()[0]
    others = User.objects.filter(Q(role__in=CALLED) | Q(pk__in=handed_on), is_active=True)
    people: Iterable[User] = {*posted_now([shelter.pk]).get(shelter.pk, []), *others} - {but}
    return sorted(people, key=lambda person: (person.name, person.pk))


def still_there(user: User, evacuation: Evacuation, day: date) -> list[Stay]:
    """Of whom nobody has said yet where they go."""
    return list(staying(user, evacuation.shelter, day).filter(outcome=""))


def still_expected(user: User, evacuation: Evacuation) -> list[Stay]:
    """Who is expected there and must not come, the next first."""
    guests = Stay.objects.visible_to(user).expected().filter(shelter=evacuation.shelter, is_missing=False)
    said = EvacuationPerson.objects.filter(evacuation=evacuation).values("stay")
    return list(guests.exclude(pk__in=said).select_related("resident").order_by("nights", "resident__code"))


def guests_in_danger() -> list[str]:
    """Whom the person whom the transaction acts for handed on to a shelter that takes nobody now: "code →
    code of the shelter"."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT shelters_guests_in_danger()")
        return cursor.fetchone()[0]


def missing_from() -> dict[str, int]:
    """Code of a shelter → how many handed on from there did not arrive and nobody can look for; for
    administrators, else none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT shelters_missing_from()")
        return dict(Counter(cursor.fetchone()[0]))


def gone(user: User, evacuation: Evacuation) -> QuerySet[EvacuationPerson]:
    """Where each went, for those alone who may read residents; not of whom it was taken back."""
    people = _told(evacuation)
    newer = people.filter(stay=OuterRef("stay"), pk__gt=OuterRef("pk"))
    people = people.filter(~Exists(newer)).exclude(stay__in=Stay.objects.open())
    return people.select_related("by").order_by("id")


def left_otherwise(user: User, evacuation: Evacuation, first: date, last: date) -> list[Stay]:
    """Who left there on its days by another page: taken in elsewhere by their code, or written out before.

    Each with `left_on`. The stay of who came on the last day and left on it ends on the next (`leave`).
    """
    came_and_left = Q(nights__startswith=last, nights__endswith=last + timedelta(days=1))
    over = Stay.objects.visible_to(user).filter(
        came_and_left | Q(nights__endswith__range=(first, last)), shelter=evacuation.shelter, is_planned=False
    )
    over = over.exclude(outcome="").exclude(pk__in=_told(evacuation).values("stay"))
    found = list(over.select_related("resident").order_by("resident__code"))
    for stay in found:
        stay.left_on = min(stay.nights.upper, last)  # type: ignore[attr-defined]
    return found


def _told(evacuation: Evacuation) -> QuerySet[EvacuationPerson]:
    """What was said of each on its pages, unless another page said otherwise once that was taken back."""
    anew = Stay.objects.filter(pk=OuterRef("stay"), said_at__gt=OuterRef("at"))
    return EvacuationPerson.objects.filter(~Exists(anew), evacuation=evacuation)


def counted_left(evacuation: Evacuation, day: date) -> int:
    """How many of those who were only counted nobody has spoken of yet."""
    counted = counted_at(evacuation.shelter, day)
    return counted.heads - counted.staying if counted else 0


def stores_to_move_to(user: User, shelter: Shelter) -> list["Place"]:
    """The stores of the person's other shelters, and the warehouses; also those that are shut by now."""
    others = Shelter.objects.visible_to(user).exclude(pk=shelter.pk).select_related("store")
    return [*(other.store for other in others), *supply.warehouses()]


def taken_out(evacuation: Evacuation) -> QuerySet["Movement"]:
    """What left the store while it ran, mistakes left out; the first line first."""
    store = evacuation.shelter.store
    left = supply.movements_of(store).filter(source=store, reverses__isnull=True, reversed_by__isnull=True)
    end = {"recorded_at__lte": evacuation.finished_at} if evacuation.finished_at else {}
    return left.filter(recorded_at__gte=evacuation.started_at, **end).order_by("id")


def booked_out(evacuation: Evacuation, keys: Iterable[UUID]) -> QuerySet["Movement"]:
    """What left the store under these keys, mistakes too."""
    store = evacuation.shelter.store
    return supply.movements_of(store).filter(source=store, key__in=list(keys))


def lines_left(shelter: Shelter) -> int:
    """How many lines of stock lie in the store."""
    return supply.stock_of(shelter.store).count()
