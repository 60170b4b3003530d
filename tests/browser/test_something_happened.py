"""The bad day: Hana leaves at one press, Sora locks Jin down, Aya prints what he could see."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts import services
from accounts.models import LockDown
from core.models import AuditEntry
from tests import factories as f
from tests.browser.coming_in import come_in
from tests.browser.devices import DESKTOP, PHONE


@pytest.fixture
def house(transactional_db, settings, willow, maple, momo, jin, today):
    settings.REVEAL_NEEDS_TWO = False
    for shelter in (willow, maple, maple):
        f.StayFactory(shelter=shelter)
    f.PostingFactory(user=f.UserFactory(name="Nana"), shelter=maple)
    two_days_ago = today - timedelta(days=2)
    f.AccessEntryFactory(by=jin, subject_uuid=maple.uuid, subject_label="MAPLE", day=two_days_ago)
    services.reveal(by=jin, subject=maple, field="address", purpose="a delivery", now=timezone.now())
    return maple


def hold_something(page) -> None:
    page.evaluate(
        """async () => {
        localStorage.setItem("draft", "12 bags");
        sessionStorage.setItem("draft", "12 bags");
        await caches.open("pages");
        await new Promise((done) => {
            indexedDB.open("queue").onsuccess = (event) => done(event.target.result.close());
        });
    }"""
    )


HOLDS_NOTHING = """async () => localStorage.length + sessionStorage.length + (await caches.keys()).length
    + (await indexedDB.databases()).length === 0"""


def test_hana_leaves_at_one_press(visit, house, hana, assert_accessible):
    phone, laptop = visit(PHONE), visit(DESKTOP)
    for page in (phone, laptop):
        come_in(page, hana)
    hold_something(phone)
    assert not phone.evaluate(HOLDS_NOTHING)
    beside = phone.context.new_page()  # another page of the same browser
    beside.goto("/accounts/me/")
    button = phone.get_by_role("button", name="Leave now")
    box = button.bounding_box()
    assert box["height"] >= 40
    assert box["y"] < 100
    button.tap()
    expect(phone).to_have_url(re.compile("/not-found/$"))
    expect(phone.get_by_role("heading", name="Page not found")).to_be_visible()
    expect(beside).to_have_url(re.compile("/not-found/$"))
    assert "LFNKR" not in phone.content()
    phone.wait_for_function(HOLDS_NOTHING)
    assert phone.context.cookies() == []
    phone.go_back()
    expect(phone.get_by_text("WILLOW")).to_have_count(0)
    laptop.goto("/")
    expect(laptop).to_have_url(re.compile("/log-in/"))
    assert AuditEntry.objects.filter(action="accounts.panicked", by_id=hana.pk).count() == 1


def test_without_scripts_it_is_the_same_press(visit, house, hana):
    phone = visit(PHONE, java_script_enabled=False)
    come_in(phone, hana)
    phone.get_by_role("button", name="Leave now").tap()
    expect(phone).to_have_url(re.compile("/not-found/$"))
    assert phone.context.cookies() == []
    phone.goto("/")
    expect(phone).to_have_url(re.compile("/log-in/"))


def test_without_network_the_phone_forgets_at_once_and_tells_later(visit, house, hana, console_errors):
    phone, laptop = visit(PHONE), visit(DESKTOP)
    for page in (phone, laptop):
        come_in(page, hana)
    hold_something(phone)
    assert not phone.evaluate(HOLDS_NOTHING)
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Leave now").tap()
    expect(phone.get_by_text("WILLOW")).to_have_count(0)
    assert phone.evaluate("document.body.childElementCount") == 0
    assert phone.url.endswith("/not-found/")
    phone.wait_for_function(HOLDS_NOTHING)
    laptop.goto("/accounts/me/")
    expect(laptop).to_have_url(re.compile("/accounts/me/"))  # nobody knows yet
    phone.context.set_offline(False)
    expect(phone.get_by_role("heading", name="Page not found")).to_be_visible()
    laptop.goto("/accounts/me/")
    expect(laptop).to_have_url(re.compile("/log-in/"))
    assert all("ERR_INTERNET_DISCONNECTED" in error for error in console_errors)
    console_errors.clear()


def test_sora_locks_jin_down_in_two_touches_and_a_name(visit, house, sora, jin, assert_accessible):
    phone, jins = visit(PHONE), visit(PHONE)
    come_in(jins, jin)
    come_in(phone, sora)
    phone.get_by_role("button", name="Menu").tap()
    phone.get_by_role("navigation").get_by_role("link", name="Something happened").tap()
    expect(phone.get_by_role("heading", name="Something happened")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_role("link", name="Lock a colleague down").tap()
    expect(phone.get_by_role("heading", name="Lock a colleague down")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_label("Name or e-mail address").fill("Jim")
    phone.get_by_text("Arrested or taken away").tap()
    phone.get_by_role("button", name="Lock down now").tap()
    expect(phone.get_by_text("Nothing is known by this name.")).to_be_visible()
    phone.get_by_label("Name or e-mail address").fill("jin")
    phone.get_by_role("button", name="Lock down now").tap()
    expect(phone.get_by_role("status")).to_contain_text("Locked down")
    assert LockDown.objects.get().person == jin
    jins.goto("/")
    expect(jins).to_have_url(re.compile("/log-in/"))


@pytest.fixture(autouse=True)
def _refused_forms(request, console_errors):
    yield
    console_errors[:] = [error for error in console_errors if "422" not in error]  # the browser notes them


def test_aya_prints_what_jin_could_see(visit, house, aya, jin, sora, assert_accessible, tmp_path):
    services.lock_down(by=sora, person=jin, reason="arrested")
    page = visit(DESKTOP)
    come_in(page, aya)
    page.get_by_role("link", name="Lock-downs", exact=True).click()
    assert_accessible(page)
    page.get_by_role("link", name="What could they see?").click()
    expect(page.get_by_role("heading", name="1. Warn first, in this order")).to_be_visible()
    expect(page.get_by_role("row", name="MAPLE").first).to_contain_text("Nana")
    assert_accessible(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("row", name="MAPLE").first).to_contain_text("N.")
    for name in ("Nana", "Jin", "Aya"):
        assert name not in page.locator("body").inner_text()  # what is shown, not what stands in the page
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    sheet = page.pdf(prefer_css_page_size=True)
    assert sheet.startswith(b"%PDF")
    assert re.search(rb"/MediaBox ?\[0 0 59[45](\.\d+)? 84[12](\.\d+)?\]", sheet)  # A4
