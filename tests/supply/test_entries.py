"""Logging what came, was used, was lost, was counted, moved on; and taking a mistake back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings

from core.models import AuditEntry
from supply import selectors, services
from supply.enums import PlaceKind, Reason
from supply.models import Balance, Movement, Place, StockCount
from tests import factories
from tests.factories import receive

pytestmark = pytest.mark.django_db


def last_audit():
    entry = AuditEntry.objects.latest("id")
    return entry.action, entry.by_name, entry.changes


def test_receipt_comes_from_the_giver(store, rice, hana, entry, today):
    movement = services.log_receipt(
        by=hana, place=store, **entry(quantity=75, typed="3 × bag of 25 kg", document="slip 7")
    )
    assert (movement.source.kind, movement.destination, movement.reason) == ("supplier", store, "delivered")
    assert (movement.typed, movement.document, movement.by) == ("3 × bag of 25 kg", "slip 7", hana)
    assert selectors.held(store, rice) == 75
    action, name, changes = last_audit()
    assert (action, name) == ("stock.received", "Hana")
    assert changes["quantity"] == [None, "75"]
    assert changes["destination"] == [None, "ST-OAK"]


def test_opening_stock_has_a_place_of_its_own(store, hana, entry):
    movement = services.log_receipt(by=hana, place=store, reason=Reason.OPENING, **entry())
    assert movement.source.kind == PlaceKind.OPENING


def test_use_and_loss_go_to_their_sinks(stocked, rice, hana, entry):
    used = services.log_use(by=hana, place=stocked.store, **entry(quantity=12))
    assert last_audit()[0] == "stock.used"
    lost = services.log_loss(by=hana, place=stocked.store, reason=Reason.TAKEN, **entry(quantity=3))
    assert last_audit()[0] == "stock.lost"
    assert (used.destination.kind, lost.destination.kind) == ("consumed", "lost")
    assert selectors.held(stocked.store, rice) == 85


def test_sinks_are_made_once_and_found_by_kind(stocked, hana, entry):
    factories.PlaceFactory(code="EATEN", kind=PlaceKind.CONSUMED)
    for _ in "12":
        services.log_use(by=hana, place=stocked.store, **entry())
        services.log_loss(by=hana, place=stocked.store, **entry())
    sinks = Place.objects.filter(kind__in=["consumed", "lost"]).order_by("code")
    assert [place.code for place in sinks] == ["EATEN", "LOST"]
    assert AuditEntry.objects.filter(action="supply.place_made").count() == 1


def test_transfer_and_delivery(warehouse, store, rice, hana, entry, today):
    receive(warehouse, rice, 100)
    recipient, route = factories.RecipientFactory(), factories.RouteFactory()
    services.transfer(by=hana, source=warehouse, destination=store, **entry(quantity=40))
    delivery = services.deliver(
        by=hana, source=warehouse, recipient=recipient, route=route, **entry(quantity=60)
    )
    assert (selectors.held(warehouse, rice), selectors.held(store, rice)) == (0, 40)
    assert (delivery.destination, delivery.route) == (recipient.place, route)
    assert list(selectors.deliveries_between(today, today)) == [delivery]
    assert last_audit()[0] == "stock.delivered"


def test_delivery_straight_from_the_giver(rice, hana, entry):
    giver = factories.PlaceFactory(kind=PlaceKind.SUPPLIER)
    services.deliver(by=hana, source=giver, recipient=factories.RecipientFactory(), **entry(quantity=60))
    assert not Balance.objects.exists()


# --- a count -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "reason", "difference"), [(92, "counted", -8), (103, "counted", 3), (0, "counted", -100)]
)
def test_count_books_the_difference(found, reason, difference, stocked, rice, hana, entry):
    count = services.log_count(by=hana, place=stocked.store, **entry(quantity=found))
    assert (count.expected, count.counted, count.movement.reason) == (100, found, reason)
    assert count.movement.quantity == abs(difference)
    assert selectors.held(stocked.store, rice) == found
    assert AuditEntry.objects.filter(action="stock.counted").count() == 1
    assert last_audit()[2]["quantity"] == ["100.000", str(found)]


def test_count_that_agrees_moves_nothing(stocked, hana, entry):
    count = services.log_count(by=hana, place=stocked.store, **entry(quantity=100))
    assert count.movement is None
    assert Movement.objects.count() == 1


def test_count_of_something_never_seen(store, rice, hana, entry):
    services.log_count(by=hana, place=store, **entry(quantity=7))
    assert selectors.held(store, rice) == 7
    assert selectors.check_ledger() == []


def test_count_of_an_earlier_day_is_compared_with_that_day(stocked, rice, hana, entry, today):
    """100 since ten days ago, 30 used today: yesterday's count of 90 takes 10, not 20 back."""
    services.log_use(by=hana, place=stocked.store, **entry(quantity=30))
    yesterday = today - timedelta(days=1)
    count = services.log_count(by=hana, place=stocked.store, **entry(quantity=90, occurred_on=yesterday))
    assert (count.expected, count.movement.occurred_on) == (100, yesterday)
    assert selectors.held(stocked.store, rice) == 60


