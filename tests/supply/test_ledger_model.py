"""Random days at two stores, in the ledger and in a plain Python model of it: both must say the same."""

import os
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from supply import selectors, services
from supply.models import Balance, Movement
from supply.services import Refusal
from tests import factories as f
from tests.races import at_once

WHOLE = os.environ.get("PROVE") == "whole"
EXAMPLES = 200 if WHOLE else 12
MOVEMENTS = 1_000 if WHOLE else 30  # of each writer
WRITERS = 8
DAYS = 6
OUTSIDE = -1  # where goods come from and end


@dataclass
class Model:
    """The ledger as a list. A row: [item, quantity, from, to, day]; days count from 0."""

    rows: list = field(default_factory=list)
    reversed_rows: set = field(default_factory=set)

    def held(self, place, item, day=DAYS):
        found = Decimal(0)
        for what, quantity, source, destination, on in self.rows:
            if what == item and on <= day:
                found += quantity * ((destination == place) - (source == place))
        return found

    def add(self, item, quantity, source, destination, day):
        """Whether the row may stand: on no day any place holds less than nothing."""
        self.rows.append((item, quantity, source, destination, day))
        if any(self.held(place, item, on) < 0 for place in (0, 1) for on in range(DAYS)):
            self.rows.pop()
            return False
        return True

    def reverse(self, number):
        item, quantity, source, destination, day = self.rows[number]
        if not self.add(item, quantity, destination, source, day):
            return False
        self.reversed_rows |= {number, len(self.rows) - 1}
        return True


AMOUNTS = some.decimals("0.5", 30, places=1)
STEPS = some.lists(
    some.tuples(
        some.sampled_from(["receive", "receive", "use", "lose", "transfer", "count", "reverse"]),
        some.integers(0, 1),  # the place
        some.integers(0, 1),  # the item
        AMOUNTS,
        some.integers(0, DAYS - 1),  # the day
        some.integers(0, 50),  # which row is taken back
    ),
    max_size=25,
)


@dataclass
class House:
    """The same in the database. `movements`: those of the model's rows, in their order."""

    by: object
    stores: list
    items: list
    today: object
    movements: list = field(default_factory=list)

    def day(self, number):
        return self.today - timedelta(days=DAYS - 1 - number)

    def entry(self, item, quantity, day):
        return {
            "by": self.by, "item": self.items[item], "quantity": quantity, "occurred_on": self.day(day),
            "today": self.today, "key": uuid.uuid4(),
        }  # fmt: skip

    def book(self, kind, place, item, quantity, day):
        entry, store = self.entry(item, quantity, day), self.stores[place]
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


def ends_of(kind, place):
    ends = {"receive": (OUTSIDE, place), "transfer": (place, 1 - place)}
    return ends.get(kind, (place, OUTSIDE))


def accepted(action):
    """What was booked, or None for a refusal."""
    try:
        return True, action()
    except Refusal:
        return False, None


def step(house, model, kind, place, item, amount, day, which):
    """One step in both. Both must accept it or both refuse it."""
    if kind == "reverse":
        open_rows = [n for n in range(len(model.rows)) if n not in model.reversed_rows]
        if not open_rows:
            return
        number = open_rows[which % len(open_rows)]
        booked, movement = accepted(
            lambda: services.reverse_movement(
                by=house.by, movement=house.movements[number], today=house.today, reason="wrong"
            )
        )
        assert model.reverse(number) == booked
    elif kind == "count":
        difference = amount - model.held(place, item, day)
        booked, movement = accepted(lambda: house.book(kind, place, item, amount, day))
        ends = (OUTSIDE, place) if difference > 0 else (place, OUTSIDE)
        expected = difference == 0 or model.add(item, abs(difference), *ends, day)
        assert expected == booked
    else:
        booked, movement = accepted(lambda: house.book(kind, place, item, amount, day))
        assert model.add(item, amount, *ends_of(kind, place), day) == booked
    if movement is not None:
        house.movements.append(movement)


@pytest.mark.django_db
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_ledger_says_what_the_model_says(steps, hana, today):
    with transaction.atomic():
        stores = [f.PlaceFactory(kind="store") for _ in range(2)]
        house, model = House(hana, stores, [f.ItemFactory() for _ in range(2)], today), Model()
        for one in steps:
            step(house, model, *one)
        assert len(house.movements) == len(model.rows)
        for place, store in enumerate(stores):
            for day in range(DAYS):
                said = selectors.stock_on(house.day(day), store)
                for item, record in enumerate(house.items):
                    assert said.get((record.pk, None), 0) == model.held(place, item, day)
            for item, record in enumerate(house.items):
                assert selectors.held(store, record) == model.held(place, item)
        assert selectors.check_ledger() == []
        transaction.set_rollback(True)


# --- eight at once -----------------------------------------------------------------------------------------


def write(house, seed):
    """Random movements of one writer: (key, its changes) of the acknowledged, keys of the refused."""
    chance, done, refused = random.Random(seed), [], []
    for _ in range(MOVEMENTS):
        kind = chance.choice(["receive", "use", "use", "lose", "transfer", "transfer"])
        place, item, day = chance.randrange(2), chance.randrange(2), chance.randrange(DAYS)
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
    house = House(hana, stores, [f.ItemFactory() for _ in range(2)], today)
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
        for item, record in enumerate(house.items):
            assert selectors.held(store, record) == expected[place, item]
    assert not Balance.objects.filter(quantity__lt=0).exists()
    assert selectors.check_ledger() == []
