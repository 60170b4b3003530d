"""Miki's news of a child holds a name: it waits until Ren has said what it is, and goes when it is none."""

from playwright.sync_api import expect

from tests import factories as make
from tests.browser.coming_in import come_in
from tests.browser.devices import DESKTOP, PHONE

TEXT = "It snowed all day.\n\nSon-hui built a snowman, and Momo gave it a hat."


def test_news_with_a_name_waits_for_a_second_person(
    visit, assert_accessible, momo, miki, ren, momos_sponsor, yuki
):
    momo.real_name = "Kim Son-hui"
    momo.save()
    draft = make.ChildUpdateFactory(child=momo, author=miki, title="The first snow", text=TEXT)
    address = f"/foster/updates/{draft.uuid}/"

    desk = visit(DESKTOP)
    come_in(desk, miki)
    desk.goto(address)
    desk.get_by_role("button", name="Send to review").click()
    expect(desk.get_by_text("Text, paragraph 2: The text holds something")).to_be_visible()
    assert_accessible(desk)

    phone = visit(PHONE)
    come_in(phone, ren)
    phone.goto(address)
    expect(phone.get_by_role("button", name="Clear and publish")).to_be_disabled()
    phone.get_by_role("link", name="Look at what was found").click()
    assert_accessible(phone)
    phone.get_by_role("cell").get_by_role("link").click()
    assert_accessible(phone)
    expect(phone.get_by_text("Son-hui")).to_have_count(0)
    phone.get_by_role("button", name="Show the passage").click()
    expect(phone.get_by_text("Son-hui built a snowman")).to_be_visible()
    assert_accessible(phone)
    phone.get_by_label("Not a leak").check()
    phone.get_by_label("Why").fill("the neighbour's dog is called so")
    phone.get_by_role("button", name="Settle").click()
    expect(phone.get_by_text("Settled.")).to_be_visible()

    phone.goto(address)
    phone.get_by_role("button", name="Clear and publish").click()
    expect(phone.get_by_text("Published.")).to_be_visible()

    theirs = visit(PHONE)
    come_in(theirs, yuki)
    theirs.get_by_role("link", name="The first snow").click()
    expect(theirs.get_by_text("Momo gave it a hat")).to_be_visible()