def test_lots_are_counted_apart(stocked, rice, hana, entry):
    lot = factories.LotFactory(item=rice)
    services.log_receipt(by=hana, place=stocked.store, **entry(quantity=20, lot=lot))
    services.log_count(by=hana, place=stocked.store, **entry(quantity=15, lot=lot))
    assert selectors.held(stocked.store, rice, lot) == 15
    assert selectors.held(stocked.store, rice) == 100


# --- the same key ------------------------------------------------------------------------------------


def test_same_entry_again_is_the_first_movement(stocked, rice, hana, entry):
    values = entry(quantity=10)
    first = services.log_use(by=hana, place=stocked.store, **values)
    again = services.log_use(by=hana, place=stocked.store, **values)
    assert again.pk == first.pk
    assert selectors.held(stocked.store, rice) == 90
    assert AuditEntry.objects.filter(action="stock.used").count() == 1


def test_same_entry_again_after_its_days_have_closed(stocked, hana, entry, today):
    values = entry()
    first = services.log_use(by=hana, place=stocked.store, **values)
    values["today"] = today + timedelta(days=settings.BACK_DATING_DAYS + 1)
    assert services.log_use(by=hana, place=stocked.store, **values).pk == first.pk


@pytest.mark.parametrize("change", ["quantity", "place", "occurred_on", "document", "by", "kind", "count"])
def test_other_content_under_the_same_key_is_refused(change, stocked, maple, hana, jin, rice, entry, today):
    values = entry(quantity=10)
    services.log_use(by=hana, place=stocked.store, **values)
    receive(maple.store, rice, 50, days_ago=9)
    by, place, log = hana, stocked.store, services.log_use
    match change:
        case "quantity":
            values["quantity"] = Decimal(11)
        case "occurred_on":
            values["occurred_on"] = today - timedelta(days=1)
        case "document":
            values["document"] = "another note"
        case "place":
            place = maple.store
        case "by":
            by = jin
        case "kind":
            log = services.log_loss
        case "count":
            log = services.log_count
    with pytest.raises(services.KeyAlreadyUsed, match="already booked"):
        log(by=by, place=place, **values)
    assert selectors.held(stocked.store, rice) == 90


def test_same_count_again_is_the_first_count(stocked, rice, hana, entry):
    values = entry(quantity=92)
    first = services.log_count(by=hana, place=stocked.store, **values)
    receive(stocked.store, rice, 5)
    assert services.log_count(by=hana, place=stocked.store, **values) == first
    assert selectors.held(stocked.store, rice) == 97


