"""Yuki on her phone: the news of her child, her payments, and nothing of anyone else's child."""

import io
from datetime import date
from decimal import Decimal

from PIL import Image
from playwright.sync_api import expect

from tests import factories as make
from tests.browser.coming_in import come_in


def published_with_photo(child, title):
    update = make.ChildUpdateFactory(child=child, title=title, text="It snowed.", published=True)
    out = io.BytesIO()
    Image.new("RGB", (320, 200), "skyblue").save(out, "JPEG")
    make.UpdatePhotoFactory(update=update, image=out.getvalue(), caption="The house of snow")
    return update


def test_sponsor_reads_news_and_payments_and_finds_nothing_else(
    phone, assert_accessible, console_errors, momos_sponsor, taros_sponsor, momo, taro, yuki
):
    published_with_photo(momo, "The first snow")
    foreign = published_with_photo(taro, "A letter from Taro")
    sponsorship = momos_sponsor.sponsorships.get()
    make.DueFactory(sponsorship=sponsorship, month=date(2026, 10, 1))
    make.DueFactory(sponsorship=sponsorship, month=date(2026, 11, 1))
    make.DonationFactory(donor=momos_sponsor.donor, gross=Decimal(20000))

    come_in(phone, yuki)
    expect(phone.get_by_role("heading", name="Momo")).to_be_visible()
    expect(phone.get_by_text("A letter from Taro")).to_have_count(0)
    assert_accessible(phone)

    phone.get_by_role("link", name="The first snow").click()
    photo = phone.get_by_role("img", name="The house of snow")
    expect(photo).to_be_visible()
    assert photo.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 320
    assert_accessible(phone)

    phone.get_by_role("button", name="Menu").click()
    phone.get_by_role("link", name="My payments").click()
    expect(phone.get_by_role("row", name="October 2026")).to_contain_text("paid")
    expect(phone.get_by_role("row", name="November 2026")).to_contain_text("¥10,000 still open")
    assert_accessible(phone)
    phone.get_by_role("button", name="Do not remind me").click()
    expect(phone.get_by_role("status")).to_contain_text("no more reminders")

    answer = phone.goto(f"/foster/mine/news/{foreign.uuid}/")
    assert answer is not None
    assert answer.status == 404
    expect(phone.get_by_role("heading", name="Nothing here")).to_be_visible()
    assert [error for error in console_errors if "404" not in error] == []
    console_errors.clear()  # the browser notes the 404 that was asked for
