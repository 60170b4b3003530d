"""The finance officer's pages."""

import csv
import io
import re
import uuid
from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from donations import services
from donations.models import Donation, Donor
from tests import factories
from tests.factories import DonationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november():
    with time_machine.travel("2026-11-24 12:00+09:00", tick=True):
        yield


@pytest.fixture
def form(kenji) -> dict:
    return {
        "key": str(uuid.uuid4()), "donor": "", "received_on": "2026-11-24", "channel": "bank",
        "currency": "JPY", "gross": "15000", "fee": "", "rate": "", "external_id": "", "note": "",
        "fund": factories.FundFactory().pk,
    }  # fmt: skip


def test_start_sums_month_and_year_by_channel_and_currency(as_user, kenji):
    DonationFactory(received_on=date(2026, 11, 3), gross=10000)
    gift = DonationFactory(received_on=date(2026, 11, 4), gross=5000)
    DonationFactory(received_on=date(2026, 11, 5), gross=-2000, refund_of=gift)
    DonationFactory(received_on=date(2026, 9, 1), gross=700)
    DonationFactory(received_on=date(2026, 8, 31), gross=99999)
    DonationFactory(
        received_on=date(2026, 11, 6), channel="paypal", currency="USD", gross=Decimal("20.50"), yen=3000
    )
    page = as_user(kenji).get(reverse("donations:start"))
    bank, paypal = page.context["this_month"]
    assert (bank["gifts"], bank["gross"].amount) == (2, 13000)
    assert (paypal["gifts"], str(paypal["gross"])) == (1, "$20.50")
    assert page.context["this_year"][0]["gross"].amount == 13700


def test_start_says_what_needs_doing(as_user, kenji):
    client = as_user(kenji)
    assert "Nothing is waiting." in client.get(reverse("donations:start")).content.decode()
    DonationFactory(currency="USD", yen=None, channel="paypal", donor=None)
    page = client.get(reverse("donations:start")).content.decode()
    assert "1 donation in foreign currency has no value in yen." in page
    assert "1 payment of the last three months has no donor." in page
    assert len(client.get(reverse("donations:list") + "?lacks=yen").context["table"].rows) == 1


def test_recorded_donation_stands_in_the_register(as_user, kenji, form):
    donor = factories.DonorFactory(code="D-0007", name="Ito Hanako")
    client = as_user(kenji)
    response = client.post(reverse("donations:record"), form | {"donor": "D-0007", "fee": "165"})
    assert response.url == reverse("donations:list")
    gift = Donation.objects.get()
    assert (gift.donor, gift.net) == (donor, 14835)
    assert "Ito Hanako" in client.get(response.url).content.decode()


def test_the_same_form_sent_twice_books_once(as_user, kenji, form):
    client = as_user(kenji)
    answers = [client.post(reverse("donations:record"), form) for _time in range(2)]
    assert answers[0].url == answers[1].url
    assert Donation.objects.count() == 1


def test_each_form_has_its_own_key(as_user, kenji):
    pages = [as_user(kenji).get(reverse("donations:record")).content.decode() for _time in range(2)]
    keys = {re.search(r'name="key" value="([0-9a-f-]{36})"', page)[1] for page in pages}
    assert len(keys) == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"received_on": "2026-11-25"}, "This day lies in the future."),
        ({"currency": "USD"}, "type how many yen one unit was worth"),
        ({"gross": "-1"}, "Write an amount above zero."),
        ({"donor": "D-9999"}, "No donor has this code."),
        ({"gross": ""}, "Say how much."),
        ({"gross": "1e3"}, "Write an amount such as 300 or 2.50."),
        ({"gross": "1500.5"}, "JPY has no digits after the point."),
        ({"fee": "0.5"}, "JPY has no digits after the point."),
    ],
)
def test_a_refusal_keeps_the_form_and_says_what_to_do(as_user, kenji, form, change, sentence):
    response = as_user(kenji).post(reverse("donations:record"), form | {"note": "kept"} | change)
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert 'value="kept"' in page
    assert form["key"] in page
    assert not Donation.objects.exists()


def test_refund_from_the_register(as_user, kenji):
    gift = DonationFactory(gross=15000)
    client, address = as_user(kenji), reverse("donations:refund", args=[gift.uuid])
    assert address in client.get(reverse("donations:list")).content.decode()
    body = {"key": uuid.uuid4(), "amount": "15001", "refunded_on": "2026-11-24", "reason": "sent twice"}
    refused = client.post(address, body)
    assert refused.status_code == 422
    assert "15,000" in refused.content.decode()
    assert client.post(address, body | {"amount": "15000"}).status_code == 302
    assert gift.refunds.get().gross == -15000


def test_a_refund_itself_has_no_refund_page(as_user, kenji):
    gift = DonationFactory(gross=100)
    refund = DonationFactory(gross=-50, refund_of=gift)
    assert as_user(kenji).get(reverse("donations:refund", args=[refund.uuid])).status_code == 404


