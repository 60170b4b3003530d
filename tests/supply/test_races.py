"""Many at once, each on a connection of their own."""

import random
import uuid
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest

from supply import selectors, services
from supply.enums import PlaceKind
from supply.models import Balance, Movement, Place, StockCount
from tests import factories
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_same_key_twenty_times_books_once(stocked, rice, hana, entry):
    values = entry(quantity=10)
    answers = at_once(*[partial(services.log_use, by=hana, place=stocked.store, **values)] * 20)
    assert {answer.pk for answer in answers} == {Movement.objects.get(key=values["key"]).pk}
    assert selectors.held(stocked.store, rice) == 90


def test_same_count_twenty_times_counts_once(stocked, rice, hana, entry):
    values = entry(quantity=80)
    answers = at_once(*[partial(services.log_count, by=hana, place=stocked.store, **values)] * 20)
    assert {answer.pk for answer in answers} == {StockCount.objects.get().pk}
    assert selectors.held(stocked.store, rice) == 80


def test_different_counts_at_once_end_at_one_of_them(store, rice, hana, entry):
    """Nothing was ever there: without a line to lock, both would book their whole count."""
    counts = [partial(services.log_count, by=hana, place=store, **entry(quantity=n)) for n in (5, 6, 7, 8)]
    at_once(*counts)
    assert selectors.held(store, rice) in (5, 6, 7, 8)
    assert selectors.check_ledger() == []


def test_last_kilogram_goes_to_one(store, rice, hana, entry):
    factories.receive(store, rice, 1)
    uses = [partial(services.log_use, by=hana, place=store, **entry(quantity=1)) for _ in range(20)]
    answers = at_once(*uses)
    assert sum(isinstance(answer, Movement) for answer in answers) == 1
    refused = [answer for answer in answers if not isinstance(answer, Movement)]
    assert {type(answer) for answer in refused} == {services.NotEnoughStock}
    assert {str(answer) for answer in refused} == {
        "There is only this much Rice at ST-OAK: 0 kg. Book less, or log first what came in."
    }
    assert Balance.objects.get().quantity == 0


def test_same_movement_taken_back_at_once_goes_back_once(stocked, rice, hana, entry, today):
    mistake = services.log_use(by=hana, place=stocked.store, **entry())
    back = partial(services.reverse_movement, by=hana, movement=mistake, today=today, reason="mistyped")
    answers = at_once(*[back] * 8)
    assert {answer.pk for answer in answers} == {Movement.objects.get(reverses=mistake).pk}
    assert selectors.held(stocked.store, rice) == 100


def test_crosswise_transfers_do_not_block_each_other(warehouse, store, rice, hana, entry):
    lots = [None, *factories.LotFactory.create_batch(2, item=rice)]
    for place in (warehouse, store):
        for lot in lots:
            factories.MovementFactory(item=rice, lot=lot, quantity=1000, destination=place)

    def go(source, destination, seed):
        for number in range(10):
            lot = lots[(seed + number) % 3]
            services.transfer(by=hana, source=source, destination=destination, **entry(quantity=1, lot=lot))

    there = [partial(go, warehouse, store, seed) for seed in range(3)]
    back = [partial(go, store, warehouse, seed) for seed in range(3)]
    assert at_once(*there, *back) == [None] * 6
    assert set(Balance.objects.values_list("quantity", flat=True)) == {1000}


def test_several_postings_in_one_transaction_hold_the_ledger(warehouse, store, rice, hana, entry):
    """Without it these would meet crosswise: each holds one item's line and waits for the other's."""
    from django.db import transaction

    tea = factories.ItemFactory(code="TEA")

    def post(*items):
        for _ in range(10):
            with transaction.atomic():
                services.hold_ledger()
                for item in items:
                    services.log_receipt(by=hana, place=store, **entry(item=item))

    assert at_once(*[partial(post, rice, tea), partial(post, tea, rice)] * 2) == [None] * 4
    assert selectors.held(store, tea) == selectors.held(store, rice) == 400


def test_two_hundred_random_entries_leave_no_difference(rice, hana, entry, today):
    """Movements, counts and reversals of 8 people over a month; then every line of every day is re-added."""
    places = [factories.PlaceFactory(kind=kind) for kind in (PlaceKind.STORE, PlaceKind.WAREHOUSE)]
    Place.objects.bulk_create(
        Place(code=kind.upper(), name=kind, kind=kind) for kind in ("supplier", "consumed", "lost", "counted")
    )

    def work(seed):
        chance = random.Random(seed)
        done = []
        for _ in range(25):
            values = entry(
                quantity=Decimal(chance.randint(1, 40)),
                occurred_on=today - timedelta(days=chance.randint(0, 20)),
                key=uuid.UUID(int=chance.getrandbits(128), version=4),
            )
            place, other = chance.sample(places, 2)
            try:
                match chance.choice(["in", "in", "out", "lost", "count", "move", "back"]):
                    case "in":
                        done.append(services.log_receipt(by=hana, place=place, **values))
                    case "out":
                        done.append(services.log_use(by=hana, place=place, **values))
                    case "lost":
                        done.append(services.log_loss(by=hana, place=place, **values))
                    case "count":
                        services.log_count(by=hana, place=place, **values)
                    case "move":
                        done.append(services.transfer(by=hana, source=place, destination=other, **values))
                    case "back" if done:
                        services.reverse_movement(
                            by=hana, movement=chance.choice(done), today=today, reason="mistyped"
                        )
            except services.Refusal:
                continue
        return "worked"

    assert at_once(*[partial(work, seed) for seed in range(8)]) == ["worked"] * 8
    assert Movement.objects.count() > 60
    assert selectors.check_ledger() == []


@pytest.mark.parametrize("attempt", range(3))
def test_count_meets_a_movement(stocked, rice, hana, entry, attempt):
    """Whichever is first, the other knows of it: what was counted is never booked against an old number."""
    count, use = entry(quantity=80), entry(quantity=5)
    counted, used = at_once(
        partial(services.log_count, by=hana, place=stocked.store, **count),
        partial(services.log_use, by=hana, place=stocked.store, **use),
    )
    assert (counted.expected, selectors.held(stocked.store, rice)) in ((100, 75), (95, 80))
    assert used.quantity == 5
    assert selectors.check_ledger() == []


def test_receipt_taken_back_meets_its_use(store, rice, hana, entry, today):
    """What came in is taken back or used up, never both."""
    receipt = services.log_receipt(by=hana, place=store, **entry(quantity=10))
    answers = at_once(
        partial(services.reverse_movement, by=hana, movement=receipt, today=today, reason="mistyped"),
        *[partial(services.log_use, by=hana, place=store, **entry(quantity=10)) for _ in range(3)],
    )
    assert [isinstance(answer, Movement) for answer in answers].count(True) == 1
    assert {type(answer) for answer in answers} == {Movement, services.NotEnoughStock}
    assert selectors.held(store, rice) == 0
