"""The coordinator books at any of our places, and keeps the catalogue."""

import uuid
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
from django.urls import reverse

from core.models import AuditEntry
from supply import selectors, services
from supply.enums import Booking
from supply.models import Item, Lot, Movement, Pack
from tests import factories
from tests.factories import receive
from tests.races import at_once
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(as_user, sora, warehouse, today):
    """`page("used", number="3")` sends the form of that kind at the warehouse; an answer."""
    client = as_user(sora)

    def send(kind, place=warehouse, **values):
        data = {"occurred_on": today.isoformat(), "key": str(uuid.uuid4()), "number": "10"}
        address = f"{reverse('supply:book', args=[place.uuid])}?kind={kind}"
        return client.post(address, data | {name: str(value) for name, value in values.items()})

    send.client = client
    return send


@pytest.fixture
def bag(rice):
    return rice.packs.get()


def of(item, lot=None):
    return {"line": f"{item.uuid}.{lot.uuid}" if lot else item.uuid, "unit": item.uuid}


def test_what_was_given_is_received_in_packs_with_its_lot(page, sora, warehouse, rice, bag, today):
    giver = factories.PlaceFactory(code="CHURCH", kind="supplier")
    expiry = today + timedelta(days=300)
    values = {
        "line": rice.uuid, "unit": bag.uuid, "number": "3", "receipt_reason": "given", "giver": giver.uuid,
        "lot_code": "L-77", "expires_on": expiry, "document": "waybill 9",
    }  # fmt: skip
    answer = page("received", **values)
    shown = text_of(page.client.get(answer.url))
    assert "Booked: 3 × bag of 25 kg Rice, given." in shown
    movement = Movement.objects.get()
    assert (movement.quantity, movement.typed, movement.by) == (75, "3 × bag of 25 kg", sora)
    assert (movement.source, movement.destination, movement.document) == (giver, warehouse, "waybill 9")
    assert (movement.lot.code, movement.lot.expires_on) == ("L-77", expiry)
    # The next line of the same waybill: what stays stands there.
    following = page.client.get(answer.url).context["form"]
    assert following["document"].value() == "waybill 9"
    assert following["giver"].value() == giver.uuid
    # A second delivery of the same lot makes no second lot.
    page("received", **values | {"number": "1"})
    assert Lot.objects.get() == movement.lot
    assert selectors.held(warehouse, rice, movement.lot) == 100


def test_day_of_expiry_alone_names_the_lot(page, rice, today):
    expiry = today + timedelta(days=30)
    page("received", receipt_reason="bought", expires_on=expiry, **of(rice))
    assert Lot.objects.get().code == expiry.isoformat()


@pytest.mark.parametrize(
    ("kind", "own", "goes_to"),
    [
        ("used", {}, "consumed"),
        ("lost", {"loss_reason": "taken"}, "lost"),
        ("moved", {"destination": "store"}, "store"),
        ("handed_out", {"recipient": "recipient"}, "recipient"),
    ],
)
def test_each_kind_leaves_the_place_once_however_often_it_is_sent(
    kind, own, goes_to, page, warehouse, store, rice
):
    receive(warehouse, rice, 100)
    records = {"store": store, "recipient": factories.RecipientFactory(code="R-1")}
    own = {name: getattr(records.get(value), "uuid", value) for name, value in own.items()}
    values = {"key": uuid.uuid4(), **of(rice), **own}
    first, second = page(kind, **values), page(kind, **values)
    assert first.url == second.url
    movement = Movement.objects.get(source=warehouse)
    assert movement.destination.kind == goes_to
    assert selectors.held(warehouse, rice) == 90


def test_same_form_with_other_content_is_told(page, warehouse, rice):
    receive(warehouse, rice, 100)
    key = uuid.uuid4()
    page("used", key=key, **of(rice))
    answer = page("used", key=key, number="11", **of(rice))
    assert answer.status_code == 422
    assert "already booked with other content" in text_of(answer)
    assert Movement.objects.filter(source=warehouse).count() == 1


