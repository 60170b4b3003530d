"""Who is where, what a person is given a day, and how long a store lasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Case, Count, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate

from accounts import selectors as accounts
from accounts.models import LockDown, User
from accounts.permissions import Right
from core.identity import Scope, acting_as
from core.models import TokyoToday
from core.quantities import GRAMS_PER_KILOGRAM
from shelters.models import (
    HeadCount,
    Posting,
    RationRule,
    Shelter,
    ShelterLockDown,
    ShelterStatus,
    Stay,
)
from supply import selectors as supply
from supply.enums import Unit

if TYPE_CHECKING:
    from supply.models import Item, Movement, StockCount

LOW_DAYS = 7
FAR_DAYS = 3650  # beyond, a day on which the store runs out says nothing


def with_state(shelters: QuerySet[Shelter], day: date) -> QuerySet[Shelter]:
    """Annotated `state` on the day and `state_since`."""
    newest = ShelterStatus.objects.filter(shelter=OuterRef("pk"), since__lte=day).order_by("-since", "-id")
    return shelters.annotate(
        state=Subquery(newest.values("state")[:1]), state_since=Subquery(newest.values("since")[:1])
    )


def with_heads(shelters: QuerySet[Shelter], day: date) -> QuerySet[Shelter]:
    """Annotated `heads`: who stays in the night of the day.

    Stays that are not only planned; where nobody is registered that night, the last head count up to the day,
    unless the registered left after it. Never both added.
    """
    stays = Stay.objects.filter(shelter=OuterRef("pk"), is_planned=False, nights__startswith__lte=day)
    there = Stay.objects.on(day).filter(shelter=OuterRef("pk")).order_by().values("shelter")
    left = stays.order_by().values("shelter").annotate(last=Max("nights__endswith")).values("last")
    counts = HeadCount.objects.filter(shelter=OuterRef("pk"), counted_on__lte=day).order_by("-counted_on")
    number = IntegerField()
    zero = Value(0, output_field=number)
    counted = Subquery(counts.values("people")[:1], output_field=number)
    return shelters.annotate(
        staying=Coalesce(Subquery(there.annotate(people=Count("pk")).values("people")), zero),
        last_left_on=Subquery(left),
        counted_heads_on=Subquery(counts.values("counted_on")[:1]),
    ).annotate(
        heads=Case(
            When(staying__gt=0, then=F("staying")),
            When(
                Q(last_left_on__isnull=True) | Q(counted_heads_on__gte=F("last_left_on")),
                then=Coalesce(counted, zero),
            ),
            default=zero,
        )
    )


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


# --- rations and how long the store lasts ----------------------------------------------------------------


def rations_on(day: date) -> "dict[tuple[Item, int | None], Decimal]":
    """(item, shelter id or None for all) → grams a person and day in force on the day."""
    rules = RationRule.objects.filter(valid_from__lte=day).select_related("item").order_by("valid_from")
    return {(rule.item, rule.shelter_id): rule.grams for rule in rules}


def ration_on(day: date, item: "Item", shelter: Shelter) -> Decimal | None:
    """Grams a person and day; the shelter's own rule goes before the one for all."""
    rations = rations_on(day)
    return rations.get((item, shelter.pk), rations.get((item, None)))


@dataclass(frozen=True)
class Cover:
    """How long an item lasts at a shelter. `grams` a person and day; `held` in the item's base unit."""

    shelter: Shelter
    item: "Item | None"
    heads: int
    held: Decimal
    grams: Decimal | None
    day: date

    @property
    def daily_need(self) -> Decimal | None:
        """In the base unit; None where the ration cannot be weighed out of it or nobody is there."""
        if self.item is None or self.grams is None or not self.heads:
            return None
        a_day = self.grams * self.heads
        return {Unit.KILOGRAM: a_day / GRAMS_PER_KILOGRAM, Unit.GRAM: a_day}.get(Unit(self.item.base_unit))

    @property
    def days(self) -> Decimal | None:
        """Days of full rations, to the tenth, rounded down."""
        need = self.daily_need
        return None if need is None else (self.held / need).quantize(Decimal("0.1"), ROUND_DOWN)

    @property
    def runs_out_on(self) -> date | None:
        """The first day without a full ration for everybody."""
        if self.days is None or self.days > FAR_DAYS:
            return None
        return self.day + timedelta(days=int(self.days))

    @property
    def is_low(self) -> bool:
        return self.days is not None and self.days < LOW_DAYS


