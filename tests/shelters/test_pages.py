"""A shelter's page and the overviews: who sees what."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from tests import factories as f
from tests.factories import receive

pytestmark = pytest.mark.django_db


def text_of(response):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.fixture
def lived_in(stocked, rice, today):
    """Willow: 100 kg of rice, two people, 400 g a person and day."""
    f.RationRuleFactory(item=rice, grams=400)
    f.ShelterStatusFactory(shelter=stocked, state="at_risk")
    f.StayFactory(shelter=stocked, resident=f.ResidentFactory(code="X-001", needs="insulin"))
    f.StayFactory(shelter=stocked, resident=f.ResidentFactory(code="X-002"))
    gone = f.ResidentFactory(code="X-003")
    f.StayFactory(shelter=stocked, resident=gone, nights=DateRange(date(2020, 1, 1), today))
    return stocked


def page(client, shelter):
    response = client.get(reverse("shelters:stock", args=[shelter.uuid]))
    assert response.status_code == 200
    return text_of(response)


def test_field_staff_see_their_shelter_whole(as_user, hana, lived_in, today):
    shown = page(as_user(hana), lived_in)
    for words in (
        "at risk", "Log supplies", "125 days of Rice left", "at 400 g per person and day",
        "2 people, 12 usable places", "100 kg", "4 × bag of 25 kg", "X-001", "insulin", "X-002",
        "+100 kg", "Open the address",
    ):  # fmt: skip
        assert words in shown
    assert "X-003" not in shown
    assert "Secret Person" not in shown
    assert "Hidden Lane" not in shown


@pytest.mark.parametrize("who", ["sora", "otto"])
def test_who_reads_stock_sees_no_person(who, as_user, request, lived_in):
    shown = page(as_user(request.getfixturevalue(who)), lived_in)
    assert "125 days of Rice left" in shown
    assert "2 people, 12 usable places" in shown
    for hidden in ("X-001", "insulin", "Who is here", "Log supplies", "Open the address", "Take back"):
        assert hidden not in shown


@pytest.mark.parametrize("who", ["miki", "aya"])
def test_others_see_code_places_and_state(who, as_user, request, lived_in):
    shown = page(as_user(request.getfixturevalue(who)), lived_in)
    assert "WILLOW" in shown
    assert "12 usable places" in shown
    assert "at risk" in shown
    for hidden in ("Rice", "2 people", "X-001", "In stock", "Logged last", "100 kg"):
        assert hidden not in shown


@pytest.mark.parametrize(
    ("who", "reads"), [("hana", True), ("miki", False), ("aya", True), ("sora", False), ("otto", True)]
)
def test_why_a_shelter_is_exposed_is_for_who_works_there_and_who_answers_for_it(
    who, reads, as_user, request, willow
):
    f.ShelterStatusFactory(shelter=willow, state="exposed", reason="the landlord was questioned")
    shown = page(as_user(request.getfixturevalue(who)), willow)
    assert "exposed" in shown
    assert ("landlord" in shown) is reads


def test_too_many_people_and_blocked_places(as_user, hana, lived_in):
    lived_in.capacity, lived_in.blocked_places = 3, 2
    lived_in.save()
    shown = page(as_user(hana), lived_in)
    assert "2 people, 1 usable place " in shown
    assert "Over-occupied by 1." in shown
    assert "2 of 3 places are blocked." in shown


def test_empty_shelter_says_so(as_user, jin, maple, rice):
    shown = page(as_user(jin), maple)
    assert "The store is empty." in shown
    assert "No ration is in force" in shown
    f.RationRuleFactory(item=rice)
    assert "Rice: nobody is there" in page(as_user(jin), maple)


def test_shelters_page_costs_the_same_with_much_on_it(as_user, hana, lived_in, django_assert_num_queries):
    client = as_user(hana)
    for items in (0, 29):
        for item in f.ItemFactory.create_batch(items):
            f.PackFactory(item=item)
            f.RationRuleFactory(item=item)
            receive(lived_in.store, item, 50)
            f.StayFactory(shelter=lived_in)
        with django_assert_num_queries(13):
            page(client, lived_in)


def test_one_shelter_is_opened_at_once(as_user, hana, willow):
    response = as_user(hana).get(reverse("shelters:start"))
    assert response.url == reverse("shelters:stock", args=[willow.uuid])


def test_several_shelters_and_none(as_user, hana, jin, lived_in, maple, rice):
    f.PostingFactory(user=hana, shelter=maple)
    shown = text_of(as_user(hana).get(reverse("shelters:start")))
    assert shown.index("WILLOW") < shown.index("MAPLE")
    assert "125 days of Rice left" in shown
    jin_elsewhere = f.UserFactory(name="Newcomer")
    assert "You are not posted to a shelter today." in text_of(
        as_user(jin_elsewhere).get(reverse("shelters:start"))
    )


def test_a_shelter_is_one_card_with_its_shortest_stock_first(as_user, hana, lived_in, maple, today):
    f.PostingFactory(user=hana, shelter=maple)
    oil = f.ItemFactory(code="OIL", name="Oil")
    f.RationRuleFactory(item=oil, grams=25)
    receive(lived_in.store, oil, 1)
    response = as_user(hana).get(reverse("shelters:start"))
    shown = text_of(response)
    assert shown.index("20 days of Oil left") < shown.index("125 days of Rice left")
    assert response.content.decode().count(reverse("shelters:log", args=[lived_in.uuid])) == 1


def test_posting_that_ended_shows_nothing(as_user, willow, today):
    ended = f.UserFactory(name="Gone")
    f.PostingFactory(user=ended, shelter=willow, days=DateRange(date(2020, 1, 1), today - timedelta(days=1)))
    client = as_user(ended)
    assert client.get(reverse("shelters:stock", args=[willow.uuid])).status_code == 404


# --- overviews ---------------------------------------------------------------------------------------


def test_cover_shows_who_runs_out_first(as_user, sora, lived_in, maple, rice, today):
    receive(maple.store, rice, 2)
    f.HeadCountFactory(shelter=maple, counted_on=today, people=1)
    f.ShelterFactory(code="CLOSED", closed_on=today)
    f.ShelterFactory(code="NOBODY")
    shown = text_of(as_user(sora).get(reverse("shelters:cover")))
    assert "1 shelter has less than 7 days left." in shown
    rows = shown[shown.index("Needed per day") :]
    assert rows.index("MAPLE") < rows.index("WILLOW") < rows.index("NOBODY")
    assert "MAPLE Rice 5 " in rows
    assert "CLOSED" not in shown


def test_nothing_is_asked_for_a_shelter_that_is_exposed(as_user, sora, maple, rice, today):
    """Its state stands beside it; nobody is told to send it supplies."""
    f.RationRuleFactory(item=rice)
    receive(maple.store, rice, 2)
    f.HeadCountFactory(shelter=maple, counted_on=today, people=1)
    client = as_user(sora)
    shown = text_of(client.get(reverse("shelters:cover")))
    assert "1 shelter has less than 7 days left." in shown
    assert "Plan a consignment" in shown
    f.ShelterStatusFactory(shelter=maple, state="exposed", since=today)
    shown = text_of(client.get(reverse("shelters:cover")))
    assert "have less than" not in shown
    assert "Plan a consignment" not in shown
    assert "MAPLE was exposed on" in shown


def test_coordinator_starts_at_the_cover(as_user, sora):
    assert as_user(sora).get(reverse("home")).url == reverse("shelters:cover")


def test_cover_costs_the_same_for_one_and_for_thirty(as_user, sora, rice, django_assert_num_queries):
    f.RationRuleFactory(item=rice)
    client = as_user(sora)
    for number in (1, 29):
        for shelter in f.ShelterFactory.create_batch(number):
            receive(shelter.store, rice, 100)
            f.StayFactory(shelter=shelter)
        with django_assert_num_queries(15):
            client.get(reverse("shelters:cover"))


@pytest.mark.parametrize(("who", "queries"), [("hana", 8), ("sora", 8), ("miki", 8)])
def test_register_costs_the_same_for_one_and_for_thirty(
    who, queries, as_user, request, django_assert_num_queries
):
    user = request.getfixturevalue(who)
    client = as_user(user)
    for number in (1, 29):
        for shelter in f.ShelterFactory.create_batch(number):
            f.ShelterStatusFactory(shelter=shelter)
            f.HeadCountFactory(shelter=shelter)
            f.PostingFactory(user=user, shelter=shelter)
        with django_assert_num_queries(queries):
            response = client.get(reverse("shelters:list"))
    assert "30 rows" in text_of(response)
    assert ("Heads" in text_of(response)) is (who != "miki")


def test_register_exports_no_heads_to_who_may_not_see_them(as_user, miki, aya, lived_in):
    for user in (miki, aya):
        sheet = as_user(user).get(reverse("shelters:list"), {"export": "csv"}).content.decode("utf-8-sig")
        assert "WILLOW" in sheet
        assert sheet.splitlines()[0].lower() == "code name,kind,publishable region,now,usable places"


@pytest.mark.parametrize("query", [{}, {"export": "csv"}, {"kind": "shelter"}])
def test_field_staff_find_their_own_alone(query, as_user, hana, willow, maple):
    assert "MAPLE" not in text_of(as_user(hana).get(reverse("shelters:list"), query))
    found = as_user(hana).post(reverse("shelters:list"), {"q": "MAP"}, follow=True)
    assert "MAPLE" not in text_of(found)