@pytest.mark.parametrize(
    ("kind", "values", "field", "sentence"),
    [
        ("used", {"number": "101"}, "number", "There is only this much Rice at DEPOT: 100 kg."),
        ("used", {"number": "0"}, "number", "Write a number above zero."),
        ("used", {"number": "-1"}, "number", "Write a number above zero."),
        ("used", {"number": "1.2345"}, "number", "at most three digits"),
        ("used", {"number": "lots"}, "number", "Write a number such as 3 or 2.5."),
        ("used", {"unit": "of another item"}, "unit", "Choose a unit of this item."),
        ("used", {"line": "no such item"}, "line", "Choose an item of the list."),
        ("used", {"occurred_on": "2999-01-01"}, "occurred_on", "Choose a day from"),
        ("used", {"occurred_on": "yesterday"}, "occurred_on", "Write the day as 2026-02-09."),
        ("used", {"document": "x" * 2_000_000}, "document", "at most 200 characters"),
        ("handed_out", {}, "recipient", "Choose one of the list."),
        ("moved", {"destination": "DEPOT"}, "destination", "Choose one of the list."),
        ("lost", {"loss_reason": "eaten"}, "loss_reason", "Choose one of the list."),
        ("received", {"receipt_reason": "found"}, "receipt_reason", "Choose one of the list."),
    ],
)
def test_bad_input_is_a_sentence_at_its_field(kind, values, field, sentence, page, warehouse, rice):
    receive(warehouse, rice, 100)
    other = factories.ItemFactory(code="TEA")
    words = {"of another item": other.uuid, "DEPOT": warehouse.uuid}
    sent = of(rice) | {"receipt_reason": "bought"} | {n: words.get(v, v) for n, v in values.items()}
    answer = page(kind, **sent)
    assert answer.status_code == 422
    assert any(sentence in error for error in answer.context["form"].errors[field])
    assert Movement.objects.count() == 1


def test_expired_lot_is_not_used_but_spoiled(page, warehouse, rice, today):
    expired = factories.LotFactory(item=rice, code="OLD", expires_on=today - timedelta(days=1))
    factories.MovementFactory(item=rice, lot=expired, quantity=20, destination=warehouse)
    recipient = factories.RecipientFactory()
    for kind in ("used", "handed_out"):
        answer = page(kind, recipient=recipient.uuid, **of(rice, expired))
        assert "Rice OLD was to be used by" in answer.context["form"].errors["line"][0]
    answer = page("received", receipt_reason="bought", lot_code="OLD", **of(rice))
    assert "What has expired is not received" in answer.context["form"].errors["lot_code"][0]
    assert page("lost", loss_reason="spoiled", **of(rice, expired)).status_code == 302
    assert selectors.held(warehouse, rice, expired) == 10


def test_lot_keeps_its_day_of_expiry(page, rice, today):
    known = factories.LotFactory(item=rice, code="L-1", expires_on=today + timedelta(days=9))
    factories.MovementFactory(item=rice, lot=known)
    answer = page(
        "received", receipt_reason="bought", lot_code="L-1", expires_on=today + timedelta(days=8), **of(rice)
    )
    assert "Lot L-1 is known to expire on" in answer.context["form"].errors["expires_on"][0]
    page("received", receipt_reason="bought", lot_code="L-1", **of(rice))
    assert Movement.objects.filter(lot=known).count() == 2


def test_lots_come_first_to_expire_first(page, warehouse, rice, today):
    for code, days in (("LATE", 90), ("NEVER", None), ("SOON", 5)):
        lot = factories.LotFactory(item=rice, code=code, expires_on=days and today + timedelta(days=days))
        factories.MovementFactory(item=rice, lot=lot, destination=warehouse)
    form = page.client.get(f"{reverse('supply:book', args=[warehouse.uuid])}?kind=used").context["form"]
    labels = [label for _value, label in form.fields["line"].choices]
    assert [word for label in labels for word in ("SOON", "LATE", "NEVER") if word in label] == [
        "SOON", "LATE", "NEVER",
    ]  # fmt: skip


def test_place_on_its_way_or_of_a_recipient_is_no_page(as_user, sora):
    for kind in ("transit", "recipient", "consumed", "supplier"):
        place = factories.PlaceFactory(kind=kind)
        assert as_user(sora).get(reverse("supply:book", args=[place.uuid])).status_code == 404


def test_same_new_lot_at_once_is_one_lot(sora, warehouse, rice, entry, today, transactional_db):
    book = partial(
        services.book_entry, by=sora, kind=Booking.RECEIVED, place=warehouse, reason="bought", lot_code="L-9"
    )
    answers = at_once(*[partial(book, **entry()) for _ in range(6)])
    assert {type(answer) for answer in answers} == {Movement}
    assert selectors.held(warehouse, rice, Lot.objects.get()) == 60


@pytest.mark.parametrize("kind", ["received", "used"])
def test_form_costs_the_same_for_one_and_for_thirty(
    kind, as_user, sora, warehouse, django_assert_num_queries
):
    client, address = as_user(sora), f"{reverse('supply:book', args=[warehouse.uuid])}?kind={kind}"
    for number in (1, 29):
        for item in factories.ItemFactory.create_batch(number):
            factories.PackFactory(item=item)
            lot = factories.LotFactory(item=item)
            factories.MovementFactory(item=item, lot=lot, destination=warehouse)
        with django_assert_num_queries(11):
            client.get(address)