def test_what_is_lacking_is_filled_in(as_user, kenji):
    gift = DonationFactory(donor=None, currency="USD", gross=10, yen=None)
    factories.DonorFactory(code="D-0007")
    client, address = as_user(kenji), reverse("donations:complete", args=[gift.uuid])
    assert client.post(address, {"donor": "D-0007", "rate": "150"}).status_code == 302
    gift.refresh_from_db()
    assert (gift.donor.code, gift.yen) == ("D-0007", 1500)
    assert "Nothing is missing." in client.get(address).content.decode()


def test_a_new_donor_stands_in_the_form(as_user, kenji):
    body = {"key": uuid.uuid4(), "kind": "person", "name": "Ito Hanako", "name_kana": "", "country": "JP"}
    response = as_user(kenji).post(reverse("donations:new_donor"), body, follow=True)
    donor = Donor.objects.get()
    assert f'value="{donor.code}"' in response.content.decode()
    assert "Ito" not in response.redirect_chain[-1][0]


def test_the_auditor_reads_and_is_offered_no_change(as_user, otto):
    gift = DonationFactory()
    client = as_user(otto)
    for name in ("start", "list", "donors"):
        page = client.get(reverse(f"donations:{name}")).content.decode()
        assert reverse("donations:record") not in page
        assert str(gift.uuid) not in page


def test_the_file_holds_what_is_filtered_and_numbers_as_numbers(as_user, kenji):
    DonationFactory(channel="paypal", external_id="=1+1", gross=1500)
    DonationFactory(channel="bank", code="OTHER")
    response = as_user(kenji).get(reverse("donations:list") + "?channel=paypal&export=csv")
    text = response.content.decode("utf-8-sig")
    assert "OTHER" not in text
    assert "1500" in text
    assert "'=1+1" in text
    assert "Refund" not in text


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize(("name", "queries"), [("list", 9), ("donors", 8), ("start", 13)])
def test_pages_cost_the_same_for_many(as_user, kenji, number, name, queries, django_assert_num_queries):
    DonationFactory.create_batch(number)
    client = as_user(kenji)
    with django_assert_num_queries(queries):
        client.get(reverse(f"donations:{name}"))


def test_donors_are_found_by_kana_and_summed(as_user, kenji):
    donor = factories.DonorFactory(name="伊藤花子", name_kana="イトウハナコ")
    gift = DonationFactory(donor=donor, gross=9000)
    DonationFactory(donor=donor, gross=-1000, refund_of=gift)
    page = as_user(kenji).post(reverse("donations:donors"), {"q": "ハナコ"}, follow=True)
    table = page.context["table"]
    row = table.rows[0].record
    assert (len(table.rows), row.gifts, row.yen) == (1, 1, 8000)


def test_the_search_answers_with_the_register_alone(as_user, kenji):
    DonationFactory(code="WANTED")
    response = as_user(kenji).post(
        reverse("donations:list"), {"q": "wanted"}, headers={"hx-request": "true"}, follow=True
    )
    page = response.content.decode()
    assert "WANTED" in page
    assert "<html" not in page


def test_the_file_has_its_name_in_any_language(as_user, kenji):
    kenji.language = "ja"
    kenji.save()
    for kind in ("csv", "xlsx"):
        response = as_user(kenji).get(reverse("donations:list") + f"?export={kind}")
        assert response.headers["Content-Disposition"].startswith("attachment; filename")
        assert "=?utf-8" not in response.headers["Content-Disposition"]


def test_another_gift_under_the_same_key_is_told_once_and_then_booked(as_user, kenji, form):
    """Back in the browser, another amount, Save."""
    client, address = as_user(kenji), reverse("donations:record")
    client.post(address, form)
    page = client.post(address, form | {"gross": "3000"})
    assert page.status_code == 422
    assert "already booked with other content" in page.content.decode()
    key = re.search(r'name="key" value="([0-9a-f-]{36})"', page.content.decode())[1]
    assert client.post(address, form | {"gross": "3000", "key": key}).status_code == 302
    assert sorted(Donation.objects.values_list("gross", flat=True)) == [3000, 15000]


def test_why_one_is_taken_back_stands_beside_its_state_and_in_a_column_of_files(as_user, kenji):
    gone = factories.ExpenseFactory(code="GONE")
    services.take_back_expense(by=kenji, expense=gone, reason="twice", key=uuid.uuid4())
    client, address = as_user(kenji), reverse("donations:expenses")
    page = client.get(address).content.decode()
    assert "takes back GONE: twice" in page
    assert f"−{gone.told}" in page
    assert "Why it is taken back" not in page
    headings, *rows = csv.reader(io.StringIO(client.get(f"{address}?export=csv").content.decode("utf-8-sig")))
    told = [dict(zip(headings, row, strict=True)) for row in rows]
    assert {(row["State"], row["Why it is taken back"]) for row in told} == {
        ("taken back", ""), ("takes back GONE", "twice"),
    }  # fmt: skip
    assert sum(Decimal(row["Amount"]) for row in told) == 0
