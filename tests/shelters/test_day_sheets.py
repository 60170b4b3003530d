"""A sheet of paper of a day: printed, written on, typed in."""

import re
import uuid
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from shelters.enums import Entry
from shelters.services import Cell, log_day_sheet
from supply import selectors
from supply.models import Lot, Movement, StockCount
from tests import factories as f
from tests.factories import receive
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(as_user, hana):
    return as_user(hana)


@pytest.fixture
def address(stocked):
    return reverse("shelters:type_day_sheet", args=[stocked.uuid])


@pytest.fixture
def beans(stocked):
    item = f.ItemFactory(code="BEANS", name="Beans")
    receive(stocked.store, item, 20, days_ago=10)
    return item


@pytest.fixture
def sheet(rice, beans, today):
    """`sheet({"used.rice": "3"})`: the form with these cells written, the others empty."""
    items = {"rice": rice, "beans": beans}

    def made(cells, **values):
        kinds = ("received", "used", "lost", "counted")
        data = {f"{kind}.{item.uuid}": "" for item in items.values() for kind in kinds}
        for name, written in cells.items():
            kind, _dot, item = name.partition(".")
            data[f"{kind}.{items[item].uuid}"] = written
        return {"occurred_on": today.isoformat(), "key": str(uuid.uuid4())} | data | values

    return made


