"""Random days at two stores, in the ledger and in a plain Python model of it: both must say the same."""

import os
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings as house_rules
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core.fiscal import month_of
from supply import selectors, services
from supply.models import Balance, Consignment, Movement
from supply.services import Refusal
from tests import factories as f
from tests.races import at_once
from tests.supply.plain_ledger import LINES, OUTSIDE, Journey, Model

WHOLE = os.environ.get("PROVE") == "whole"
EXAMPLES = 400 if WHOLE else 40
MOVEMENTS = 1_000 if WHOLE else 30  # of each writer
WRITERS = 8


def days_until(today):
    """Three of the last month, which may be closed, and up to three of this one."""
    first = month_of(today)
    latest = {max(first, today - timedelta(days=ago)) for ago in range(3)}
    return sorted(latest | {first - timedelta(days=ago) for ago in (1, 2, 3)})


PARTS = ("received", "lost", "returned")
STEPS = some.lists(
    some.tuples(
        some.sampled_from(
            ["receive", "receive", "use", "lose", "transfer", "count", "reverse", "close", "reopen"]
            + ["pack", "go", "go", "send", *PARTS, "received", "find", "lose all", "settle", "cancel"]
        ),
        some.integers(0, 1),  # the place
        some.integers(0, len(LINES) - 1),
        some.decimals("0.5", 20, places=1),
        some.integers(0, 5),  # the day
        some.integers(0, 50),  # which row is taken back, which consignment goes on
    ),
    min_size=5,
    max_size=30,
)


@dataclass
class House:
    """The same in the database. `movements`: those of the model's rows, in their order."""

    by: object
    stores: list
    lines: list  # item and lot
    days: list
    recipient: object = None
    movements: list = field(default_factory=list)
    consignments: list = field(default_factory=list)

    @property
    def today(self):
        return self.days[-1]

    def place(self, number):
        if number >= len(self.stores):
            return self.consignments[number - len(self.stores)].transit
        return self.stores[number]

    def entry(self, line, quantity, day):
        item, lot = self.lines[line]
        return {
            "by": self.by, "item": item, "lot": lot, "quantity": quantity, "occurred_on": self.days[day],
            "today": self.today, "key": uuid.uuid4(),
        }  # fmt: skip

    def book(self, kind, place, line, quantity, day):
        entry, store = self.entry(line, quantity, day), self.stores[place]
        match kind:
            case "receive":
                return services.log_receipt(place=store, **entry)
            case "use":
                return services.log_use(place=store, **entry)
            case "lose":
                return services.log_loss(place=store, **entry)
            case "transfer":
                return services.transfer(source=store, destination=self.stores[1 - place], **entry)
            case "count":
                return services.log_count(place=store, **entry).movement

    def plan(self, journey):
        end = self.recipient if journey.destination == OUTSIDE else self.stores[journey.destination]
        wanted = services.Wanted(self.lines[journey.line][0], end, journey.packed)
        self.consignments.append(
            services.plan_consignment(
                by=self.by, source=self.stores[journey.source], lines=[wanted], planned_on=self.today,
                today=self.today, key=uuid.uuid4(),
            )
        )  # fmt: skip

    def take(self, service, number, day, **values):
        consignment = Consignment.objects.get(pk=self.consignments[number].pk)
        common = {"by": self.by, "on": self.days[day], "today": self.today, "key": uuid.uuid4()}
        return service(consignment=consignment, **common, **values)

    def amounts(self, number, quantity):
        return {self.consignments[number].lines.get(): quantity}

    def pack(self, number, journey, day):
        load = services.Packed(journey.packed, self.lines[journey.line][1])
        packed = self.amounts(number, load)
        return self.take(services.pack_consignment, number, day, packed=packed)


def ends_of(kind, place):
    ends = {"receive": (OUTSIDE, place), "transfer": (place, 1 - place)}
    return ends.get(kind, (place, OUTSIDE))


def accepted(action):
    """What was booked, or None for a refusal."""
    try:
        return True, action()
    except Refusal:
        return False, None


