"""The coordinator's pages of consignments."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.selectors import system_user
from supply import selectors, services
from supply.forms.written import read_amount
from supply.models import Consignment
from tests import factories as f
from tests.supply.test_pages import text_of

pytestmark = pytest.mark.django_db


def lines(*rows, total=4):
    """The lines of the plan form: (item, amount, destination)."""
    data = {"lines-TOTAL_FORMS": total, "lines-INITIAL_FORMS": 0}
    for number, (item, amount, end) in enumerate(rows):
        data |= {
            f"lines-{number}-item": item.uuid if item else "",
            f"lines-{number}-amount": amount,
            f"lines-{number}-destination": end.uuid if end else "",
        }
    return data


@pytest.fixture
def send(client, today):
    """`send(consignment, "receive", {line: "2 bags"}, note="…")`: the form of a step, with a fresh key."""

    def sent(consignment, form, amounts=None, **values):
        data = {"on": today, "key": uuid.uuid4()} | values
        data |= {f"amount-{line.uuid}": text for line, text in (amounts or {}).items()}
        return client.post(reverse("supply:take_step", args=[consignment.uuid, form]), data)

    return sent


# --- amounts as people write them --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "quantity", "typed"),
    [
        ("75", 75, "75 kg"), ("75 kg", 75, "75 kg"), ("1,250.5kg", Decimal("1250.5"), "1,250.5 kg"),
        ("3 bags of 25 kg", 75, "3 × bag of 25 kg"), ("3 × bag of 25 kg", 75, "3 × bag of 25 kg"),
        ("1 BAG", 25, "1 × bag of 25 kg"), ("２ bags", 50, "2 × bag of 25 kg"),
        ("500 g", Decimal("0.5"), "500 g"),
        ("1,5 kg", Decimal("1.5"), "1.5 kg"), ("1.250,5 kg", Decimal("1250.5"), "1,250.5 kg"),
        ("2 x sack", 100, "2 × sack"), (" 0.5 bags ", Decimal("12.5"), "0.5 × bag of 25 kg"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(rice, text, quantity, typed):
    f.PackFactory(item=rice, name="sack", quantity=50)
    assert read_amount(text, rice) == (quantity, typed)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        *((text, "Write the amount of Rice as") for text in ("", "bags", "3 boxes", "1e5", "NaN")),
        ("3 bags of 20 kg", "Write the amount of Rice as"), ("x" * 2_000_000, "Write the amount of Rice as"),
        ("0", "Write a number above zero."), ("-5", "Write a number above zero."),
        ("0.0001", "Write at most three digits after the point."), ("9" * 50, "That is very much."),
        ("1,250 kg", "Write 1250 or 1.25."), ("1.2.3 kg", "such as 3"),
    ],
)  # fmt: skip
def test_other_amounts_are_refused_with_a_sentence(rice, text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        read_amount(text, rice)


def test_whole_units_come_whole(db):
    kit = f.ItemFactory(code="KIT", base_unit="kit")
    assert read_amount("2 kits", kit) == (2, "2 kits")
    with pytest.raises(ValidationError, match="whole units"):
        read_amount("1.5", kit)


# --- plan, pack, and on the way ----------------------------------------------------------------------------


def test_plan_form_plans_and_says_what_is_free(client, plan, pack, warehouse, rice, today):
    f.receive(warehouse, rice, 100)
    other = plan(25)
    pack(other)
    address = reverse("supply:plan_consignment")
    shown = text_of(client.get(address, {"from": warehouse.uuid}))
    assert "Rice · 75 kg free" in shown
    assert "Rice 100 kg 25 kg 75 kg 3 × bag of 25 kg" in shown
    end = f.RecipientFactory(code="R-9", kind="orphanage", publishable_place="a northern town").place
    key = uuid.uuid4()
    data = {"planned_on": today, "courier": "Magpie", "note": "", "key": key}
    data |= lines((rice, "3 bags of 25 kg", end))
    answer = client.post(address, data)
    made = Consignment.objects.exclude(pk=other.pk).get()
    assert answer.url == reverse("supply:consignment", args=[made.uuid])
    assert client.post(address, data).url == answer.url  # sent twice
    assert Consignment.objects.count() == 2
    shown = text_of(client.get(answer.url))
    assert "R-9 · orphanage, a northern town" in shown
    assert "75 kg 3 × bag of 25 kg" in shown
    assert "Magpie" not in shown


def test_plan_form_says_what_is_missing_at_its_field(client, warehouse, rice, today):
    end = f.RecipientFactory().place
    data = {"planned_on": today, "key": uuid.uuid4()}
    address = reverse("supply:plan_consignment")
    wrong = lines((rice, "many", end), (None, "5", end), (rice, "", None))
    answer = client.post(address, data | wrong)
    assert answer.status_code == 422
    shown = text_of(answer)
    for sentence in (
        "Write the amount of Rice as 75 kg or 3 × bag of 25 kg.", "Choose the item.", "Say how much.",
        "Choose where it goes.",
    ):  # fmt: skip
        assert sentence in shown
    answer = client.post(address, data | lines())
    assert answer.status_code == 422
    assert "Plan at least one line" in text_of(answer)
    assert not Consignment.objects.exists()


def test_more_lines_keep_what_was_written(client, warehouse, rice, today):
    data = {"planned_on": today, "key": uuid.uuid4(), "more": "4"} | lines((rice, "3 bags", None))
    answer = client.post(reverse("supply:plan_consignment"), data)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert shown.count('name="lines-7-amount"') == 1
    assert 'value="3 bags"' in shown
    assert not Consignment.objects.exists()


def test_what_has_expired_is_marked_and_chosen_by_hand_alone(client, plan, warehouse, rice, store, today):
    old = f.LotFactory(item=rice, code="OLD", expires_on=today - timedelta(days=1))
    f.MovementFactory(item=rice, lot=old, quantity=50, destination=warehouse)
    consignment = plan(40, destinations=[store])
    line, address = consignment.lines.get(), reverse("supply:pack_consignment", args=[consignment.uuid])

    def offered():
        field = client.get(address).context["form"][f"lot-{line.uuid}"]
        return field.initial, [label for _value, label in field.field.choices]

    # It lies there alone: nothing is chosen.
    chosen, labels = offered()
    assert (chosen, labels[0]) == ("", "choose a lot")
    assert "OLD (expired " in labels[1]
    new = f.LotFactory(item=rice, code="NEW", expires_on=today + timedelta(days=200))
    f.MovementFactory(item=rice, lot=new, quantity=50, destination=warehouse)
    assert offered()[0] == str(new.uuid)
    data = {"on": today, "key": uuid.uuid4(), f"amount-{line.uuid}": "40 kg", f"lot-{line.uuid}": old.uuid}
    answer = client.post(address, data)
    assert answer.status_code == 422
    assert "give it to nobody" in answer.context["form"].errors[f"lot-{line.uuid}"][0]


def test_packing_by_lot_as_written(client, plan, warehouse, rice, today):
    lot = f.LotFactory(item=rice, code="L-1", expires_on=today)
    f.MovementFactory(item=rice, lot=lot, quantity=50, destination=warehouse)
    consignment = plan(50)
    line = consignment.lines.get()
    address = reverse("supply:pack_consignment", args=[consignment.uuid])
    assert f'value="{lot.uuid}" selected' in client.get(address).content.decode()
    data = {"on": today, "key": uuid.uuid4(), f"lot-{line.uuid}": lot.uuid}
    answer = client.post(address, data | {f"amount-{line.uuid}": "3 bags"})
    assert answer.status_code == 422
    assert "Only this much Rice L-1 is free at DEPOT: 50 kg." in text_of(answer)
    assert client.post(address, data | {f"amount-{line.uuid}": "1 bag"}).status_code == 302
    line.refresh_from_db()
    assert (line.packed, line.lot) == (25, lot)


def test_a_part_begins_empty_and_all_that_is_under_way_is_filled_in(
    client, send, plan, pack, warehouse, rice, store
):
    f.receive(warehouse, rice, 100)
    consignment = plan(100, destinations=[store])
    pack(consignment)
    send(consignment, "send")
    line = consignment.lines.get()
    send(consignment, "receive", {line: "1 bag"})
    begins = {
        form: client.get(reverse("supply:take_step", args=[consignment.uuid, form])).context["form"]
        for form in ("receive", "receive-all")
    }
    assert {form: filled[f"amount-{line.uuid}"].value() for form, filled in begins.items()} == {
        "receive": "", "receive-all": "75 kg",
    }  # fmt: skip
    assert send(consignment, "receive", {}).status_code == 422
    assert send(consignment, "receive-all", {line: "75 kg"}).status_code == 302
    line.refresh_from_db()
    assert line.received == 100


def test_from_sent_to_settled_on_the_pages(client, send, page, plan, pack, warehouse, rice, store):
    f.receive(warehouse, rice, 100)
    consignment = plan(100, destinations=[store])
    assert "Pack" in page(consignment)
    pack(consignment)
    assert send(consignment, "send").status_code == 302
    line = consignment.lines.get()
    assert send(consignment, "receive", {line: "3 bags"}).status_code == 302
    assert "100 kg 75 kg 0 kg 0 kg 25 kg" in page(consignment)
    answer = send(consignment, "settle")
    assert answer.status_code == 422
    assert "Rice for ST-OAK: 25 kg is still under way." in text_of(answer)
    answer = send(consignment, "lose", {line: "2 bags"}, how="taken", note="a check point")
    assert "Only this much Rice is still under way to ST-OAK: 25 kg." in text_of(answer)
    assert send(consignment, "lose", {line: "20"}, how="taken", note="").status_code == 422
    assert send(consignment, "lose", {line: "20"}, how="taken", note="a check point").status_code == 302
    assert send(consignment, "return", {line: "5"}, note="no room").status_code == 302
    assert "Settle" in page(consignment)
    assert send(consignment, "settle").status_code == 302
    assert send(consignment, "find", {line: "3"}, came_back="", note="behind the mill").status_code == 302
    shown = page(consignment)
    assert "settled" in shown
    assert "100 kg 78 kg 17 kg 5 kg 0 kg" in shown
    assert "a check point" in shown
    assert selectors.held(store, rice) == 78


def test_a_day_that_is_closed_is_said_at_the_day(send, under_way):
    consignment = under_way(10)
    answer = send(consignment, "receive", {consignment.lines.get(): "5"}, on="2020-01-01")
    assert answer.status_code == 422
    assert "Choose a day from" in text_of(answer)


def test_an_unknown_step_is_not_there(client, under_way):
    address = reverse("supply:take_step", args=[under_way(1).uuid, "burn"])
    assert client.get(address).status_code == 404


def test_a_mistake_is_taken_back_on_the_page(client, send, page, under_way):
    consignment = under_way(10)
    line = consignment.lines.get()
    send(consignment, "receive", {line: "8"})
    booking = line.bookings.get(kind="received")
    address = reverse("supply:take_back_part", args=[consignment.uuid, booking.uuid])
    assert address in client.get(reverse("supply:consignment", args=[consignment.uuid])).content.decode()
    assert client.post(address, {"key": uuid.uuid4(), "reason": ""}).status_code == 422
    assert client.post(address, {"key": uuid.uuid4(), "reason": "typed 8 for 3"}).status_code == 302
    assert "10 kg 0 kg 0 kg 0 kg 10 kg" in page(consignment)


def test_cancel_change_and_lose_all(client, send, page, plan, under_way, today):
    consignment, route = plan(5), f.RouteFactory(code="RN-08")
    data = {"planned_on": today, "route": route.uuid, "courier": "", "note": "by night", "key": uuid.uuid4()}
    assert client.post(reverse("supply:change_journey", args=[consignment.uuid]), data).status_code == 302
    assert "RN-08" in page(consignment)
    assert send(consignment, "cancel", note="the road is closed").status_code == 302
    assert "cancelled" in page(consignment)
    gone = under_way(5)
    assert send(gone, "lose-all", how="taken", note="the courier was stopped").status_code == 302
    assert "all of it lost" in page(gone).lower()


def test_what_receivers_say_and_what_it_cost(client, page, under_way, today):
    consignment = under_way(50)
    line = consignment.lines.get()
    word = {
        "line": line.uuid, "received_on": today, "receiver": "K-7", "amount": "2 bags", "quality": "partly",
        "is_satisfied": "no", "people": 40, "note": "one bag wet", "key": uuid.uuid4(),
    }  # fmt: skip
    address = reverse("supply:confirm_receipt", args=[consignment.uuid])
    assert b"checked" not in client.get(address).content  # what the receiver said, nobody says beforehand
    for _ in range(2):
        assert client.post(address, word).status_code == 302
    assert client.post(address, word | {"amount": "many", "key": uuid.uuid4()}).status_code == 422
    cost = {
        "kind": "side_payment",
        "amount": "300.5",
        "currency": "CNY",
        "paid_on": today,
        "key": uuid.uuid4(),
    }
    address = reverse("supply:note_cost", args=[consignment.uuid])
    for _ in range(2):
        assert client.post(address, cost).status_code == 302
    for amount, currency, sentence in (
        ("-5", "CNY", "taken back beside it"),
        ("300.5", "JPY", "JPY has no digits after the point. Write a whole number."),
        ("99999999999999.9999", "CNY", "That is very much. Write a number up to 1000000000."),
    ):
        answer = client.post(address, cost | {"amount": amount, "currency": currency, "key": uuid.uuid4()})
        assert answer.status_code == 422
        assert sentence in text_of(answer)
    shown = page(consignment)
    assert "received by K-7, quality: partly spoiled · not satisfied · 40 people reached" in shown
    assert shown.count("CN¥300.50") == 2
    assert line.confirmations.count() == 1
    written, key = consignment.costs.get(), uuid.uuid4()
    address = reverse("supply:take_back_cost", args=[consignment.uuid, written.uuid])
    assert address in client.get(reverse("supply:consignment", args=[consignment.uuid])).content.decode()
    for _ in range(2):
        assert client.post(address, {"reason": "written twice", "key": key}).status_code == 302
    assert client.post(address, {"reason": "once more", "key": uuid.uuid4()}).status_code == 422
    assert consignment.costs.count() == 2
    body = client.get(reverse("supply:consignment", args=[consignment.uuid])).content.decode()
    assert address not in body
    assert "taken back by Sora: written twice" in body
    assert "-CN¥" not in body  # one line, struck out


def test_a_cost_is_taken_back_on_the_page_of_its_own_consignment(client):
    cost, other = f.ConsignmentCostFactory(), f.ConsignmentCostFactory()
    address = reverse("supply:take_back_cost", args=[other.consignment.uuid, cost.uuid])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", [1, 12])
def test_register_and_page_cost_the_same_for_many(
    client, under_way, step, amounts, number, django_assert_num_queries
):
    consignment = under_way(*[5] * number)
    for one in range(number):
        step(services.receive_part, consignment, amounts=amounts(consignment, *[0] * one, 1))
        f.ConsignmentLineFactory()
    with django_assert_num_queries(10):
        client.get(reverse("supply:consignments"))
    with django_assert_num_queries(16):
        client.get(reverse("supply:consignment", args=[consignment.uuid]))


def test_register_is_found_and_exported(client, plan, under_way, store):
    under_way(5, destinations=[store])
    plan(7, note="by night")
    address = reverse("supply:consignments")
    for query, rows in (({}, 2), ({"state": "sent"}, 1), ({"goes_to": store.pk}, 1), ({"q": "night"}, 1)):
        assert f"{rows} row" in text_of(client.post(address, query, follow=True))
    assert client.get(address, {"state": "sent", "export": "csv"}).content.count(b"\n") == 2


def test_what_a_form_offers_it_reads_again(client, plan, step, warehouse, rice, today):
    """A thousand and more is offered without the comma that would be asked about."""
    f.receive(warehouse, rice, 2000)
    consignment = plan(1250)
    for name, args in (
        ("pack_consignment", [consignment.uuid]),
        ("take_step", [consignment.uuid, "receive-all"]),
    ):
        page = client.get(reverse(f"supply:{name}", args=args)).content.decode()
        field, offered = re.search(r'name="(amount-[^"]+)" value="([^"]*)"', page).groups()
        body = {field: offered, "on": today, "key": uuid.uuid4()}
        assert client.post(reverse(f"supply:{name}", args=args), body).status_code == 302
        if name == "pack_consignment":
            step(services.send_consignment, consignment)
    assert consignment.lines.get().received == 1250


def test_a_step_of_the_system_is_named_in_the_readers_language(as_user, sora, under_way, amounts, today):
    made, part = under_way(10), {"on": today, "today": today, "key": uuid.uuid4()}
    services.receive_part(by=system_user(), consignment=made, amounts=amounts(made, 4), **part)
    sora.language = "ja"
    sora.save()
    page = text_of(as_user(sora).get(reverse("supply:consignment", args=[made.uuid])))
    assert "システム" in page
    assert "System" not in page