def test_key_of_a_count_books_nothing_else(stocked, hana, entry):
    values = entry(quantity=100)
    services.log_count(by=hana, place=stocked.store, **values)
    with pytest.raises(services.KeyAlreadyUsed):
        services.log_use(by=hana, place=stocked.store, **values)
    with pytest.raises(services.KeyAlreadyUsed):
        services.log_count(by=hana, place=stocked.store, **values | {"quantity": Decimal(99)})
    assert (Movement.objects.count(), StockCount.objects.count()) == (1, 1)


# --- refusals ----------------------------------------------------------------------------------------


def test_more_than_there_is(stocked, rice, hana, entry):
    with pytest.raises(services.NotEnoughStock) as error:
        services.log_use(by=hana, place=stocked.store, **entry(quantity="100.001"))
    assert "only this much Rice at ST-WILLOW: 100 kg." in str(error.value)
    assert selectors.held(stocked.store, rice) == 100
    assert not AuditEntry.objects.exclude(action="supply.place_made").exists()


def test_past_use_that_a_later_day_cannot_cover(stocked, rice, hana, entry, today):
    """90 of 100 left two days ago; 20 three days ago was covered on its day, not on the next."""
    services.log_use(
        by=hana, place=stocked.store, **entry(quantity=90, occurred_on=today - timedelta(days=2))
    )
    receive(stocked.store, rice, 50)
    with pytest.raises(services.NotCoveredOnDay) as error:
        services.log_use(
            by=hana, place=stocked.store, **entry(quantity=20, occurred_on=today - timedelta(days=3))
        )
    assert error.value.day == today - timedelta(days=2)
    assert "ST-WILLOW" in str(error.value)


@pytest.mark.parametrize("days", [1, -settings.BACK_DATING_DAYS - 1, -4000])
def test_day_that_may_not_be_booked(days, store, hana, entry, today):
    with pytest.raises(services.DayNotAllowed, match="Choose a day from"):
        services.log_receipt(by=hana, place=store, **entry(occurred_on=today + timedelta(days=days)))


def test_earliest_day_and_the_import_that_goes_further_back(store, rice, hana, entry, today):
    first = services.first_open_day(today)
    services.log_receipt(by=hana, place=store, **entry(occurred_on=first))
    long_ago = today - timedelta(days=4000)
    services.log_receipt(by=hana, place=store, **entry(occurred_on=long_ago, any_day=True))
    tomorrow = today + timedelta(days=1)
    with pytest.raises(services.DayNotAllowed):
        services.log_receipt(by=hana, place=store, **entry(occurred_on=tomorrow, any_day=True))
    assert selectors.held(store, rice) == 20


@pytest.mark.parametrize("quantity", ["0", "-1", "0.0001", "NaN", "Infinity", "1e13"])
def test_what_is_no_amount(quantity, store, hana, entry):
    with pytest.raises(services.NotAnAmount):
        services.log_receipt(by=hana, place=store, **entry(quantity=quantity))


def test_whole_units_only(store, hana, entry):
    blanket = factories.ItemFactory(code="BLANKET", base_unit="piece")
    with pytest.raises(services.WholeUnitsOnly, match="Blanket is counted in whole units"):
        services.log_receipt(by=hana, place=store, **entry(item=blanket, quantity="1.5"))


def test_lot_of_another_item(store, hana, entry):
    with pytest.raises(services.LotOfAnotherItem):
        services.log_receipt(by=hana, place=store, **entry(lot=factories.LotFactory()))


@pytest.mark.parametrize(
    ("log", "reason"),
    [("log_receipt", "used"), ("log_use", "spoiled"), ("log_loss", "bought"), ("log_use", "nonsense")],
)
def test_reason_of_another_kind(log, reason, stocked, hana, entry):
    with pytest.raises(services.WrongReason, match="Choose one of these reasons"):
        getattr(services, log)(by=hana, place=stocked.store, reason=reason, **entry())


