"""Sora writes down where a route passes; Hana takes back an allowance that she entered twice."""

from django.urls import reverse
from playwright.sync_api import expect

from supply.enums import PlaceKind
from supply.models import RouteSite
from tests import factories
from tests.browser.coming_in import come_in


def test_sites_of_a_route_are_added_moved_and_ended(desktop, transactional_db, sora, assert_accessible):
    route = factories.RouteFactory(code="RN-01")
    factories.PlaceFactory(code="DEPOT", kind=PlaceKind.WAREHOUSE)
    come_in(desktop, sora)
    desktop.goto(reverse("supply:route", args=[route.uuid]))
    for kind, place, name in (("depot", "DEPOT", ""), ("crossing", "", "Heron")):
        desktop.get_by_role("link", name="Add a site").click()
        assert_accessible(desktop)
        desktop.get_by_label("Kind").select_option(kind)
        if place:
            desktop.get_by_label("Place of ours, or recipient").select_option(label=place)
        desktop.get_by_label("Code name").fill(name)
        desktop.get_by_label("Where it really is").fill("under the third bridge" if name else "")
        desktop.get_by_role("button", name="Save").dblclick()
        expect(desktop.get_by_text(place or name, exact=True)).to_be_visible()
    expect(desktop.get_by_text("third bridge")).to_have_count(0)
    assert_accessible(desktop)
    assert [site.named for site in RouteSite.objects.all()] == ["DEPOT", "Heron"]
    desktop.get_by_role("link", name="Change", exact=True).last.click()
    desktop.get_by_label("Comes after").select_option(label="nothing: it is the first")
    assert_accessible(desktop)
    desktop.get_by_role("button", name="Save").click()
    expect(desktop.get_by_role("heading", name="Where goods really went")).to_be_visible()
    assert [site.named for site in RouteSite.objects.all()] == ["Heron", "DEPOT"]
    desktop.get_by_role("link", name="Change the route").click()
    desktop.get_by_label("Regularity").select_option("temporary")
    desktop.get_by_label("Why").fill("while it snows")
    assert_accessible(desktop)
    desktop.get_by_role("button", name="Save").click()
    expect(desktop.get_by_text("food · temporary")).to_be_visible()
    desktop.goto(reverse("supply:sites"))
    expect(desktop.get_by_text("Heron")).to_be_visible()
    assert_accessible(desktop)


def test_an_allowance_is_taken_back_on_the_phone(phone, transactional_db, willow, hana, assert_accessible):
    resident = factories.StayFactory(resident=factories.ResidentFactory(code="X-9"), shelter=willow).resident
    factories.AllowanceFactory(resident=resident, by=hana)
    come_in(phone, hana)
    phone.goto(reverse("shelters:allowances"))
    assert_accessible(phone)
    phone.get_by_role("link", name="Take back").tap()
    expect(phone.get_by_text("X-9: CN¥500.00 a month, for 3 months.")).to_be_visible()
    phone.get_by_label("Why it is taken back").select_option("entered twice")
    assert_accessible(phone)
    phone.get_by_role("button", name="Take back").tap()
    expect(phone.get_by_text("entered twice")).to_be_visible()
    expect(phone.get_by_role("link", name="Take back")).to_have_count(0)