def text_of(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def beside(response, cell):
    """The sentences at one cell of the page."""
    cell = re.search(rf'name="{re.escape(cell)}".*?</td>', response.content.decode(), re.DOTALL).group()
    return [unescape(sentence) for sentence in re.findall(r'invalid-feedback">([^<]+)<', cell)]


# --- on paper ------------------------------------------------------------------------------------------


def test_sheet_has_a_row_an_item_and_hides_the_stock(client, stocked, rice, beans):
    f.ItemFactory(code="NEVER", name="Never here")
    address = reverse("shelters:day_sheet", args=[stocked.uuid])
    hidden, shown = text_of(client.get(address)), text_of(client.get(address, {"stock": "1"}))
    assert "Beans kg Rice kg" in hidden
    assert "Beans kg 20 Rice kg 100" in shown
    assert "Never here" not in shown


def test_sheet_has_a_row_a_lot_first_to_expire_first(client, stocked, rice, today):
    for code, days in (("FAR", 90), ("NEAR", 3)):
        lot = f.LotFactory(item=rice, code=code, expires_on=today + timedelta(days=days))
        f.MovementFactory(item=rice, lot=lot, destination=stocked.store)
    shown = text_of(client.get(reverse("shelters:day_sheet", args=[stocked.uuid])))
    assert shown.index("NEAR") < shown.index("FAR")


def test_what_does_not_fit_is_named_with_what_to_do(client, stocked, address, rice, monkeypatch):
    monkeypatch.setattr("shelters.forms.day_sheets.MOST_ROWS", 2)
    assert "not fit" not in text_of(client.get(reverse("shelters:day_sheet", args=[stocked.uuid])))
    for code in ("BEANS", "CORN"):
        receive(stocked.store, f.ItemFactory(code=code, name=code.title()), 20, days_ago=1)
    for page in (reverse("shelters:day_sheet", args=[stocked.uuid]), address):
        text = text_of(client.get(page))
        assert "1 item does not fit on this sheet: Rice." in text
        assert "log it with “Log supplies”" in text


@pytest.mark.parametrize(("page", "queries"), [("day_sheet", 13), ("type_day_sheet", 13)])
def test_sheet_costs_the_same_for_one_item_and_for_thirty(
    page, queries, client, stocked, django_assert_num_queries
):
    for items in (0, 29):
        for item in f.ItemFactory.create_batch(items):
            f.PackFactory(item=item)
            receive(stocked.store, item, 5)
        with django_assert_num_queries(queries):
            client.get(reverse(f"shelters:{page}", args=[stocked.uuid]))


# --- typed in ------------------------------------------------------------------------------------------


def test_whole_sheet_is_booked_in_the_order_of_the_day(client, address, sheet, stocked, rice, beans, today):
    day = today - timedelta(days=1)
    written = {
        "received.rice": "50", "used.rice": "140", "lost.rice": "0,5", "counted.rice": "9.5",
        "counted.beans": "18",
    }  # fmt: skip
    response = client.post(address, sheet(written, occurred_on=day.isoformat()))
    assert response.status_code == 302
    assert selectors.held(stocked.store, rice) == Decimal("9.5")
    assert selectors.held(stocked.store, beans) == 18
    booked = Movement.objects.filter(occurred_on=day).order_by("id")
    assert [one.reason for one in booked] == ["delivered", "used", "lost", "counted"]
    assert StockCount.objects.count() == 2
    shown = text_of(client.get(response.url))
    assert "The sheet is booked: 5 entries." in shown
    assert "140 kg Rice, used" in shown
    assert "Counted: 18 kg Beans." in shown


def test_nothing_used_is_nothing_and_nothing_counted_is_a_finding(
    client, address, sheet, stocked, rice, beans
):
    assert client.post(address, sheet({"used.rice": "0", "counted.beans": "0"})).status_code == 302
    assert selectors.held(stocked.store, rice) == 100
    assert selectors.held(stocked.store, beans) == 0


def test_sent_twice_it_is_booked_once(client, address, sheet, stocked, rice):
    data = sheet({"used.rice": "10", "counted.beans": "20"})
    first, again = client.post(address, data), client.post(address, data)
    assert first.url == again.url
    assert selectors.held(stocked.store, rice) == 90
    assert StockCount.objects.count() == 1


def test_sheet_that_was_booked_takes_a_further_cell_and_no_change(
    client, address, sheet, stocked, rice, beans
):
    data = sheet({"used.rice": "10"})
    client.post(address, data)
    assert client.post(address, data | {f"used.{beans.uuid}": "5"}).status_code == 302
    assert selectors.held(stocked.store, beans) == 15
    changed = client.post(address, data | {f"used.{rice.uuid}": "11", f"lost.{beans.uuid}": "1"})
    assert changed.status_code == 422
    assert "already booked with other content" in beside(changed, f"used.{rice.uuid}")[0]
    assert selectors.held(stocked.store, rice) == 90
    assert selectors.held(stocked.store, beans) == 15


@pytest.mark.django_db(transaction=True)
def test_sent_many_times_at_once_it_is_booked_once(as_user, hana, address, sheet, stocked, rice):
    data = sheet({"used.rice": "10", "received.beans": "1", "counted.beans": "21"})
    clients = [as_user(hana) for _ in range(6)]
    answers = at_once(*(lambda client=client: client.post(address, data) for client in clients))
    assert {answer.status_code for answer in answers} == {302}
    assert selectors.held(stocked.store, rice) == 90
    assert selectors.check_ledger() == []


# --- all or nothing --------------------------------------------------------------------------------------


def test_every_bad_row_has_its_sentence_and_nothing_is_booked(client, address, sheet, stocked, rice, beans):
    data = sheet({"received.rice": "5", "used.rice": "106", "used.beans": "21", "counted.beans": "3"})
    response = client.post(address, data)
    assert response.status_code == 422
    assert "There is only this much Rice at ST-WILLOW: 105 kg." in beside(response, f"used.{rice.uuid}")[0]
    assert "There is only this much Beans at ST-WILLOW: 20 kg." in beside(response, f"used.{beans.uuid}")[0]
    assert "Nothing was booked. Put these rows right: Beans, Rice." in text_of(response)
    assert f'value="{data["key"]}"' in response.content.decode()
    assert 'value="106"' in response.content.decode()
    assert Movement.objects.count() == 2
    assert not StockCount.objects.exists()


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("-1", "Write 0 or more."),
        ("1.0001", "Write at most three digits after the point."),
        ("1,500", "1,500 can be read in two ways. Write 1500 or 1.5."),
        ("NaN", "Write a number such as 3 or 2.5."),
        ("Infinity", "Write a number such as 3 or 2.5."),
        ("1e3", "Write a number such as 3 or 2.5."),
        ("1_000", "Write a number such as 3 or 2.5."),
        ("9" * 2_000_000, "That is very much. Write a number up to 1000000."),
        ("1\x000", "Write a number such as 3 or 2.5."),
        ("\u200f5", "Write a number such as 3 or 2.5."),
        ("some", "Write a number such as 3 or 2.5."),
    ],
)
def test_bad_cell_is_a_sentence(written, sentence, client, address, sheet, rice):
    response = client.post(address, sheet({"used.rice": written, "used.beans": "1"}))
    assert response.status_code == 422
    assert beside(response, f"used.{rice.uuid}") == [sentence]
    assert Movement.objects.count() == 2