def test_correction_is_no_reason_to_choose(warehouse, store, hana, entry):
    with pytest.raises(services.WrongReason):
        services.post_movement(
            by=hana, source=warehouse, destination=store, reason=Reason.CORRECTED, **entry()
        )


def test_places_that_do_not_fit(stocked, warehouse, hana, entry):
    sink = factories.sink(PlaceKind.CONSUMED)
    attempts = [
        lambda: services.log_use(by=hana, place=sink, **entry()),
        lambda: services.log_count(by=hana, place=sink, **entry()),
        lambda: services.log_receipt(by=hana, place=stocked.store, source=warehouse, **entry()),
        lambda: services.transfer(by=hana, source=stocked.store, destination=sink, **entry()),
        lambda: services.transfer(by=hana, source=stocked.store, destination=stocked.store, **entry()),
        lambda: services.deliver(by=hana, source=sink, recipient=factories.RecipientFactory(), **entry()),
    ]
    for attempt in attempts:
        with pytest.raises(services.WrongPlace, match="Choose another place"):
            attempt()


# --- taking back -------------------------------------------------------------------------------------


def test_reversal_puts_right_and_keeps_the_row(stocked, rice, hana, entry, today):
    yesterday = today - timedelta(days=1)
    mistake = services.log_use(by=hana, place=stocked.store, **entry(quantity=10, occurred_on=yesterday))
    reversal = services.reverse_movement(by=hana, movement=mistake, today=today, reason="wrong item")
    assert (reversal.source, reversal.destination) == (mistake.destination, mistake.source)
    assert (reversal.reverses, reversal.document, reversal.occurred_on) == (mistake, "wrong item", yesterday)
    assert selectors.held(stocked.store, rice) == 100
    assert selectors.held_on(yesterday, stocked.store, rice) == 100
    assert mistake not in Movement.objects.effective()
    assert last_audit()[0] == "stock.reversed"
    assert AuditEntry.objects.latest("id").reason == "wrong item"


def test_old_mistake_is_put_right_today(stocked, rice, hana, entry, today):
    """The month is closed: its figures in the ledger stay as they were."""
    old = today - timedelta(days=settings.BACK_DATING_DAYS + 5)
    receipt = receive(stocked.store, rice, 7, days_ago=settings.BACK_DATING_DAYS + 5)
    reversal = services.reverse_movement(by=hana, movement=receipt, today=today, reason="not ours")
    assert reversal.occurred_on == today
    assert selectors.held_on(old, stocked.store, rice) == 7
    assert selectors.held(stocked.store, rice) == 100


def test_reversal_twice_is_the_first(stocked, rice, hana, entry, today):
    mistake = services.log_use(by=hana, place=stocked.store, **entry())
    first, again = (
        services.reverse_movement(by=hana, movement=mistake, today=today, reason="mistyped") for _ in "12"
    )
    assert first == again
    assert selectors.held(stocked.store, rice) == 100


def test_reversal_refusals(stocked, hana, sora, entry, today):
    mistake = services.log_use(by=hana, place=stocked.store, **entry())
    with pytest.raises(services.ReasonMissing):
        services.reverse_movement(by=hana, movement=mistake, today=today, reason=" ")
    reversal = services.reverse_movement(by=hana, movement=mistake, today=today, reason="mistyped")
    with pytest.raises(services.AlreadyReversed):
        services.reverse_movement(by=sora, movement=mistake, today=today, reason="mistyped")
    with pytest.raises(services.CannotReverse):
        services.reverse_movement(by=hana, movement=reversal, today=today, reason="mistyped")


def test_receipt_already_eaten_cannot_be_taken_back(store, hana, entry, today):
    receipt = services.log_receipt(by=hana, place=store, **entry(quantity=10))
    services.log_use(by=hana, place=store, **entry(quantity=4))
    with pytest.raises(services.NotEnoughStock, match="ST-OAK: 6 kg"):
        services.reverse_movement(by=hana, movement=receipt, today=today, reason="mistyped")
