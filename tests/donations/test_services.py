"""Money in and back: booked once, rounded as its currency is, refused with a sentence."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection

from core.models import AuditEntry
from core.money import Money
from donations import services
from donations.models import Donation
from tests import factories
from tests.factories import DonationFactory

TODAY = date(2026, 11, 24)


@pytest.fixture
def book(kenji):
    fund = factories.FundFactory()

    def booked(**values) -> Donation:
        given = {
            "by": kenji, "key": uuid.uuid4(), "today": TODAY, "received_on": TODAY, "channel": "bank",
            "currency": "JPY", "gross": Decimal(15000), "fund": fund,
        }  # fmt: skip
        return services.record_donation(**given | values)

    return booked


def test_a_gift_in_yen(book, kenji):
    gift = book(fee=Decimal(165))
    assert (gift.gross, gift.fee, gift.net, gift.yen, gift.rate) == (15000, 165, 14835, 15000, None)
    entry = AuditEntry.objects.get(subject_uuid=gift.uuid)
    assert (entry.action, entry.by_id) == ("donations.recorded", kenji.pk)
    assert entry.changes["gross"] == [None, "15000"]


def test_the_same_submit_twice_is_one_row_and_one_answer(book):
    key = uuid.uuid4()
    assert book(key=key) == book(key=key)
    assert Donation.objects.count() == AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    "other", [{"gross": Decimal(99000)}, {"note": "another"}, {"channel": "cash"}, {"donor": True}]
)
def test_the_key_of_another_gift_is_refused(book, other):
    key = uuid.uuid4()
    book(key=key)
    if "donor" in other:
        other = {"donor": factories.DonorFactory()}
    with pytest.raises(services.KeyAlreadyUsed, match="other content"):
        book(key=key, **other)
    assert Donation.objects.count() == 1


def test_a_donor_filled_in_since_is_the_same_submit(book, kenji):
    key = uuid.uuid4()
    gift = book(key=key)
    services.complete_donation(by=kenji, donation=gift, donor=factories.DonorFactory())
    assert book(key=key) == gift


def test_two_equal_gifts_on_one_day_stay_two(book):
    assert book() != book()


def test_foreign_money_is_rounded_to_cents_and_valued_in_whole_yen(book):
    gift = book(currency="USD", gross=Decimal("25.005"), rate=Decimal("150.333"))
    assert (gift.gross, gift.yen) == (Decimal("25.01"), Decimal(3760))


def test_yen_have_no_fractions(book):
    assert book(gross=Decimal("999.5")).gross == 1000


@pytest.mark.parametrize(("days_before", "is_found"), [(0, True), (7, True), (8, False)])
def test_the_published_rate_stands_in_for_a_week(book, days_before, is_found):
    factories.ExchangeRateFactory(on=TODAY - timedelta(days=days_before), base="USD", rate=Decimal(150))
    if is_found:
        assert book(currency="USD", gross=Decimal(10)).yen == 1500
    else:
        with pytest.raises(services.RateMissing):
            book(currency="USD", gross=Decimal(10))


@pytest.mark.parametrize(
    ("values", "refusal", "sentence"),
    [
        ({"received_on": TODAY + timedelta(days=1)}, services.NotReceivedYet, "future"),
        ({"gross": Decimal(0)}, services.NothingReceived, "above zero"),
        ({"gross": Decimal(-5)}, services.NothingReceived, "above zero"),
        ({"gross": Decimal("0.4")}, services.NothingReceived, "above zero"),
        ({"fee": Decimal(15001)}, services.FeeAboveAmount, "fee"),
        ({"fee": Decimal(-1)}, services.FeeAboveAmount, "fee"),
        ({"currency": "USD"}, services.RateMissing, "yen"),
    ],
)
def test_impossible_gifts_are_refused_with_a_sentence(book, values, refusal, sentence):
    with pytest.raises(refusal, match=sentence):
        book(**values)
    assert not Donation.objects.exists()


def test_a_number_of_the_channel_is_booked_once(book):
    book(channel="paypal", external_id="1AB")
    with pytest.raises(services.AlreadyBooked, match="already booked"):
        book(channel="paypal", external_id=" 1AB ")
    book(channel="bank", external_id="1AB")
    assert Donation.objects.count() == 2


def test_a_refund_is_a_linked_row_below_zero(book, kenji):
    gift = book(currency="USD", gross=Decimal(100), rate=Decimal(150), fee=Decimal(4))
    refund = services.refund_donation(
        by=kenji, key=uuid.uuid4(), donation=gift, amount=Decimal("40.50"), refunded_on=TODAY,
        reason="sent twice", today=TODAY,
    )  # fmt: skip
    assert (refund.refund_of, refund.gross, refund.net) == (gift, Decimal("-40.50"), Decimal("-40.50"))
    assert (refund.yen, refund.code) == (-6075, f"{gift.code}-R1")
    assert AuditEntry.objects.get(subject_uuid=refund.uuid).reason == "sent twice"


@pytest.fixture
def refund(kenji):
    def refunded(donation: Donation, amount: int, **values) -> Donation:
        given = {
            "by": kenji, "key": uuid.uuid4(), "donation": donation, "amount": Decimal(amount),
            "refunded_on": TODAY, "reason": "asked for it", "today": TODAY,
        }  # fmt: skip
        return services.refund_donation(**given | values)

    return refunded


def test_never_more_back_than_came(book, refund):
    gift = book()
    refund(gift, 10000)
    with pytest.raises(services.RefundTooLarge) as refused:
        refund(gift, 5001)
    assert refused.value.left == Money(Decimal(5000), "JPY")
    assert "5,000" in str(refused.value)
    refund(gift, 5000)


def test_the_same_refund_twice_is_one(book, refund):
    gift, key = book(), uuid.uuid4()
    assert refund(gift, 5000, key=key) == refund(gift, 5000, key=key)
    assert gift.refunds.count() == 1


def test_a_refund_is_not_refunded(book, refund):
    with pytest.raises(services.RefundOfRefund, match="new donation"):
        refund(refund(book(), 100), 50)


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=1)])
def test_a_refund_lies_between_the_gift_and_today(book, refund, day):
    with pytest.raises(services.RefundTooEarly):
        refund(book(), 100, refunded_on=day)


def test_what_was_not_known_is_filled_in_and_then_stays(kenji):
    gift = DonationFactory(donor=None, currency="USD", gross=Decimal(10), yen=None)
    donor = factories.DonorFactory()
    services.complete_donation(by=kenji, donation=gift, donor=donor, rate=Decimal(150))
    gift.refresh_from_db()
    assert (gift.donor, gift.yen) == (donor, 1500)
    with pytest.raises(services.NothingToComplete, match="stays"):
        services.complete_donation(by=kenji, donation=gift, donor=factories.DonorFactory(), rate=Decimal(1))


def test_a_donor_is_added_once_per_submit(kenji):
    key = uuid.uuid4()
    donors = {services.record_donor(by=kenji, key=key, kind="person", name="Ito") for _time in range(2)}
    assert len(donors) == 1
    assert AuditEntry.objects.filter(action="donations.donor").count() == 1


def test_two_donors_whose_keys_begin_alike_stay_two(kenji):
    key = uuid.uuid4()
    alike = uuid.UUID(key.hex[:6] + uuid.uuid4().hex[6:])
    ito, kato = (
        services.record_donor(by=kenji, key=key, kind="person", name=name)
        for key, name in ((key, "Ito"), (alike, "Kato"))
    )
    assert (ito.name, kato.name) == ("Ito", "Kato")
    assert services.record_donor(by=kenji, key=alike, kind="person", name="Kato") == kato


def at_once(tasks: list) -> list:
    """Run each in a connection of its own, all starting together; what they gave or raised."""
    gate, results = Barrier(len(tasks)), [None] * len(tasks)

    def run(number: int) -> None:
        gate.wait()
        try:
            results[number] = tasks[number]()
        except services.DonationRefused as refusal:
            results[number] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=[number]) for number in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_one_key_at_once_from_many_is_one_row(book):
    key = uuid.uuid4()
    booked = at_once([lambda: book(key=key)] * 8)
    assert len({gift.pk for gift in booked}) == Donation.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_refunds_at_once_never_give_back_more_than_came(book, refund):
    gift = book()
    results = at_once([lambda: refund(gift, 15000)] * 6)
    assert Donation.objects.filter(refund_of=gift).count() == 1
    assert sum(isinstance(result, services.RefundTooLarge) for result in results) == 5