def covers(shelters: QuerySet[Shelter], day: date) -> list[Cover]:
    """A line for each shelter and rationed item, fewest days first; three queries however many there are.

    A shelter without any ration in force has one line without an item.
    """
    found: list[Any] = list(with_state(with_heads(shelters, day), day))  # Any: they carry `heads`
    rations = rations_on(day)
    items = {item.pk: item for item, _shelter in rations}
    stock = supply.totals([shelter.store_id for shelter in found], items)
    lines = []
    for shelter in found:
        given = {item: rations.get((item, shelter.pk), rations.get((item, None))) for item in items.values()}
        own = [
            Cover(
                shelter, item, shelter.heads, stock.get((shelter.store_id, item.pk), Decimal(0)), grams, day
            )
            for item, grams in given.items()
            if grams is not None
        ]
        lines += own or [Cover(shelter, None, shelter.heads, Decimal(0), None, day)]
    return sorted(lines, key=lambda line: (line.days is None, line.days or 0, line.shelter.code))


def days_left(shelter: Shelter, item: "Item", day: date) -> Decimal | None:
    """Stock ÷ daily need at the ration in force; None when nobody is there or there is no ration."""
    lines = covers(Shelter.objects.filter(pk=shelter.pk), day)
    return next((line.days for line in lines if line.item == item), None)


def in_use(shelters: QuerySet[Shelter], day: date) -> QuerySet[Shelter]:
    """Opened, and not closed yet."""
    is_open = Q(closed_on__isnull=True) | Q(closed_on__gt=day)
    return shelters.filter(is_open, opened_on__lte=day)


# --- what was just logged --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Booked:
    """What one sent form booked: a movement, a count, or a count with its movement."""

    movement: "Movement | None"
    count: "StockCount | None"
    held: Decimal

    @property
    def item(self) -> "Item":
        return (self.count or self.movement).item  # type: ignore[union-attr]


def booked(*, by: User, shelter: Shelter, key: UUID) -> Booked | None:
    """The answer to a form, the same however often it was sent. `held`: what is there now."""
    movement = supply.movements_of(shelter.store).filter(by=by, key=key).first()
    count = supply.counts_of(shelter.store).filter(by=by, key=key).first()
    line = count or movement
    if line is None:
        return None
    return Booked(movement, count, supply.held(shelter.store, line.item, line.lot))


# --- who works where -------------------------------------------------------------------------------------


def posted_now(shelters: Iterable[int]) -> dict[int, list[User]]:
    """Shelter id → the people posted there today who may log in, by name. Two queries, however many."""
    postings = Posting.objects.today().filter(shelter__in=list(shelters), user__is_active=True)
    found: dict[int, list[User]] = {}
    for posting in postings.select_related("user").order_by("user__name"):
        found.setdefault(posting.shelter_id, []).append(posting.user)
    return found


def colleagues_of(user: User) -> list[User]:
    """Who is posted today to one of the person's own shelters, without themselves; by name."""
    own = Posting.objects.of(user).values_list("shelter", flat=True)
    people = {person for posted in posted_now(own).values() for person in posted}
    return sorted(people - {user}, key=lambda person: person.name)


def lock_downs_visible_to(user: User) -> QuerySet[ShelterLockDown]:
    if not user.may(Right.ACCOUNTS_READ):
        return ShelterLockDown.objects.none()
    return ShelterLockDown.objects.select_related("shelter", "by", "lifted_by")


def locked_with(user: User, lock: ShelterLockDown, today: date) -> QuerySet[LockDown]:
    """The lock-downs of those who were posted there while it was locked down, in force then or since."""
    first = localdate(lock.began_at)
    last = localdate(lock.lifted_at) if lock.lifted_at else today
    posted = Posting.objects.filter(
        shelter=lock.shelter, days__overlap=DateRange(first, last + timedelta(days=1))
    )
    in_force = Q(lifted_at__isnull=True) | Q(lifted_at__gt=lock.began_at)
    found = accounts.lock_downs_visible_to(user)
    return found.filter(in_force, person__in=posted.values("user"))


def lock_down_of(shelter: Shelter) -> ShelterLockDown | None:
    """The one in force. Field staff never get here: they do not see a shelter that is locked down."""
    return ShelterLockDown.objects.in_force().filter(shelter=shelter).first()


def shelters_of_code(user: User, typed: str) -> list[Shelter]:
    """The shelter whose whole code somebody of the staff typed to lock it down, theirs or not."""
    with acting_as(user, scope=Scope.LOCK_DOWN):
        return list(Shelter.objects.filter(code__iexact=typed.strip()))