@pytest.mark.parametrize("days", [1, -10_000])
def test_day_out_of_bounds_is_said_once(days, client, address, sheet, today):
    day = (today + timedelta(days=days)).isoformat()
    response = client.post(address, sheet({"used.rice": "1", "used.beans": "1"}, occurred_on=day))
    assert response.status_code == 422
    assert text_of(response).count("Choose a day from") == 1
    assert Movement.objects.count() == 2


@pytest.mark.parametrize(("day", "sentence"), [("", "Choose the day."), ("2.3.x", "Write the day as")])
def test_bad_day_is_a_sentence(day, sentence, client, address, sheet):
    response = client.post(address, sheet({"used.rice": "1", "used.beans": "1"}, occurred_on=day))
    assert response.status_code == 422
    assert text_of(response).count(sentence) == 1
    assert Movement.objects.count() == 2


def test_expired_lot_is_refused_in_its_row(client, address, sheet, stocked, rice, today):
    lot = f.LotFactory(item=rice, code="OLD", expires_on=today - timedelta(days=1))
    f.MovementFactory(item=rice, lot=lot, destination=stocked.store)
    name = f"used.{rice.uuid}.{lot.uuid}"
    response = client.post(address, sheet({}, **{name: "1"}))
    assert "Rice OLD was to be used by" in beside(response, name)[0]
    assert client.post(address, sheet({}, **{name.replace("used", "lost"): "1"})).status_code == 302


def test_part_of_a_piece_is_refused_in_its_row(client, address, sheet, stocked):
    blanket = f.ItemFactory(code="BLANKET", base_unit="piece")
    receive(stocked.store, blanket, 3)
    response = client.post(address, sheet({}, **{f"used.{blanket.uuid}": "1.5"}))
    assert "Blanket is counted in whole units." in beside(response, f"used.{blanket.uuid}")[0]


@pytest.mark.parametrize("key", ["", "nonsense"])
def test_sheet_without_a_key_is_not_booked(key, client, address, sheet):
    response = client.post(address, sheet({"used.rice": "1"}, key=key))
    assert "This page was out of date." in text_of(response)
    assert Movement.objects.count() == 2


def test_empty_sheet_is_told_so(client, address, sheet):
    response = client.post(address, sheet({}))
    assert response.status_code == 422
    assert "Nothing is written on this sheet." in text_of(response)


def test_anothers_shelter_is_as_if_it_did_not_exist(as_user, jin, stocked, address, sheet):
    client = as_user(jin)
    assert client.get(address).status_code == 404
    assert client.post(address, sheet({"used.rice": "1"})).status_code == 404


def test_service_asks_too_whose_shelter_it_is(stocked, jin, rice, today):
    cell = Cell("used", Entry.USED, rice, None, Decimal(1), "1 kg")
    with pytest.raises(PermissionDenied):
        log_day_sheet(by=jin, shelter=stocked, cells=[cell], occurred_on=today, today=today, key=uuid.uuid4())
    assert Movement.objects.count() == 1


def test_answer_that_never_was_says_that_nothing_was_booked(client, address, sheet):
    said = "Nothing of yours was booked under this address."
    for key in ("x", str(uuid.uuid4())):
        assert said in text_of(client.get(address, {"booked": key}))
    answer = client.post(address, sheet({"used.rice": "3"}))
    assert said not in text_of(client.get(answer.url))
    assert said not in text_of(client.get(address))


# --- a new lot -------------------------------------------------------------------------------------------


@pytest.fixture
def new(rice, today):
    """`new(used="3")`: the first row without an item, in which 10 kg rice of lot L-7 came in."""
    soon = (today + timedelta(days=90)).isoformat()

    def row(number=1, item=rice, **values):
        said = {
            "item": getattr(item, "uuid", item),
            "received": "10",
            "lot_code": "L-7",
            "expires_on": soon,
        } | values
        return {f"{name}.new{number}": value for name, value in said.items()}

    return row