def step(house, model, kind, place, line, amount, day, which):
    """One step in both. Both must accept it or both refuse it."""
    day %= model.days
    if kind == "reverse":
        open_rows = [n for n in range(len(model.rows)) if n not in model.reversed_rows]
        number = open_rows[which % len(open_rows)]
        booked, movement = accepted(
            lambda: services.reverse_movement(
                by=house.by, movement=house.movements[number], today=house.today, reason="wrong"
            )
        )
        assert model.reverse(number) == booked
    elif kind in ("close", "reopen"):
        turn_month(house, model, kind)
        return
    elif kind == "count":
        booked, movement = accepted(lambda: house.book(kind, place, line, amount, day))
        assert model.count(place, line, amount, day) == booked
    else:
        booked, movement = accepted(lambda: house.book(kind, place, line, amount, day))
        assert model.book(kind, line, amount, *ends_of(kind, place), day) == booked
    if movement is not None:
        house.movements.append(movement)


def turn_month(house, model, kind):
    """The same press twice is the first one; what was never closed is not opened."""
    month = house.days[0]
    if kind == "close":
        services.close_month(by=house.by, month=month, today=house.today)
    else:
        accepted(lambda: services.reopen_month(by=house.by, month=month, reason="a slip came late"))
    model.is_closed = kind == "close"


def travel(house, model, kind, place, line, amount, day, which):
    """One step of a consignment in both."""
    day %= model.days
    if kind in ("pack", "go"):
        number = len(model.journeys)
        end = OUTSIDE if which % 3 == 0 else 1 - place
        model.journeys.append(Journey(place, end, len(house.stores) + number, line, amount))
        house.plan(model.journeys[number])
        booked, _step = accepted(lambda: house.pack(number, model.journeys[number], day))
        assert model.pack(model.journeys[number], day) == booked
        if kind == "pack":
            return
    elif not model.journeys:
        return
    else:
        number = which % len(model.journeys)
    journey, came_back = model.journeys[number], bool(which % 2)
    whole = journey.lost if kind == "find" else journey.under_way
    quantity = whole if place else amount
    lost = {"how": "lost", "reason": "the river rose"}
    match kind:
        case "go" | "send":
            expected = model.send(journey, day)
            asked = (services.send_consignment, {})
        case "received" | "lost" | "returned":
            expected = model.move_on(kind, journey, quantity, day)
            service = (services.receive_part, services.lose_part, services.return_part)[PARTS.index(kind)]
            words = {"lost": lost, "returned": {"reason": "the road was shut"}}.get(kind, {})
            asked = (service, {"amounts": house.amounts(number, quantity)} | words)
        case "find":
            expected = model.find(journey, quantity, day, came_back=came_back)
            words = {"came_back": came_back, "reason": "under the snow"}
            asked = (services.find_part, {"amounts": house.amounts(number, quantity)} | words)
        case "lose all":
            expected = model.lose_all(journey, day)
            asked = (services.lose_all, lost)
        case "settle":
            expected = model.end(journey, day, states=("sent", "arrived"), state="settled")
            asked = (services.settle_consignment, {})
        case "cancel":
            expected = model.end(journey, day, states=("planned", "packed"), state="cancelled")
            asked = (services.cancel_consignment, {"reason": "no driver"})
    service, values = asked
    booked, taken = accepted(lambda: house.take(service, number, day, **values))
    assert expected == booked
    if booked:
        house.movements += [one.movement for one in taken.bookings.order_by("id")]


GOES_ON = {"pack", "go", "send", *PARTS, "find", "lose all", "settle", "cancel"}


