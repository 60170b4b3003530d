"""A sponsor sees the published news of their own child and their own payments, and nothing else."""

import re
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.checks import named_views
from core import addresses
from core.models import AuditEntry
from foster import services
from tests import factories as make
from tests.foster.test_updates import jpeg


@pytest.fixture
def sponsor_page(yuki, momos_sponsor, as_user):
    client = as_user(yuki)
    return lambda address="/foster/mine/": client.get(address).content.decode()


def published(child, **values):
    return make.ChildUpdateFactory(child=child, published=True, **values)


def address_of(photo, reader):
    key = addresses.key_for(reader=reader, thing=photo.uuid)
    return f"/foster/mine/photos/{photo.uuid}/{key}/"


def photo_of(update):
    photo = make.UpdatePhotoFactory(update=update)
    photo.image = jpeg()
    photo.save()
    return photo


# --- what they see ---------------------------------------------------------------------------------------


def test_sponsor_reads_the_published_news_of_their_child(sponsor_page, momo):
    published(momo, title="First snow", written_on=date(2026, 11, 3))
    page = sponsor_page()
    assert "Momo" in page
    assert "First snow" in page
    assert "Nov. 3, 2026" in page


@pytest.mark.parametrize("state", ["draft", "review", "withdrawn"])
def test_what_is_not_published_is_not_there(state, sponsor_page, momo, yuki, as_user):
    update = make.ChildUpdateFactory(child=momo, title="Not yet", state=state)
    photo = photo_of(update)
    assert "Not yet" not in sponsor_page()
    client = as_user(yuki)
    assert client.get(f"/foster/mine/news/{update.uuid}/").status_code == 404
    assert client.get(address_of(photo, yuki)).status_code == 404


def test_news_is_newest_first_and_in_pages(sponsor_page, momo):
    for number in range(12):
        update = published(momo, title=f"Letter {number:02}")
        update.published_at += timedelta(hours=number)
        update.save()
    first, second = sponsor_page(), sponsor_page("/foster/mine/?page=2")
    assert first.index("Letter 11") < first.index("Letter 02")
    assert "Letter 01" not in first
    assert "Letter 01" in second


@pytest.mark.parametrize(
    ("language", "japanese", "shown"),
    [("ja", "初雪です。", "初雪です。"), ("ja", "", "It snowed."), ("en", "初雪です。", "It snowed.")],
)
def test_news_is_told_in_the_sponsors_language(language, japanese, shown, momo, momos_sponsor, yuki, as_user):
    update = published(momo, title="Snow", text="It snowed.", title_ja="初雪", text_ja=japanese)
    type(yuki).objects.filter(pk=yuki.pk).update(language=language)
    yuki.refresh_from_db()
    page = as_user(yuki).get(f"/foster/mine/news/{update.uuid}/").content.decode()
    assert shown in page
    assert f'lang="{"ja" if shown == japanese else "en"}"' in page


def test_photo_of_their_child_opens(momo, momos_sponsor, yuki, as_user):
    photo = photo_of(published(momo))
    response = as_user(yuki).get(address_of(photo, yuki))
    assert response.status_code == 200
    assert response.content.startswith(b"\xff\xd8")
    assert response["Content-Type"] == "image/jpeg"


def test_address_of_a_photo_is_the_readers_alone(momo, momos_sponsor, yuki, miki, as_user):
    photo = photo_of(published(momo))
    missing = as_user(yuki).get("/nowhere/")
    for key in (addresses.key_for(reader=miki, thing=photo.uuid), "made-up", "1wbCde:", ":"):
        answer = as_user(yuki).get(f"/foster/mine/photos/{photo.uuid}/{key}/")
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert as_user(yuki).get(f"/foster/mine/photos/{photo.uuid}/").status_code == 404


def test_address_of_a_photo_is_soon_worth_nothing(momo, momos_sponsor, yuki, as_user, time_machine):
    update = published(momo)
    photo, client = photo_of(update), as_user(yuki)
    time_machine.move_to("2026-11-20T09:00Z", tick=False)
    address = re.search(r'src="([^"]*/photos/[^"]*)"', client.get("/foster/mine/").content.decode())[1]
    assert str(yuki.pk) not in address.split(str(photo.uuid))[1].split(":")
    time_machine.move_to("2026-11-20T09:09Z", tick=False)
    assert client.get(address).status_code == 200
    time_machine.move_to("2026-11-20T09:11Z", tick=False)
    stale, missing = client.get(address), client.get("/nowhere/")
    assert (stale.status_code, stale.content) == (404, missing.content)
    page = client.get(f"/foster/mine/news/{update.uuid}/").content.decode()
    fresh = re.search(r'src="([^"]*/photos/[^"]*)"', page)[1]
    assert client.get(fresh).status_code == 200


def test_portal_costs_the_same_for_one_and_for_ten_letters(sponsor_page, momo, django_assert_num_queries):
    photo_of(published(momo))
    with django_assert_num_queries(12):
        sponsor_page()
    for _ in range(9):
        photo_of(published(momo))
    with django_assert_num_queries(12):
        sponsor_page()


# --- what they do not see --------------------------------------------------------------------------------