def at(response, field):
    assert response.status_code == 422
    return response.context["form"].errors[field]


def test_a_new_lot_comes_in_and_is_used_and_counted(client, address, sheet, new, stocked, rice, today):
    data = sheet({"used.rice": "5"}, **new(used="2", lost="1", counted="6"))
    first, again = client.post(address, data), client.post(address, data)
    assert (first.status_code, first.url) == (302, again.url)
    lot = Lot.objects.get()
    assert (lot.code, lot.expires_on) == ("L-7", today + timedelta(days=90))
    assert selectors.held(stocked.store, rice, lot) == 6
    assert selectors.held(stocked.store, rice) == 95
    shown = text_of(client.get(first.url))
    assert "The sheet is booked: 5 entries." in shown
    assert "10 kg Rice L-7, came with a delivery" in shown


def test_a_last_day_alone_names_the_lot_on_the_sheet_too(client, address, sheet, new, stocked, rice, today):
    assert client.post(address, sheet({}, **new(lot_code="", used="1"))).status_code == 302
    lot = Lot.objects.get(code=(today + timedelta(days=90)).isoformat())
    assert selectors.held(stocked.store, rice, lot) == 9


def test_an_item_that_was_never_here_comes_in(client, address, sheet, new, stocked):
    medicine = f.ItemFactory(code="ASPIRIN", name="Aspirin", base_unit="piece")
    row = new(2, item=medicine, received="1,500", lot_code="", expires_on="")
    assert client.post(address, sheet({}, **row)).status_code == 302
    assert selectors.held(stocked.store, medicine) == 1500
    assert not Lot.objects.exists()


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"item": ""}, "item.new1", "Choose an item of the list."),
        ({"item": "x"}, "item.new1", "Choose an item of the list."),
        ({"item": "", "received": ""}, "item.new1", "Choose an item of the list."),
        ({"received": ""}, "received.new1", "Say how much."),
        ({"received": "0"}, "received.new1", "Say how much."),
        ({"received": "-1"}, "received.new1", "Write 0 or more."),
        ({"lot_code": "x" * 41}, "lot_code.new1", "Write at most 40 characters."),
        ({"lot_code": "A\u202eB"}, "lot_code.new1", "Invisible marks in this text turn its direction."),
        ({"expires_on": "soon"}, "expires_on.new1", "Write the day as 2026-02-09."),
        ({"expires_on": "2020-01-01", "used": "1"}, "expires_on.new1", "was to be used by"),
        ({"used": "11"}, "used.new1", "There is only this much Rice"),
        ({"received": "", "used": "1"}, "used.new1", "There is only this much Rice"),
    ],
)
def test_what_is_wrong_with_a_new_lot_is_said_in_its_row(
    values, field, sentence, client, address, sheet, new
):
    response = client.post(address, sheet({"used.rice": "1"}, **new(**values)))
    (said,) = at(response, field)
    assert sentence in said
    assert sentence in text_of(response)
    assert '<details class="mb-3" open>' in response.content.decode()
    assert (Movement.objects.count(), Lot.objects.count()) == (2, 0)


def test_a_known_lot_keeps_its_day_on_the_sheet(client, address, sheet, new, rice, today):
    known = f.LotFactory(item=rice, code="L-7", expires_on=today + timedelta(days=30))
    f.MovementFactory(item=rice, lot=known)
    response = client.post(address, sheet({}, **new(used="1")))
    (said,) = at(response, "expires_on.new1")
    assert "Lot L-7 is known to expire on" in said
    assert "Put these rows right: Rice." in text_of(response)


def test_two_new_lots_of_an_item_come_in_at_once(client, address, sheet, new, stocked, rice):
    rows = new() | new(3, lot_code="L-8", received="4")
    assert client.post(address, sheet({}, **rows)).status_code == 302
    assert {lot.code: selectors.held(stocked.store, rice, lot) for lot in Lot.objects.all()} == {
        "L-7": 10,
        "L-8": 4,
    }
