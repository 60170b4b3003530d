"""Hana, on her phone at Willow: somebody comes, somebody goes."""

import re
from datetime import timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse
from playwright.sync_api import expect

from shelters.models import Stay
from tests import factories as f
from tests.browser.coming_in import come_in


def test_arriving_and_leaving(phone, transactional_db, hana, willow, today, assert_accessible):
    f.StayFactory(resident=f.ResidentFactory(code="X-1", needs="insulin"), shelter=willow)
    come_in(phone, hana)
    expect(phone.get_by_role("heading", name="WILLOW")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("link", name="Somebody new").tap()
    expect(phone.get_by_role("heading", name="Somebody new")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_label("Real name").fill("Kim Sun")
    phone.get_by_label("Birth year").fill("1988")
    phone.get_by_text("Female", exact=True).tap()
    phone.get_by_role("textbox", name="Needs").fill("no stairs")
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("is written down")).to_be_visible()
    expect(phone.get_by_text("Kim Sun")).to_have_count(0)

    phone.get_by_role("link", name=re.compile("Leaves.*X-1")).tap()
    code = phone.get_by_label("Code of the shelter")
    expect(code).to_be_hidden()
    phone.get_by_text("Moved to another shelter").tap()
    phone.get_by_text("Another shelter, by its code").tap()
    expect(code).to_be_visible()
    assert_accessible(phone)
    phone.get_by_text("Reached a safe country").tap()
    expect(code).to_be_hidden()
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("X-1 left: reached a safe country.")).to_be_visible()
    assert [stay.resident.needs for stay in Stay.objects.on(today)] == ["no stairs"]


def test_an_expected_guest_is_here_by_one_tap(
    phone, transactional_db, hana, willow, today, assert_accessible
):
    f.StayFactory(resident=f.ResidentFactory(code="X-2"), shelter=willow, is_planned=True)
    come_in(phone, hana)
    phone.get_by_role("button", name="Is here").tap()
    expect(phone.get_by_text("X-2 is here since")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("link", name="Change").tap()
    expect(phone.get_by_role("heading", name="Stays with you")).to_be_visible()
    assert_accessible(phone)
    assert Stay.objects.on(today).count() == 1


def test_who_is_overdue_is_marked_and_a_slip_is_taken_back(
    phone, transactional_db, hana, willow, today, assert_accessible
):
    long_ago, yesterday = today - timedelta(days=9), today - timedelta(days=1)
    about = {"X-1": {"leaves_on": yesterday}, "X-2": {"leaves_on": today + timedelta(days=9)}, "X-3": {}}
    plans = {"X-4": {"is_planned": True}, "X-5": {"is_planned": True, "is_missing": True}}
    for code, values in (about | plans).items():
        resident = f.ResidentFactory(code=code, needs="insulin, twice a day")
        f.StayFactory(resident=resident, shelter=willow, nights=DateRange(long_ago, None), **values)
    come_in(phone, hana)
    for words in ("was to leave on", "was expected on", "did not arrive where they were handed on to"):
        expect(phone.get_by_text(words)).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("link", name=re.compile("Leaves.*X-3")).tap()
    phone.get_by_text("Died").tap()
    phone.get_by_role("button", name="Save").tap()
    take_back = phone.get_by_role("button", name=re.compile("Take back.*X-3"))
    expect(take_back).to_be_visible()  # the next page is there
    assert_accessible(phone)
    take_back.tap()
    expect(phone.get_by_text("X-3 is here since")).to_be_visible()
    phone.get_by_role("link", name=re.compile("What became of them.*X-5")).tap()
    phone.get_by_text("Arrested").tap()
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("X-5 left: arrested.")).to_be_visible()
    assert Stay.objects.on(today).count() == 3


def test_counting_heads(phone, transactional_db, hana, willow, assert_accessible):
    come_in(phone, hana)
    phone.get_by_role("link", name="Count heads").tap()
    phone.get_by_label("How many people").fill("14")
    assert_accessible(phone)
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("Counted: 14 people.")).to_be_visible()


def test_the_office_adds_up_nights(desktop, transactional_db, sora, willow, assert_accessible):
    f.HeadCountFactory(shelter=willow, people=3)
    come_in(desktop, sora)
    desktop.goto(reverse("shelters:people"))
    expect(desktop.get_by_role("row", name="WILLOW")).to_contain_text("3")
    assert_accessible(desktop)


def test_an_administrator_adds_a_shelter_and_posts_somebody(
    desktop, transactional_db, aya, hana, assert_accessible
):
    come_in(desktop, aya)
    desktop.goto(reverse("shelters:list"))
    desktop.get_by_role("link", name="New shelter").click()
    desktop.get_by_label("Code name").fill("OAK")
    desktop.get_by_label("Publishable region").fill("coast")
    desktop.get_by_label("Places", exact=False).first.fill("8")
    assert_accessible(desktop)
    desktop.get_by_role("button", name="Save").click()
    expect(desktop.get_by_text("OAK is there.")).to_be_visible()
    assert_accessible(desktop)
    desktop.goto(reverse("shelters:post_person"))
    desktop.get_by_label("Person").select_option("Hana")
    desktop.get_by_label("Shelter").select_option("OAK")
    desktop.get_by_role("button", name="Save").click()
    expect(desktop.get_by_text("Hana is posted to OAK.")).to_be_visible()
    assert_accessible(desktop)


def test_a_danger_is_reported_by_phone(phone, transactional_db, hana, willow, assert_accessible):
    come_in(phone, hana)
    phone.get_by_role("link", name="Report a danger").tap()
    phone.get_by_text("At risk", exact=True).tap()
    phone.get_by_label("Why").fill("papers checked twice")
    assert_accessible(phone)
    phone.get_by_role("button", name="Save").tap()
    expect(phone.get_by_text("WILLOW: at risk since today.")).to_be_visible()
