"""Days left, need, use and entries as lists: searched, filtered, sorted, and as a file of just that."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from supply import services
from tests import factories as f
from tests.factories import receive
from tests.shelters.test_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def beans(db):
    return f.ItemFactory(code="BEANS", name="Beans", base_unit="kg", kind="food")


@pytest.fixture
def two(willow, maple, rice, beans):
    """Willow: 10 kg of rice and 100 kg of beans for ten; Maple: 500 kg of rice for one."""
    receive(willow.store, rice, 10, days_ago=60)
    receive(willow.store, beans, 100, days_ago=60)
    receive(maple.store, rice, 500, days_ago=60)
    for item, grams in ((rice, 400), (beans, 100)):
        f.RationRuleFactory(item=item, grams=grams)
    f.HeadCountFactory(shelter=willow, people=10)
    f.HeadCountFactory(shelter=maple, people=1)


def rows(response):
    """Of a CSV file: (shelter, item) of each row."""
    _headings, *found = csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    return [tuple(row[:2]) for row in found]


ALL = {("WILLOW", "Rice"), ("WILLOW", "Beans"), ("MAPLE", "Rice"), ("MAPLE", "Beans")}


@pytest.mark.parametrize(
    ("page", "asked", "expected"),
    [
        ("cover", {}, ALL),
        ("cover", {"low": "true"}, {("WILLOW", "Rice"), ("MAPLE", "Beans")}),
        ("cover", {"low": "false"}, {("WILLOW", "Beans"), ("MAPLE", "Rice")}),
        ("forecast", {"days": "30"}, ALL),
        ("forecast", {"days": "30", "short": "true"}, {("WILLOW", "Rice"), ("MAPLE", "Beans")}),
        ("used", {}, ALL),
    ],
)
def test_file_has_exactly_what_is_filtered(as_user, sora, two, page, asked, expected):
    if page == "used":
        asked = {"month": "2026-01"}
    found = as_user(sora).get(reverse(f"shelters:{page}"), {**asked, "export": "csv"})
    assert set(rows(found)) == expected


@pytest.mark.parametrize("page", ["cover", "forecast", "used"])
def test_shelter_and_item_are_found_and_a_search_does_not_lose_them(as_user, sora, two, beans, page):
    client, address = as_user(sora), reverse(f"shelters:{page}")
    found = client.post(address, {"q": "wil", "item": beans.pk, "days": "30"}).url
    assert "wil" not in found
    assert rows(client.get(f"{found}&export=csv")) == [("WILLOW", "Beans")]


def test_list_is_sorted_by_what_is_computed(as_user, sora, two):
    client, address = as_user(sora), reverse("shelters:cover")
    usual = rows(client.get(address, {"export": "csv"}))
    assert usual[:2] == [("MAPLE", "Beans"), ("WILLOW", "Rice")]
    assert rows(client.get(address, {"export": "csv", "sort": "-days"})) == usual[::-1]
    assert rows(client.get(address, {"export": "csv", "sort": "held"}))[-1] == ("MAPLE", "Rice")


def test_file_has_bare_numbers_and_the_unit(as_user, sora, two):
    response = as_user(sora).get(reverse("shelters:cover"), {"export": "xlsx", "low": "true"})
    headings, *lines = load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True)
    willow = dict(zip(headings, next(line for line in lines if line[0] == "WILLOW"), strict=True))
    assert (willow["Days left"], willow["In stock"], willow["Needed per day"]) == (2.5, 10, 4)
    assert willow["Unit"] == "kg"
    assert set(headings) == {
        "Shelter", "Item", "Days left", "Runs out on", "In stock", "Of it not eaten in time",
        "Needed per day", "People", "Warning", "Unit",
    }  # fmt: skip


def test_need_tells_of_heads_tonight_and_its_filters_have_names(as_user, sora, two):
    response = as_user(sora).get(reverse("shelters:forecast"), {"export": "csv", "days": "7"})
    headings, *lines = csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline=""))
    assert {line[headings.index("Heads tonight")] for line in lines} == {"10", "1"}
    page = text_of(as_user(sora).get(reverse("shelters:forecast")))
    assert "invalid name" not in page


def test_list_has_pages(as_user, sora, two, rice):
    for shelter in f.ShelterFactory.create_batch(30):
        f.StayFactory(shelter=shelter)
    page = as_user(sora).get(reverse("shelters:cover"), {"page": "2"})
    assert "64 rows" in text_of(page)
    assert page.context["table"].page.number == 2


def test_page_of_a_month_and_of_days_says_which_are_shown_and_an_empty_one_blames_no_filter(
    as_user, sora, willow, today
):
    used = as_user(sora).get(reverse("shelters:used"))
    assert f'value="{today:%Y-%m}"'.encode() in used.content
    assert "No ration of a weighed item was in force in this month." in text_of(used)
    need = as_user(sora).get(reverse("shelters:forecast"))
    assert b'<option value="14" selected>' in need.content


# --- entries of a shelter ------------------------------------------------------------------------------


@pytest.fixture
def logged(stocked, rice, hana, today):
    """Willow: 100 kg came ten days ago; Hana used 5 kg yesterday and 3 kg today."""
    for quantity, ago in ((5, 1), (3, 0)):
        f.MovementFactory(
            item=rice, source=stocked.store, destination=f.sink("consumed"), quantity=quantity, reason="used",
            occurred_on=today - timedelta(days=ago), by=hana,
        )  # fmt: skip
    return stocked


def entries_address(shelter):
    return reverse("shelters:entries", args=[shelter.uuid])


def test_entries_of_a_shelter_are_told_newest_first_as_the_shelter_sees_them(as_user, hana, logged):
    shown = text_of(as_user(hana).get(entries_address(logged)))
    assert shown.index("−3 kg") < shown.index("−5 kg") < shown.index("+100 kg")
    assert "ST-WILLOW" not in shown.split("Happened")[-1]


def test_entries_are_filtered_and_the_file_says_the_same(as_user, hana, logged, today):
    client = as_user(hana)
    asked = {"mine": "true", "since": today.isoformat(), "export": "csv"}
    answer = client.get(entries_address(logged), asked)
    _headings, *found = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert [(row[1], row[3], row[4]) for row in found] == [("Rice", "-3", "kg")]
    # A folder of downloads names no shelter.
    assert answer["Content-Disposition"] == 'attachment; filename="entries.csv"'


def test_shelters_page_leads_to_all_entries(as_user, hana, logged):
    assert (
        entries_address(logged).encode()
        in as_user(hana).get(reverse("shelters:stock", args=[logged.uuid])).content
    )


def test_office_is_led_to_the_movements_of_the_place(as_user, sora, logged):
    place = f"{reverse('supply:movements')}?place={logged.store_id}"
    client = as_user(sora)
    assert place.encode() in client.get(reverse("shelters:stock", args=[logged.uuid])).content
    assert "3 rows" in text_of(client.get(place))
    assert client.get(entries_address(logged)).status_code == 403


def test_taken_back_entry_says_so(as_user, hana, logged, rice, today):
    mistake = f.MovementFactory(
        item=rice, source=logged.store, destination=f.sink("consumed"), quantity=7, reason="used", by=hana
    )
    services.reverse_movement(by=hana, movement=mistake, today=today, reason="typed wrong")
    assert "✓ corrected" in text_of(as_user(hana).get(entries_address(logged)))


def test_entries_cost_the_same_however_many(as_user, hana, logged, rice, django_assert_num_queries):
    client = as_user(hana)
    for more in (0, 20):
        for _one in range(more):
            receive(logged.store, rice, 1)
        with django_assert_num_queries(12):
            client.get(entries_address(logged))