@pytest.mark.django_db
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_ledger_says_what_the_model_says(steps, sora, today):
    days = days_until(today)
    oldest = today - timedelta(days=house_rules.BACK_DATING_DAYS)
    model = Model(
        days=len(days),
        open_from=next(number for number, day in enumerate(days) if day >= oldest),
        in_last_month=3,
        expires=3,
    )
    with transaction.atomic():
        stores = [f.PlaceFactory(kind="store") for _ in range(2)]
        items = [f.ItemFactory() for _ in range(2)]
        lot = f.LotFactory(item=items[0], expires_on=days[model.expires])
        lines = [(items[item], lot if is_lot else None) for item, is_lot in LINES]
        house = House(sora, stores, lines, days, recipient=f.RecipientFactory().place)
        for place, line in ((0, 0), (0, 1), (1, 2)):
            step(house, model, "receive", place, line, Decimal(60), model.open_from, 0)
        for one in steps:
            (travel if one[0] in GOES_ON else step)(house, model, *one)
        assert len(house.movements) == len(model.rows)
        for number, day in enumerate(days):
            said = selectors.stock_on(sora, day).values_list("place", "item", "lot", "quantity")
            assert {line[:3]: line[3] for line in said} == expected_on(house, model, number)
        now = Balance.objects.exclude(quantity=0).values_list("place", "item", "lot", "quantity")
        assert {line[:3]: line[3] for line in now} == expected_on(house, model, model.days)
        for consignment, journey in zip(house.consignments, model.journeys, strict=True):
            consignment.refresh_from_db()
            kept = consignment.lines.get()
            sums = (kept.sent, kept.received, kept.lost, kept.returned)
            assert sums == (journey.sent, journey.received, journey.lost, journey.returned)
            assert consignment.state == journey.state
        assert selectors.check_ledger() == []
        transaction.set_rollback(True)


def expected_on(house, model, day):
    """(place, item, lot) → what the model holds at the end of the day."""
    places = range(len(house.stores) + len(house.consignments))
    lines = [
        ((house.place(place).pk, item.pk, lot and lot.pk), model.held(place, number, day))
        for place in places
        for number, (item, lot) in enumerate(house.lines)
    ]
    return {key: quantity for key, quantity in lines if quantity}


# --- eight at once -----------------------------------------------------------------------------------------


def write(house, seed):
    """Random movements of one writer: (key, its changes) of the acknowledged, keys of the refused."""
    chance, done, refused = random.Random(seed), [], []
    for _ in range(MOVEMENTS):
        kind = chance.choice(["receive", "use", "use", "lose", "transfer", "transfer"])
        place, item, day = chance.randrange(2), chance.randrange(2), chance.randrange(len(house.days))
        quantity = Decimal(chance.randrange(1, 40)) / 2
        entry = house.entry(item, quantity, day)
        store, other = house.stores[place], house.stores[1 - place]
        try:
            match kind:
                case "receive":
                    services.log_receipt(place=store, **entry)
                case "use":
                    services.log_use(place=store, **entry)
                case "lose":
                    services.log_loss(place=store, **entry)
                case "transfer":
                    services.transfer(source=store, destination=other, **entry)
        except Refusal:
            refused.append(entry["key"])
        else:
            source, destination = ends_of(kind, place)
            done.append((entry["key"], [(source, item, -quantity), (destination, item, quantity)]))
    return done, refused


@pytest.mark.django_db(transaction=True)
def test_eight_writers_lose_nothing_and_leave_no_difference(hana, today):
    stores = [f.PlaceFactory(kind="store") for _ in range(2)]
    days = [today - timedelta(days=ago) for ago in range(5, -1, -1)]
    house = House(hana, stores, [(f.ItemFactory(), None) for _ in range(2)], days)
    for item in range(2):
        services.log_receipt(place=stores[item], **house.entry(item, Decimal(100), 0))
    results = at_once(*(lambda seed=seed: write(house, seed) for seed in range(WRITERS)))
    assert [result for result in results if isinstance(result, Exception)] == []
    acknowledged = [one for done, _refused in results for one in done]
    refused = [key for _done, keys in results for key in keys]
    assert len(acknowledged) + len(refused) == WRITERS * MOVEMENTS
    assert Movement.objects.filter(key__in=[key for key, _changes in acknowledged]).count() == len(
        acknowledged
    )
    assert not Movement.objects.filter(key__in=refused).exists()
    expected = Counter({(0, 0): Decimal(100), (1, 1): Decimal(100)})
    for _key, changes in acknowledged:
        for place, item, quantity in changes:
            expected[place, item] += quantity
    for place, store in enumerate(stores):
        for number, (item, _lot) in enumerate(house.lines):
            assert selectors.held(store, item) == expected[place, number]
    assert not Balance.objects.filter(quantity__lt=0).exists()
    assert selectors.check_ledger() == []