def test_no_address_of_another_child_answers_otherwise_than_a_missing_one(
    yuki, momos_sponsor, taros_sponsor, taro, miki, today, as_user
):
    update = published(taro)
    run = services.begin_run(by=miki, month=today.replace(day=1), today=today)
    foreign = [update.uuid, photo_of(update).uuid, taro.uuid, taros_sponsor.uuid, run.uuid]
    foreign += [make.ChildUpdateFactory(child=taro).uuid]
    client = as_user(yuki)
    routes = {name: str(entry.pattern) for name, entry in named_views() if name.startswith("foster:")}
    routes = {name: route for name, route in routes.items() if "uuid" in route}
    assert len(routes) == 15

    def address(name, each):
        key = [addresses.key_for(reader=yuki, thing=each)] if "key" in routes[name] else []
        return reverse(name, args=[each, *key])

    for name in routes:
        for method in (client.get, client.post):
            missing = method(address(name, uuid.uuid4()))
            assert missing.status_code in (403, 404, 405)
            for each in foreign:
                answer = method(address(name, each))
                assert (answer.status_code, answer.content) == (missing.status_code, missing.content)


def test_nothing_of_another_child_stands_on_any_page_of_theirs(sponsor_page, momo, taros_sponsor, taro):
    published(taro, title="Taros letter", text="Only for Daichi.")
    make.DueFactory(sponsorship=taros_sponsor.sponsorships.get(), amount=Decimal(77777))
    make.DonationFactory(donor=taros_sponsor.donor, gross=Decimal(88888))
    mine = published(momo)
    pages = [
        sponsor_page(),
        sponsor_page("/foster/mine/payments/"),
        sponsor_page(f"/foster/mine/news/{mine.uuid}/"),
    ]
    for secret in ("Taro", "C-02", "S-02", "MAPLE", "WILLOW", "C-01", "Secret", "77,777", "88,888", "Daichi"):
        assert not any(secret in page for page in pages), secret


def test_after_the_end_nothing_of_the_child_is_shown(sponsor_page, momo, momos_sponsor, yuki, today, as_user):
    update = published(momo, title="First snow")
    photo = photo_of(update)
    make.DueFactory(sponsorship=momos_sponsor.sponsorships.get())
    momos_sponsor.sponsorships.update(ended_on=today, end_reason="sponsor_stopped")
    assert "Momo" not in sponsor_page() + sponsor_page("/foster/mine/payments/")
    client = as_user(yuki)
    assert client.get(f"/foster/mine/news/{update.uuid}/").status_code == 404
    assert client.get(address_of(photo, yuki)).status_code == 404


def test_before_the_start_nothing_is_shown(sponsor_page, momo, momos_sponsor, today):
    published(momo, title="First snow")
    momos_sponsor.sponsorships.update(started_on=today + timedelta(days=1))
    assert "First snow" not in sponsor_page()


def test_officers_have_no_portal(miki, as_user):
    assert as_user(miki).get("/foster/mine/").status_code == 403


# --- payments --------------------------------------------------------------------------------------------


def test_months_and_payments_are_shown_the_moment_they_are_booked(sponsor_page, momos_sponsor):
    sponsorship = momos_sponsor.sponsorships.get()
    make.DueFactory(sponsorship=sponsorship, month=date(2026, 10, 1))
    make.DueFactory(sponsorship=sponsorship, month=date(2026, 11, 1))
    make.DonationFactory(donor=momos_sponsor.donor, gross=Decimal(20000), received_on=date(2026, 10, 28))
    page = " ".join(sponsor_page("/foster/mine/payments/").split())
    assert page.index("November 2026") < page.index("October 2026")
    assert "¥10,000 still open" in page
    assert "<td>paid</td>" in page
    assert "Oct. 28, 2026" in page
    assert "bank transfer" in page
    assert "S-01" in page


def test_empty_pages_are_kind(sponsor_page, yuki, daichi, as_user):
    assert "There is no news yet" in sponsor_page()
    assert "We have not booked a payment from you yet" in sponsor_page("/foster/mine/payments/")
    stranger = as_user(daichi)
    for address in ("/foster/mine/", "/foster/mine/payments/"):
        assert "The office is still linking" in stranger.get(address).content.decode()


def test_sponsor_of_the_programme_is_thanked(yuki, as_user):
    sponsor = make.SponsorFactory(user=yuki)
    make.DueFactory(sponsorship=make.SponsorshipFactory(sponsor=sponsor, child=None))
    assert "whole programme" in as_user(yuki).get("/foster/mine/").content.decode()
    assert "the programme" in as_user(yuki).get("/foster/mine/payments/").content.decode()


def test_payments_cost_the_same_for_one_and_for_twenty_months(
    sponsor_page, momos_sponsor, django_assert_num_queries
):
    sponsorship = momos_sponsor.sponsorships.get()
    make.DueFactory(sponsorship=sponsorship)
    with django_assert_num_queries(12):
        sponsor_page("/foster/mine/payments/")
    for number in range(1, 20):
        make.DueFactory(sponsorship=sponsorship, month=date(2024 + number // 12, number % 12 + 1, 1))
    with django_assert_num_queries(12):
        sponsor_page("/foster/mine/payments/")


def test_sponsor_stops_reminders_and_takes_them_up_again(sponsor_page, momos_sponsor, yuki, today, as_user):
    client = as_user(yuki)
    response = client.post("/foster/mine/reminders/", {"wanted": "no"}, follow=True)
    assert "You will get no more reminders" in response.content.decode()
    momos_sponsor.refresh_from_db()
    assert momos_sponsor.no_reminders_since == today
    assert "Remind me again" in sponsor_page("/foster/mine/payments/")
    client.post("/foster/mine/reminders/", {"wanted": "yes"})
    client.post("/foster/mine/reminders/", {"wanted": "yes"})
    momos_sponsor.refresh_from_db()
    assert momos_sponsor.no_reminders_since is None
    assert AuditEntry.objects.filter(action="foster.reminders_chosen", by_name="Yuki").count() == 2


def test_stopping_reminders_takes_a_post(yuki, momos_sponsor, as_user):
    assert as_user(yuki).get("/foster/mine/reminders/").status_code == 405