def test_register_of_places_costs_the_same(as_user, sora, django_assert_num_queries):
    client = as_user(sora)
    for number in (1, 29):
        for place in factories.PlaceFactory.create_batch(number):
            receive(place, factories.ItemFactory(code="TEA"), 1)
        with django_assert_num_queries(8):
            shown = text_of(client.get(reverse("supply:places")))
    assert "31 rows" in shown  # and who gave


# --- the catalogue ------------------------------------------------------------------------------------------

OIL = {"code": "OIL", "name": "Oil", "name_ja": "油", "kind": "food", "base_unit": "l"}


def test_item_is_added_once_and_gets_its_packs(as_user, sora):
    client = as_user(sora)
    first, second = (client.post(reverse("supply:add_item"), OIL) for _ in range(2))
    item = Item.objects.get(code="OIL")
    assert first.url == second.url == reverse("supply:change_item", args=[item.uuid])
    pack = {"name": "canister", "quantity": "10"}
    for _ in range(2):
        answer = client.post(reverse("supply:add_pack", args=[item.uuid]), pack, follow=True)
        assert "canister · 10 l" in text_of(answer)
    assert Pack.objects.get().quantity == 10
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"supply.item_added", "supply.pack_added"} <= actions


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("add_item", OIL | {"name": "Another oil"}, "code"),
        ("add_pack", {"name": "bag of 25 kg", "quantity": "20"}, "name"),
        ("add_pack", {"name": "nothing", "quantity": "0"}, "quantity"),
    ],
)
def test_taken_names_and_empty_packs_are_told(name, data, field, as_user, sora, rice):
    factories.ItemFactory(**OIL)
    address = reverse(f"supply:{name}", args=[rice.uuid] if name == "add_pack" else [])
    answer = as_user(sora).post(address, data)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]


def test_item_is_changed_but_keeps_its_unit_once_it_moved(as_user, sora, warehouse):
    rice = factories.ItemFactory(**OIL)
    client, address = as_user(sora), reverse("supply:change_item", args=[rice.uuid])
    data = {"code": "RICE", "name": "White rice", "name_ja": "米", "kind": "food", "base_unit": "g"}
    client.post(address, data)
    rice.refresh_from_db()
    assert (rice.name, rice.base_unit) == ("White rice", "g")
    receive(warehouse, rice, 1)
    assert "It stays, because amounts of the item are written in it." in text_of(client.get(address))
    client.post(address, data | {"name": "Rice", "base_unit": "kg"})
    rice.refresh_from_db()
    assert (rice.name, rice.base_unit) == ("Rice", "g")
    with pytest.raises(services.UnitIsKept):
        services.change_item(by=sora, item=rice, base_unit="kg")


@pytest.mark.parametrize(
    "make",
    [
        lambda item: factories.PackFactory(item=item, name="bag of 25 kg", quantity=25),
        lambda item: factories.StockLevelFactory(item=item),
        lambda item: factories.ConsignmentLineFactory(item=item),
        lambda item: factories.StandingPlanLineFactory(item=item),
        lambda item: factories.CountLineFactory(item=item),
    ],
)
def test_item_keeps_its_unit_once_anything_names_an_amount_of_it(make, as_user, sora):
    """25 kg would read as 25 g."""
    item = factories.ItemFactory(code="NEW", name="New", base_unit="kg", kind="food")
    client, address = as_user(sora), reverse("supply:change_item", args=[item.uuid])
    assert "base_unit" in client.get(address).context["form"].fields
    make(item)
    assert "base_unit" not in client.get(address).context["form"].fields
    with pytest.raises(services.UnitIsKept):
        services.change_item(by=sora, item=item, base_unit="g")


def test_item_of_a_ration_keeps_its_unit(as_user, sora):
    """Rations are no matter of the ledger: the database says so."""
    item = factories.ItemFactory(code="NEW", name="New", base_unit="kg", kind="food")
    factories.RationRuleFactory(item=item)
    data = {"code": "NEW", "name": "New", "name_ja": "", "kind": "food", "base_unit": "piece"}
    answer = as_user(sora).post(reverse("supply:change_item", args=[item.uuid]), data)
    assert answer.status_code == 422
    assert "Add a new item for another unit." in answer.context["form"].errors["base_unit"][0]


def test_code_of_another_item_is_told(as_user, sora, rice):
    factories.ItemFactory(**OIL)
    answer = as_user(sora).post(reverse("supply:change_item", args=[rice.uuid]), OIL)
    assert answer.status_code == 422
    assert Item.objects.get(pk=rice.pk).code == "RICE"


def test_auditor_gets_no_button(as_user, otto, warehouse, rice):
    receive(warehouse, rice, Decimal(1))
    client = as_user(otto)
    for name, button in (("places", "book"), ("items", "items/add")):
        assert f"/{button}/" not in client.get(reverse(f"supply:{name}")).content.decode()
