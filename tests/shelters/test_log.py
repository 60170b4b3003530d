"""The form of the field, as a browser sends it."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.formats import date_format

from shelters import selectors as shelters
from shelters.enums import Entry
from shelters.services import log_supplies
from supply import selectors, services
from supply.models import Movement, StockCount
from tests import factories
from tests.factories import receive

pytestmark = pytest.mark.django_db
NOTHING = "Nothing of yours was booked under this address."


@pytest.fixture
def send(as_user, hana, stocked, log_address):
    """Hana sends the form at Willow, which holds 100 kg of rice."""
    client = as_user(hana)
    return lambda data, **more: client.post(log_address(stocked), data, **more)


def text_of(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def key_in(response):
    return re.search(r'name="key" value="([0-9a-f-]{36})"', response.content.decode()).group(1)


def test_use_is_booked_and_said(send, filled, stocked, rice, hana):
    data = filled(number="2", unit=str(rice.packs.get().uuid), note="for the feast")
    response = send(data)
    assert response.status_code == 302
    movement = Movement.objects.get(key=data["key"])
    assert (movement.quantity, movement.typed, movement.by) == (50, "2 × bag of 25 kg", hana)
    assert (movement.source, movement.document, movement.reason) == (stocked.store, "for the feast", "used")
    shown = text_of(response.client.get(response.url))
    assert "Booked: 2 × bag of 25 kg Rice, used." in shown
    assert "In stock at WILLOW now: 50 kg" in shown


@pytest.mark.parametrize(
    ("kind", "reason", "left"), [("received", "bought", 110), ("lost", "taken", 90), ("used", "used", 90)]
)
def test_each_kind_books_its_movement(kind, reason, left, send, filled, stocked, rice):
    assert send(filled(kind=kind, receipt_reason="bought", loss_reason="taken")).status_code == 302
    assert Movement.objects.latest("id").reason == reason
    assert selectors.held(stocked.store, rice) == left


def test_answer_names_the_day_where_it_is_not_today(send, filled, stocked, today):
    """The form folds the day away: a page left open over midnight books the day before."""
    yesterday = today - timedelta(days=1)
    assert "not for today" not in text_of(send(filled(), follow=True))
    for kind in ("used", "counted"):
        text = text_of(send(filled(kind=kind, occurred_on=yesterday.isoformat()), follow=True))
        assert f"For {date_format(yesterday)}, not for today." in text
        assert "take it back and log it again" in text


def test_count_says_the_difference(send, filled, stocked, rice):
    response = send(filled(kind="counted", number="92"))
    shown = text_of(response.client.get(response.url))
    assert "Counted: 92 kg Rice." in shown
    assert "The difference of 8 kg is booked." in shown
    assert selectors.held(stocked.store, rice) == 92


def test_count_of_nothing_and_count_that_agrees(send, filled, stocked, rice):
    response = send(filled(kind="counted", number="100"))
    assert "That is what was expected." in text_of(response.client.get(response.url))
    assert send(filled(kind="counted", number="0")).status_code == 302
    assert selectors.held(stocked.store, rice) == 0
    assert StockCount.objects.count() == 2


def test_lot_has_a_line_of_its_own(send, filled, stocked, rice):
    lot = factories.LotFactory(item=rice, code="A7")
    factories.MovementFactory(item=rice, lot=lot, quantity=10, destination=stocked.store)
    data = filled(line=f"{rice.uuid}.{lot.uuid}")
    first, again = send(data), send(data)  # the second one finds the lot used up
    assert (first.status_code, again.url) == (302, first.url)
    assert selectors.held(stocked.store, rice, lot) == 0
    assert "Rice A7 ·" not in text_of(again.client.get(reverse("shelters:log", args=[stocked.uuid])))


def test_digits_of_a_japanese_keyboard(send, filled, stocked, rice):
    assert send(filled(number="１２．５")).status_code == 302
    assert selectors.held(stocked.store, rice) == Decimal("87.5")


def test_past_day_within_the_limit(send, filled, today):
    day = today - timedelta(days=3)
    assert send(filled(occurred_on=day.isoformat())).status_code == 302
    assert Movement.objects.latest("id").occurred_on == day


# --- sent twice --------------------------------------------------------------------------------------


def test_sent_twice_is_one_movement_and_one_answer(send, filled, stocked, rice):
    data = filled()
    first, again = send(data), send(data)
    assert (first.status_code, again.status_code, first.url) == (302, 302, again.url)
    assert Movement.objects.filter(source=stocked.store).count() == 1
    assert selectors.held(stocked.store, rice) == 90
    pages = [
        re.sub(r'value="[^"]{36,}"|booked=[0-9a-f-]{36}', "", c.client.get(c.url).content.decode())
        for c in (first, again)
    ]
    assert pages[0] == pages[1]


def test_form_changed_after_it_was_booked(send, filled, stocked, rice):
    """Back in the browser, another number, Save: told once, and then it is another entry."""
    data = filled()
    send(data)
    changed = send(data | {"number": "5"})
    assert changed.status_code == 422
    assert "already booked with other content" in text_of(changed)
    assert key_in(changed) != data["key"]
    assert selectors.held(stocked.store, rice) == 90
    assert send(data | {"number": "5", "key": key_in(changed)}).status_code == 302
    assert selectors.held(stocked.store, rice) == 85


def test_every_page_has_a_key_of_its_own(send, as_user, hana, stocked, log_address):
    client = as_user(hana)
    assert key_in(client.get(log_address(stocked))) != key_in(client.get(log_address(stocked)))


# --- refusals, each a sentence ---------------------------------------------------------------------------


FAR = settings.BACK_DATING_DAYS + 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"number": "-1"}, "Write a number above zero."),
        ({"number": "0"}, "Write a number above zero."),
        ({"number": "-1", "kind": "counted"}, "Write 0 or more."),
        ({"number": ""}, "Say how much."),
        ({"number": "many"}, "Write a number such as 3 or 2.5."),
        ({"number": "1,500"}, "1,500 can be read in two ways. Write 1500 or 1.5."),
        ({"number": "１，２００"}, "1,200 can be read in two ways. Write 1200 or 1.2."),
        ({"number": "2,000"}, "2,000 can be read in two ways. Write 2000 or 2."),
        ({"number": "1.500"}, "1.500 can be read in two ways. Write 1500 or 1.5."),
        ({"number": "1 5"}, "Write a number such as 3 or 2.5."),
        ({"number": "1 5 000"}, "Write a number such as 3 or 2.5."),
        ({"number": "1,5,5"}, "Write a number such as 3 or 2.5."),
        ({"number": "Infinity"}, "Write a number such as 3 or 2.5."),
        ({"number": "-Infinity"}, "Write a number such as 3 or 2.5."),
        ({"number": "1e3"}, "Write a number such as 3 or 2.5."),
        ({"number": "1_000"}, "Write a number such as 3 or 2.5."),
        ({"number": "１Ｅ３"}, "Write a number such as 3 or 2.5."),
        ({"number": "1\x000"}, "Write a number such as 3 or 2.5."),
        ({"number": "\u200f5"}, "Write a number such as 3 or 2.5."),
        ({"number": "5²"}, "Write a number such as 3 or 2.5."),
        ({"number": "⒈5"}, "Write a number such as 3 or 2.5."),
        ({"number": "1" + " " * 60 + "000"}, "Write a number such as 3 or 2.5."),
        ({"number": "NaN"}, "Write a number such as 3 or 2.5."),
        ({"number": "1.0001"}, "Write at most three digits after the point."),
        ({"number": "1000001"}, "Write a number up to 1000000."),
        ({"number": "9" * 2_000_000}, "Write a number up to 1000000."),
        ({"number": "100.001"}, "There is only this much Rice at ST-WILLOW: 100 kg."),
        ({"unit": "0b1d9a4e-8f6f-4d0e-9c3e-000000000000"}, "Choose a unit of this item."),
        ({"unit": ""}, "Choose a unit."),
        ({"line": "0b1d9a4e-8f6f-4d0e-9c3e-000000000000"}, "Choose an item of the list."),
        ({"line": ""}, "Choose an item of the list."),
        ({"kind": "eaten"}, "Choose what happened."),
        ({"kind": ""}, "Choose what happened."),
        ({"kind": "lost", "loss_reason": "bought"}, "Choose one of the list."),
        ({"occurred_on": "2.3.26x"}, "Write the day as 2026-02-09."),
        ({"occurred_on": ""}, "Choose the day."),
        ({"note": "x" * 201}, "Write at most 200 characters."),
        ({"note": "x" * 2_000_000}, "Write at most 200 characters."),
        ({"note": "a\x00b"}, "Null characters are not allowed."),
        ({"note": "rice\u202egnp"}, "Invisible marks in this text turn its direction."),
        ({"line": "\x00"}, "Choose an item of the list."),
        ({"line": "x" * 2_000_000}, "Choose an item of the list."),
        ({"kind": "moved"}, "Choose what happened."),
        ({"key": "nonsense"}, "This page was out of date. Press Save again."),
        ({"key": ""}, "This page was out of date. Press Save again."),
    ],
)
def test_bad_input_is_a_sentence(changes, sentence, send, filled):
    response = send(filled(**changes))
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert len(response.content) < 50_000
    assert Movement.objects.count() == 1


@pytest.mark.parametrize("days", [1, -FAR])
def test_day_out_of_bounds(days, send, filled, today):
    response = send(filled(occurred_on=(today + timedelta(days=days)).isoformat()))
    assert response.status_code == 422
    assert "Choose a day from" in text_of(response)


def test_use_before_the_receipt_names_the_day(send, filled, today):
    response = send(filled(occurred_on=(today - timedelta(days=11)).isoformat()))
    assert response.status_code == 422
    assert "more Rice would have left ST-WILLOW by" in text_of(response)


def test_part_of_a_piece(send, filled, stocked):
    blanket = factories.ItemFactory(code="BLANKET", base_unit="piece")
    response = send(filled(blanket, kind="received", number="1.5"))
    assert "Blanket is counted in whole units." in text_of(response)


def test_pack_that_does_not_come_out_even(send, filled, rice):
    factories.PackFactory(item=rice, name="cup", quantity=Decimal("0.333"))
    response = send(filled(number="0.5", unit=str(rice.packs.get(name="cup").uuid)))
    assert "Write at most three digits after the point." in text_of(response)


def test_pack_of_another_item(send, filled, oil):
    pack = factories.PackFactory(item=oil, name="canister", quantity=10)
    assert "Choose a unit of this item." in text_of(send(filled(unit=str(pack.uuid))))


def test_refused_form_keeps_what_was_typed_and_its_key(send, filled, rice):
    data = filled(number="500", kind="lost", loss_reason="taken", note="by the river")
    page = send(data).content.decode()
    for kept in ('value="500"', 'value="by the river"', f'value="{data["key"]}"'):
        assert kept in page
    assert re.search(r'value="lost"\s+checked', page)
    assert re.search(r'value="taken"\s+checked', page)


def test_note_is_shown_as_text(send, filled, stocked):
    response = send(filled(note="<script>alert(1)</script>"))
    page = response.client.get(reverse("shelters:stock", args=[stocked.uuid])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_anothers_shelter_is_as_if_it_did_not_exist(as_user, jin, stocked, filled, log_address):
    client = as_user(jin)
    assert client.get(log_address(stocked)).status_code == 404
    assert client.post(log_address(stocked), filled()).status_code == 404
    assert Movement.objects.count() == 1


def test_service_asks_too_whose_shelter_it_is(stocked, jin, rice, today):
    entry = {"item": rice, "quantity": Decimal(1), "occurred_on": today, "today": today, "key": uuid.uuid4()}
    with pytest.raises(PermissionDenied):
        log_supplies(by=jin, shelter=stocked, kind=Entry.USED, reason="", **entry)


def test_service_believes_only_a_look_of_the_person_themselves(stocked, hana, jin, rice, today):
    entry = {"item": rice, "quantity": Decimal(1), "occurred_on": today, "today": today, "key": uuid.uuid4()}
    for own in (shelters.own(hana), shelters.own(jin)):
        with pytest.raises(PermissionDenied):
            log_supplies(by=jin, shelter=stocked, kind=Entry.USED, own=own, **entry)
    log_supplies(by=hana, shelter=stocked, kind=Entry.USED, own=shelters.own(hana), **entry)
    assert selectors.held(stocked.store, rice) == 99


def test_answer_of_another_is_not_shown(send, filled, as_user, jin, stocked, maple):
    response = send(filled())
    query = response.url.partition("?")[2]
    client = as_user(jin)
    factories.PostingFactory(user=jin, shelter=stocked)
    shown = text_of(client.get(f"{reverse('shelters:log', args=[stocked.uuid])}?{query}"))
    assert "Booked" not in shown
    assert NOTHING in shown


@pytest.mark.parametrize("key", ["", "x", "5d1c6f0e-0000-4000-8000-000000000000"])
def test_answer_that_never_was_says_that_nothing_was_booked(key, send, filled, stocked):
    """An old page, a torn address: beside it stands what was booked last, with its time, as on a new page."""
    response = send(filled())
    client, address = response.client, reverse("shelters:log", args=[stocked.uuid])
    for page in (response.url, address):
        assert NOTHING not in text_of(client.get(page))
    shown = text_of(client.get(address, {"booked": key}))
    assert NOTHING in shown
    assert re.search(r"\d Booked: 10 kg Rice, used.", shown)


# --- ready for the next --------------------------------------------------------------------------------


def test_form_remembers_the_last_entry(send, filled, as_user, hana, stocked, rice, log_address, oil):
    send(filled(kind="lost", number="1", unit=str(rice.packs.get().uuid)))
    page = as_user(hana).get(log_address(stocked)).content.decode()
    assert re.search(r'value="lost"\s+checked', page)
    assert re.search(rf'<option value="{rice.packs.get().uuid}"[^>]* selected', page)
    assert re.search(rf'<option value="{rice.uuid}" selected', page)


def test_item_used_last_stands_first(as_user, hana, stocked, oil, rice, log_address):
    receive(stocked.store, oil, 5)
    page = as_user(hana).get(log_address(stocked)).content.decode()
    names = re.findall(r">(Oil|Rice) · ([\d,]+) (l|kg)<", page)
    assert names == [("Oil", "5", "l"), ("Rice", "100", "kg")]


def test_form_costs_the_same_for_one_item_and_for_thirty(
    as_user, hana, stocked, log_address, django_assert_num_queries
):
    client = as_user(hana)
    for items in (0, 29):
        for item in factories.ItemFactory.create_batch(items):
            factories.PackFactory(item=item)
            receive(stocked.store, item, 5)
        with django_assert_num_queries(17):
            client.get(log_address(stocked))


def test_booking_costs_the_same_for_one_item_and_for_thirty(send, filled, stocked, django_assert_num_queries):
    send(filled(number="1"))  # makes the place of what was used up
    for items in (0, 29):
        for item in factories.ItemFactory.create_batch(items):
            factories.PackFactory(item=item)
            receive(stocked.store, item, 5)
        with django_assert_num_queries(15):
            assert send(filled(number="1", key=str(uuid.uuid4()))).status_code == 302


# --- taking back -----------------------------------------------------------------------------------------


@pytest.fixture
def undo(as_user, hana):
    def press(shelter, movement, by=hana):
        address = reverse("shelters:undo", args=[shelter.uuid, movement.uuid])
        return as_user(by).post(address, follow=True)

    return press


def test_own_fresh_entry_is_taken_back(send, filled, undo, stocked, rice):
    data = filled()
    answer = send(data)
    movement = Movement.objects.get(key=data["key"])
    for _ in "12":
        assert "Taken back: 10 kg Rice." in text_of(undo(stocked, movement))
    assert selectors.held(stocked.store, rice) == 100
    assert Movement.objects.filter(reverses=movement).count() == 1
    assert "This entry was taken back." in text_of(answer.client.get(answer.url))


def test_old_entry_and_anothers_are_not_taken_back(stocked, undo, hana, rice, today, time_machine):
    anothers = receive(stocked.store, rice, 10)
    assert "Only your own entry of the last 10 minutes" in text_of(undo(stocked, anothers))
    own = factories.MovementFactory(item=rice, destination=stocked.store, by=hana)
    from django.utils import timezone

    time_machine.move_to(timezone.now() + timedelta(minutes=11))
    assert "Only your own entry of the last 10 minutes" in text_of(undo(stocked, own))
    assert not Movement.objects.filter(reverses__isnull=False).exists()


def test_receipt_that_was_used_meanwhile_stays(send, filled, undo, stocked, hana, rice, entry_of):
    data = filled(kind="received", number="50")
    send(data)
    entry_of(140)
    page = undo(stocked, Movement.objects.get(key=data["key"]))
    assert "There is only this much Rice at ST-WILLOW: 10 kg." in text_of(page)


@pytest.fixture
def entry_of(stocked, hana, rice, today):
    def use(quantity):
        services.log_use(
            by=hana, place=stocked.store, item=rice, quantity=Decimal(quantity), occurred_on=today,
            today=today, key=uuid.uuid4(),
        )  # fmt: skip

    return use


def test_taking_back_is_no_page_to_open(as_user, hana, stocked):
    address = reverse("shelters:undo", args=[stocked.uuid, Movement.objects.get().uuid])
    assert as_user(hana).get(address).status_code == 405
