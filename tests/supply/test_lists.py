"""Registers: what a page tells, what a file holds, and that neither grows without end."""

import csv
import io
import re
from datetime import date, timedelta
from html import unescape
from operator import attrgetter

import pytest
from django.urls import reverse
from django.utils.formats import date_format
from openpyxl import load_workbook

from core import lists, paging
from core.fiscal import fiscal_year_of
from supply import selectors, services
from supply.enums import PlaceKind
from supply.models import Item, Movement
from tests import factories as f
from tests.factories import receive

pytestmark = pytest.mark.django_db

MOVEMENTS, STOCK = reverse("supply:movements"), reverse("supply:start")
RUNS = ("=1+1", "+81", "-5 bags", "@SUM(A1)", "\t=1", "\r=1")


def text_of(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


def rows_of(response, file_format):
    if file_format == "csv":
        return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    sheet = load_workbook(io.BytesIO(response.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("note", RUNS)
def test_note_that_a_spreadsheet_would_run_is_text_in_the_file(as_user, sora, warehouse, note, file_format):
    f.MovementFactory(destination=warehouse, document=note)
    response = as_user(sora).get(MOVEMENTS, {"export": file_format})
    if file_format == "xlsx":
        sheet = load_workbook(io.BytesIO(response.content)).active
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    headings, row = rows_of(response, file_format)
    cell = row[headings.index("document" if "document" in headings else "Document")]
    assert cell[0] == "'"
    assert cell.endswith(note[1:])


def test_page_of_movements_is_read_at_a_glance_and_the_file_has_everything(
    as_user, sora, stocked, rice, hana, entry
):
    lot = f.LotFactory(item=rice, code="L-7")
    f.MovementFactory(item=rice, lot=lot, destination=stocked.store)
    services.log_use(
        by=hana, place=stocked.store, typed="2 × bag", document="slip 12", **entry(quantity=5, lot=lot)
    )
    client = as_user(sora)
    page = client.get(MOVEMENTS)
    head = page.content.decode().partition("<thead")[2].partition("</thead>")[0]
    headings = [unescape(one) for one in re.findall(r"<th [^>]*>(?:<a[^>]*>)?([^<]+)", head)]
    assert headings == ["Happened", "Item", "Quantity", "From → to", "Reason", "By", "Document"]
    assert "Rice L-7 5 kg ST-WILLOW → used up used Hana slip 12" in text_of(page)
    columns, newest, *_rest = rows_of(client.get(MOVEMENTS, {"export": "csv"}), "csv")
    assert [one.lower() for one in columns] == [
        "happened", "item", "lot", "quantity", "unit", "from", "to", "reason", "as typed", "by", "document",
        "recorded", "corrected", "route",
    ]  # fmt: skip
    assert newest[1:11] == [
        "Rice", "L-7", "5", "kg", "ST-WILLOW", "used up", "used", "2 × bag", "Hana", "slip 12",
    ]  # fmt: skip


@pytest.mark.parametrize("sort", ["goods", "-amount", "way", "-occurred_on", "reason", "by", "document"])
def test_movements_are_sorted_by_each_column_of_the_page(as_user, sora, stocked, sort):
    receive(stocked.store, f.ItemFactory(code="TEA"), 3)
    assert "2 rows" in text_of(as_user(sora).get(MOVEMENTS, {"sort": sort}))


def test_what_expires_first_stands_first_with_its_day(as_user, sora, hana, stocked, rice, today):
    for code, days in (("FAR", 90), ("NEAR", 3)):
        lot = f.LotFactory(item=rice, code=code, expires_on=today + timedelta(days=days))
        f.MovementFactory(item=rice, lot=lot, destination=stocked.store)
    pages = (
        as_user(sora).get(STOCK),
        as_user(sora).get(STOCK, {"sort": "use_by"}),
        as_user(hana).get(reverse("shelters:stock", args=[stocked.uuid])),
    )
    for shown in map(text_of, pages):
        assert (
            shown.index("NEAR") < shown.index("FAR") < shown.index("100 kg" if "use by" in shown else "100")
        )
    downwards = text_of(as_user(sora).get(STOCK, {"sort": "-use_by"}))
    assert downwards.index("FAR") < downwards.index("NEAR")
    headings, *rows = rows_of(as_user(sora).get(STOCK, {"export": "csv"}), "csv")
    assert "Use by" in headings
    assert [row[headings.index("lot" if "lot" in headings else "Lot")] for row in rows][:2] == ["NEAR", "FAR"]


@pytest.fixture
def small(monkeypatch):
    """Limits that a test can reach."""
    monkeypatch.setattr(paging, "MOST_COUNTED", 30)
    monkeypatch.setattr(lists, "MOST_EXPORTED", 40)


@pytest.mark.parametrize(("rows", "said"), [(30, "30 rows"), (31, "more than 30 rows")])
def test_count_of_a_page_has_an_end(as_user, sora, stocked, rice, small, rows, said):
    for _ in range(rows - 1):
        receive(stocked.store, rice, 1)
    client = as_user(sora)
    assert said in text_of(client.get(MOVEMENTS))
    last = text_of(client.get(MOVEMENTS, {"page": 999}))
    assert last.count("bought") - text_of(client.get(MOVEMENTS, {"q": "x"})).count("bought") <= 25


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        ({}, lambda _one: True),
        ({"reason": "used"}, lambda one: one.reason == "used"),
        ({"since": "2026-03-05"}, lambda one: one.occurred_on >= date(2026, 3, 5)),
        ({"sort": "-amount"}, lambda _one: True),
    ],
)
def test_movements_of_a_place_are_what_left_and_what_came_in_one_order(as_user, sora, chosen, kept):
    here, there = f.PlaceFactory.create_batch(2, kind=PlaceKind.STORE)
    supplier, used_up = f.sink(PlaceKind.SUPPLIER), f.sink(PlaceKind.CONSUMED)
    rice = f.ItemFactory()
    ways = ((supplier, here, "bought"), (supplier, there, "bought"), (here, used_up, "used"))
    for number in range(60):
        source, destination, reason = ways[number % 3]
        day = date(2026, 3, 1) + timedelta(number * 7 % 11)
        f.MovementFactory(
            item=rice, source=source, destination=destination, reason=reason, occurred_on=day,
            quantity=1 if reason == "used" else 50 + number,
        )  # fmt: skip
    client, shown = as_user(sora), []
    for page in (1, 2):
        answer = client.get(MOVEMENTS, {"place": here.pk, "page": page} | chosen)
        shown += [row.record for row in answer.context["table"].paginated_rows]
    shown = list(dict.fromkeys(shown))  # after the last page comes the last page again
    wanted = [one for one in Movement.objects.all() if there != one.destination and kept(one)]
    if "sort" in chosen:
        wanted.sort(key=attrgetter("quantity"), reverse=True)
        assert [one.quantity for one in shown] == [one.quantity for one in wanted]
    else:
        assert shown == wanted
    assert len(shown) > (25 if "sort" in chosen or not chosen else 10)


def test_nobody_asks_for_a_page_of_a_million_rows(as_user, sora, stocked, rice):
    for _ in range(40):
        receive(stocked.store, rice, 1)
    page = as_user(sora).get(MOVEMENTS, {"per_page": 1_000_000}).content.decode()
    assert page.count('<tr role="row">') == 26


def test_file_of_too_many_rows_is_refused_with_what_to_do(as_user, sora, stocked, rice, small):
    for _ in range(40):
        receive(stocked.store, rice, 1)
    client = as_user(sora)
    refused = client.get(MOVEMENTS, {"export": "csv"}, follow=True)
    assert "A file holds at most 40 rows. Filter what you need" in text_of(refused)
    one = client.get(MOVEMENTS, {"export": "csv", "since": "2999-01-01"})
    assert one["Content-Type"].startswith("text/csv")


# --- sums ------------------------------------------------------------------------------------------------


def test_delivered_by_item_and_kind_of_recipient(stocked, rice, hana, entry, today):
    school, family = f.RecipientFactory(kind="school"), f.RecipientFactory(kind="family")
    for recipient, quantity in ((school, 3), (family, 5), (school, 4)):
        services.deliver(by=hana, source=stocked.store, recipient=recipient, **entry(quantity=quantity))
    mistake = services.deliver(by=hana, source=stocked.store, recipient=school, **entry(quantity=50))
    services.reverse_movement(by=hana, movement=mistake, today=today, reason="wrong")
    sums = selectors.delivered_by_kind(today, today)
    assert sums == {(rice.pk, "school"): 7, (rice.pk, "family"): 5}
    assert selectors.delivered_by_kind(today - timedelta(days=9), today - timedelta(days=1)) == {}


def test_a_name_with_markup_is_text_in_cells_and_choices(as_user, sora, stocked, rice):
    Item.objects.filter(pk=rice.pk).update(name="<img src=x onerror=alert(1)>")
    page = as_user(sora).get(MOVEMENTS).content.decode()
    assert "<img" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") == 2  # the row, and the filter by item


@pytest.mark.parametrize("register", [MOVEMENTS, STOCK, reverse("supply:on_day")])
def test_places_of_settled_consignments_are_not_offered_for_ever(register, as_user, sora, stocked, rice):
    full, empty = f.PlaceFactory(kind=PlaceKind.TRANSIT), f.PlaceFactory(kind=PlaceKind.TRANSIT)
    receive(full, rice, 5)
    page = as_user(sora).get(register).content.decode()
    assert f">{full.code}</option>" in page
    assert f">{empty.code}</option>" not in page
    assert as_user(sora).get(register, {"place": empty.pk}).context["filters"].form.is_valid()


@pytest.mark.parametrize("query", ["since=31.12.2026", "place=99999", "item=x"])
def test_a_filter_that_cannot_be_read_gives_no_file(as_user, sora, stocked, query):
    client = as_user(sora)
    answer = client.get(f"{MOVEMENTS}?{query}&export=csv", follow=True)
    assert answer.redirect_chain == [(f"{MOVEMENTS}?{query}", 302)]
    assert "The file was not made: a filter cannot be read" in text_of(answer)


def test_a_search_that_has_ended_gives_no_file(as_user, sora, stocked):
    client = as_user(sora)
    found = client.post(MOVEMENTS, {"q": "rice"}).url
    assert client.get(f"{found}&export=csv")["Content-Type"].startswith("text/csv")
    session = client.session
    session["searches"] = {}
    session.save()
    answer = client.get(f"{found}&export=xlsx", follow=True)
    assert "The file was not made: this search has ended." in text_of(answer)


def test_stock_of_a_day_that_cannot_be_read_gives_no_file(as_user, sora, stocked, today):
    client, on_day = as_user(sora), reverse("supply:on_day")
    assert "The file was not made" in text_of(client.get(f"{on_day}?day=31.12.2025&export=csv", follow=True))
    day = (today - timedelta(days=1)).strftime("%m/%d/%Y")  # read alike by the filter and by the page
    page = client.get(on_day, {"day": day})
    assert f"Stock at the end of {date_format(today - timedelta(days=1))}" in text_of(page)


def test_what_was_handed_over_is_added_up_and_leads_to_its_movements(
    as_user, sora, stocked, rice, hana, entry
):
    client, page = as_user(sora), reverse("supply:delivered")
    coats = f.ItemFactory(code="COAT", name="Coat", base_unit="set", kind="clothing", rice_kilograms=15)
    receive(stocked.store, coats, 2)
    soap = f.ItemFactory(code="SOAP", name="Soap", base_unit="piece", kind="hygiene")
    receive(stocked.store, soap, 9)
    school = f.RecipientFactory(kind="school")
    for item, quantity in ((rice, 3), (rice, 4), (soap, 9), (coats, 2)):
        given = entry(item=item, quantity=quantity)
        services.deliver(by=hana, source=stocked.store, recipient=school, **given)
    mistake = services.deliver(by=hana, source=stocked.store, recipient=school, **entry(quantity=50))
    services.reverse_movement(by=hana, movement=mistake, today=entry()["today"], reason="wrong")
    told = rows_of(client.get(page, {"export": "csv"}), "csv")
    assert sorted(told[1:]) == [
        ["Coat", "school", "2", "set", "30"], ["Rice", "school", "7", "kg", "7"],
        ["Soap", "school", "9", "piece", ""],
    ]  # fmt: skip
    shown = client.get(page).content.decode()
    [address] = re.findall(r'href="([^"]*)">7 kg<', shown)
    movements = rows_of(client.get(unescape(address) + "&export=csv"), "csv")
    assert [row[movements[0].index("Quantity")] for row in movements[1:]] == ["4", "3"]


def test_what_was_handed_over_of_other_days_another_kind_or_item_is_left_out(
    as_user, sora, stocked, rice, hana, entry, today
):
    client, page = as_user(sora), reverse("supply:delivered")
    school = f.RecipientFactory(kind="school")
    services.deliver(by=hana, source=stocked.store, recipient=school, **entry(quantity=3))
    year = fiscal_year_of(today)
    tea = f.ItemFactory(code="TEA")
    for query, rows in (
        ({}, 1), ({"kind": "school", "item": rice.pk}, 1), ({"kind": "family"}, 0), ({"item": tea.pk}, 0),
        ({"year": year.previous.number}, 0), ({"year": year.previous.number, "until": today}, 1),
        ({"since": today + timedelta(days=1)}, 0),
    ):  # fmt: skip
        assert len(rows_of(client.get(page, query | {"export": "csv"}), "csv")) == 1 + rows, query
    for wrong in ({"year": "0"}, {"kind": "x"}, {"since": "x"}):
        assert client.get(page, wrong).status_code == 200


def test_what_was_handed_over_costs_the_same_for_many(
    as_user, sora, stocked, hana, django_assert_num_queries
):
    client, school = as_user(sora), f.RecipientFactory(kind="school")
    for number in (1, 29):
        for item in f.ItemFactory.create_batch(number):
            f.MovementFactory(
                item=item, source=f.PlaceFactory(kind=PlaceKind.SUPPLIER), destination=school.place
            )
        with django_assert_num_queries(9):
            client.get(reverse("supply:delivered"))
